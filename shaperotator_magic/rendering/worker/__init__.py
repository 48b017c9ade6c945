"""The caller's end of a supervisor: start it, order renders, receive and check its reports.

Runs in the caller's process. May import every room of rendering but process.
"""
