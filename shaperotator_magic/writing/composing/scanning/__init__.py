"""From a sentence to tokens: values in symbols, quoted texts, the longest known phrases. Pure.

Runs in the caller's process. May import tables and reading.
"""
