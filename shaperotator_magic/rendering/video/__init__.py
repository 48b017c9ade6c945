"""From frames to files: encoded segments, the growing video, its poster, other formats.

``encoding`` and ``segments`` run in a scene's process, ``transcoding`` in the caller's, ``video``
in both. May import renderer, drawing and exchange.
"""
