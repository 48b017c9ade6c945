"""The notebook's side: magics, the session behind them, cards, buttons, sharing.

Runs in the user's kernel. May import every room but cli.
"""
