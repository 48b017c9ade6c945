"""Queued tasks, and the processes and machines that run them.

``runner`` and ``relay`` run in processes of their own, the others in the service's. May import the
service's modules, pipeline and the rooms below it.
"""
