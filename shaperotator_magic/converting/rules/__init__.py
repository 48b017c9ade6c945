"""What other manims call it: tables of names, methods and keywords. Pure data.

Each entry is tested by a pair before and after. Runs in the caller's process. May import the
tables of checking's dialect, which corrections of model replies use, too.
"""
