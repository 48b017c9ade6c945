"""Incremental renders: which animations are cached, which are skipped, where a scene is restored.

``boundaries``, ``dependencies`` and ``segment_cache`` run in the caller's process, the others in a
scene's process. May import drawing, caching, mathtext and exchange.
"""
