"""What a person says of a result: a verdict, a removal, and that it is taken back.

Runs in the kernel. May import card, and rooms below the notebook.
"""
