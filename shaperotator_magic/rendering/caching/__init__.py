"""Caches in the media folder: finished videos by their content, and files by a key.

Runs in the caller's process. May import renderer and exchange.
"""
