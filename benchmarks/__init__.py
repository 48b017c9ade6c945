"""Measurements too slow for the tests; `make bench` runs them, benchmarks/RESULTS.md keeps them."""
