"""The store: generations, attempts, feedback, and the tasks and tokens of a service, in SQL.

Runs in the caller's process (a kernel, a command, a service); several processes may share a
database. May import core and nothing else of the package.
"""
