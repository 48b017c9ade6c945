"""Layout rules: what a viewer would mind in a rehearsed scene. Pure; a rehearsal in, findings out.

Runs in the caller's process. May import core and nothing else of the package.
"""
