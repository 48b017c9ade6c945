"""Files that a user gives to a scene: each by its name, checked, with what is in it.

What a picture, a drawing and a font may be is in ``core.user_files``; tables are described here.
Runs in the caller's process and in the service. May import ``core`` alone.
"""
