"""The layers that hold a scene's process, each module one mechanism of the system."""
