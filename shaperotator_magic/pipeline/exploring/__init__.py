"""Taking hold of a result: its parameters, its steps, its shapes, and the player that shows them.

Runs wherever results are shown: in the kernel, in the service, in ``share``. ``static/`` holds the
front end that every place loads, plain ES modules without a build step. May import core and
writing, and what rendering exchanges.
"""
