"""Auto-fixes: small edits of a scene's source that may remove a flaw of its layout or its cost.

Pure: they are only proposed here; ``pipeline.drafts`` rehearses them. Runs in the caller's process.
May import layout, api and core.
"""
