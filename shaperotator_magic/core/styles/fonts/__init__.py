"""The faces that texts are drawn in, and where a machine keeps its own.

``faces/`` holds those of the package, with their licence; they have names of their own, so that no
font of the machine is taken for one. ``machine`` writes the fontconfig file in which they come
first and nothing else depends on the machine; ``scripts`` names writing systems and the Debian
packages of their fonts. Runs in any process. Imports nothing of ours.
"""
