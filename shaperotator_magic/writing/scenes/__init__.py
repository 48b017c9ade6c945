"""The built-in scenes, one file each; see ``library.py`` for what a file must hold."""
