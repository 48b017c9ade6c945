"""Applies the tables of rules to a source: names, calls, classes, with libcst. Pure.

``rewriter.rewrite`` visits the tree once. Runs in the caller's process. May import converting's
reading, rules and helpers, and checking.
"""
