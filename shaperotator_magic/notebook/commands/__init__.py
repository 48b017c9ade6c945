"""The line magic's commands, completion, and results of other notebooks.

Runs in the kernel. May import session, sharing, card, and rooms below the notebook.
"""
