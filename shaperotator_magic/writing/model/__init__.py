"""A language model writes: messages out, a reply in, scene code extracted from it.

Runs in the caller's process, or in the service's relay process. May import core; imports openai
late.
"""
