"""A person says yes or no to what of their store may become training data.

``items`` are what is asked about, ``decisions`` what was said, ``serving`` a page on this machine
alone. Without a yes nothing of the store gets into a data set.

Runs in a command's process. May import core, rendering, and the sources of the data set.
"""
