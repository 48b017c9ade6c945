"""Animations that models expect: functions that return those that manim has."""

import numpy as np
from manim import (
    LEFT,
    ORIGIN,
    RIGHT,
    TAU,
    Animation,
    ApplyMatrix,
    ApplyPointwiseFunction,
    ChangeDecimalToValue,
    FadeIn,
    FadeOut,
    Rotate,
    Succession,
    Transform,
    UpdateFromAlphaFunc,
    Wait,
)


def timing(options):
    """Return those options that every animation takes."""
    names = ("run_time", "rate_func", "lag_ratio")
    return {name: options[name] for name in names if name in options}


def Update(mobject, function=None, **options):
    """Return an animation that calls an updater, or lets the thing's own updaters act."""
    function = options.get("updater", options.get("update_function", function))
    if not callable(function):
        return Animation(mobject, **timing(options))

    def follow(thing, alpha):
        try:
            function(thing, alpha)
        except TypeError:
            function(thing)

    return UpdateFromAlphaFunc(mobject, follow, **timing(options))


def Shake(mobject, amplitude=0.1, **options):
    """Return a thing moving to and fro."""
    steps = [RIGHT, 2 * LEFT, 2 * RIGHT, LEFT]
    moves = [mobject.animate(run_time=0.12).shift(amplitude * step) for step in steps]
    return Succession(*moves)


def Move(mobject, where=ORIGIN, **options):
    """Return a thing moving to a place."""
    target = options.get("target_position", options.get("target", options.get("point", where)))
    return mobject.animate(**timing(options)).move_to(target)


def Shift(mobject, way=RIGHT, **options):
    """Return a thing moving by a vector."""
    way = options.get("direction", options.get("vector", options.get("shift", way)))
    return mobject.animate(**timing(options)).shift(way)


def Scale(mobject, factor=1.5, **options):
    """Return a thing growing or shrinking."""
    factor = options.get("scale_factor", options.get("scale", factor))
    return mobject.animate(**timing(options)).scale(factor)


def SetColor(mobject, color="YELLOW", **options):
    """Return a thing changing its colour."""
    return mobject.animate(**timing(options)).set_color(options.get("color", color))


def SetOpacity(mobject, opacity=0.5, **options):
    """Return a thing changing its opacity."""
    return mobject.animate(**timing(options)).set_opacity(options.get("opacity", opacity))


def SlideIn(mobject, direction=RIGHT, **options):
    """Return a thing coming in from a side."""
    way = options.get("shift", options.get("from_edge", direction))
    return FadeIn(mobject, shift=-3 * np.array(way), **timing(options))


def SlideOut(mobject, direction=RIGHT, **options):
    """Return a thing leaving to a side."""
    return FadeOut(mobject, shift=3 * np.array(options.get("shift", direction)), **timing(options))


def Orbit(mobject, center=ORIGIN, angle=TAU, **options):
    """Return a thing going around another one, or around a point."""
    center = options.get("about_point", options.get("around", center))
    point = center.get_center() if hasattr(center, "get_center") else center
    return Rotate(mobject, angle=angle, about_point=point, **timing(options))


def Count(number, start=0, end=None, **options):
    """Return a number counting up."""
    target = options.get("target", options.get("value", start if end is None else end))
    return ChangeDecimalToValue(number, target, **timing(options))


def Pause(duration=1, **options):
    """Return a time in which nothing happens."""
    return Wait(run_time=options.get("run_time", options.get("duration", duration)))


def ApplyPoint(function, mobject, **options):
    """Return a thing whose points all go through a function or a matrix."""
    if hasattr(function, "submobjects"):
        function, mobject = mobject, function
    if callable(function):
        return ApplyPointwiseFunction(function, mobject, **timing(options))
    return ApplyMatrix(np.array(function), mobject, **timing(options))


def ChangeText(mobject, words="", **options):
    """Return a text whose words change."""
    new = words if hasattr(words, "submobjects") else type(mobject)(str(words))
    return Transform(mobject, new.match_color(mobject).move_to(mobject), **timing(options))


class LinearMap:
    """A matrix that points and vectors go through."""

    def __init__(self, matrix=((1, 0), (0, 1)), *more, **options):
        self.matrix = np.array(matrix, dtype=float)

    def apply(self, point):
        """Return where a point of the plane or of space goes."""
        vector = np.array(point, dtype=float)
        size = self.matrix.shape[1]
        moved = self.matrix @ vector[:size]
        return np.array([*moved, *vector[size:]])

    def __call__(self, point):
        return self.apply(point)

    def get_vector(self, point):
        """Return where a vector goes."""
        return self.apply(point)

    def transform(self, point):
        """Return where a point goes."""
        return self.apply(point)
