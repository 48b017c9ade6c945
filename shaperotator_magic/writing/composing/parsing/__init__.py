"""From tokens to a plan: clauses, phrases and what they refer to. Pure.

Runs in the caller's process. May import scanning, tables and the plan.
"""
