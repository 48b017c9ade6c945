"""From a checked scene to a rendered video.

Three processes take part. The *caller* (a kernel, a command, a runner of the service) orders a
render: ``worker``, ``caching``, ``kernel``. The *supervisor* is started by the caller, imports
manim once and forks: ``process``. A *scene's process* is one such fork: it confines itself
(``isolation``), runs the scene (``scene``, ``drawing``, ``mathtext``, ``checkpoints``) and encodes
it (``video``), then ends. ``exchange`` is what they send each other; ``defining`` makes the classes
that a notebook gets. May import ``core`` and nothing else outside this folder.
"""
