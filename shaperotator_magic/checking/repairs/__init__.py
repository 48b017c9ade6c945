"""Repairs: edits that get a scene past the failure that a rehearsal has shown. Pure; one table.

They are only proposed here; ``pipeline.drafts`` rehearses them. Runs in the caller's process. May
import dialect, api and core.
"""
