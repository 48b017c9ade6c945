"""The supervisor and its forks: fork for every job, confine, run a scene, enforce its limits.

Runs beside the caller, in processes of its own. May import every room of rendering but worker.
"""
