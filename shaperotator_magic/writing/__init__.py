"""From a prompt to scene code: by a language model, or by the built-in library.

``model`` calls a language model. ``library`` finds the scene of a sentence: ``reading`` finds its
values, ``assigning`` gives them to the scene's parameters; ``composing`` builds a scene where none
fits. Runs in the caller's process; executes no scene. May import core.
"""
