"""Style packs: fonts, colours, sizes, a mark and images that a scene is drawn with.

``pack`` has the record, ``reading`` and ``foreign`` make it of files, ``finding`` of what a user
wrote after ``--style``, ``palette`` says what manim's colour names mean in it. Runs in the caller's
process; executes nothing. May import core.
"""
