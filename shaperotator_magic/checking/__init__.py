"""From scene code to a checked scene, or to findings."""
