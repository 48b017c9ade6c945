"""What a scene's process gives up, one module a mechanism, and proof that the layers hold.

``isolation`` runs in the caller's process and finds out what this machine can do; the others run in
the supervisor and in a scene's process. May import exchange and core.
"""
