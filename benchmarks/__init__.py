"""Measurements too slow for the tests; CONTRIBUTING.md lists them, RESULTS.md has figures."""
