"""The tables: mobjects, appearances, positions and animations, with the words for them. Pure.

Runs in the caller's process. Imports nothing else of the package.
"""
