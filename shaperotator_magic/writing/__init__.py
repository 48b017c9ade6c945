"""From a prompt to scene code."""
