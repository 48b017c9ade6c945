"""The session behind the magics: runs cells, injects scenes, answers the buttons, lists versions.

Runs in the kernel. May import card, the notebook's variables, and rooms below the notebook.
"""
