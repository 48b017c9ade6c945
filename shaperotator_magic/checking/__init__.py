"""From scene code to a checked scene, or to findings.

``gate`` decides what may run, ``api_correction`` and ``dialect`` rewrite other manims' code,
``repairs`` and ``autofix`` propose edits, ``layout`` judges a rehearsed scene, ``files`` reads
scene files. Runs in the caller's process; executes nothing. May import core.
"""
