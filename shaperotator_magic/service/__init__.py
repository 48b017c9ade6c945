"""The pipeline behind REST endpoints: tasks, owners, limits; and the client of such a service.

``http`` is the server, ``tasks`` the queue and its runners; both run in the service's process, and
a runner in one of its own. ``client`` and ``explaining`` run in the caller's process
(``--remote``). May import pipeline and the rooms below it.
"""
