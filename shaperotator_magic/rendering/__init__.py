"""From a checked scene to a rendered video."""
