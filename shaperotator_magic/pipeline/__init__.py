"""One run: prompt -> scene code -> checked scene -> video, with repair; stored whatever its end.

``pipeline`` starts a run, ``attempts`` writes and draws, ``drafts`` checks and rehearses one draft;
``exploring`` takes hold of a result.
Runs in the caller's process (a kernel, a command, a runner of the service). May import writing,
checking, rendering, keeping and core; service, notebook and cli import this room.
"""
