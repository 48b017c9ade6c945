"""What is read of a source before it is rewritten: files, modules, dialects, Python 2. Pure.

``program.Gatherer`` follows names through modules. Runs in the caller's process. May import core
and the tables of the helpers.
"""
