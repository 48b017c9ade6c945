"""``--remote URL``: a run whose work is done by a service elsewhere.

Runs in the caller's process: a kernel, a command or the service's runner. May import the pipeline,
and of the service only its messages and the names of its videos.
"""
