"""HTTP in, methods of ``Service``, HTTP out: endpoints, limits of connections, the page.

Runs in the service's web process. May import the service's modules and tasks, and core.
"""
