"""What a cell shows: one output that is updated in place, and the MIME bundle that is saved.

Runs in the kernel. May import the notebook's variables, and rooms below the notebook.
"""
