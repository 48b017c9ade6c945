"""What to do about a failure, by its kind: one sentence for whoever wrote the scene. Pure.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import re

__all__ = ["advise"]

# A pattern of the message, and what mends that kind; the first that is found is told.
_ADVICE = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in (
    (r"shapes \(\d+,\) \(3,\) \(\d+,\)",
     "The function of a Surface returns a point: np.array([u, v, f(u, v)])."),
    (r"Cannot interpret .* as a data type",
     "The numbers of a point stand in one list: np.array([0, 1, 0])."),
    (r"\(1,2\) into shape|broadcast.*\((?:2,\)|3,\) \(2)|shape \(2,\)|inhomogeneous|\(3,\) \(2,\)",
     "Points have three numbers: write [x, y, 0], and 2x2 matrices act on point[:2]."),
    (r"shapes? .*not aligned|matmul|mismatch in its core",
     "A 2x2 matrix acts on two numbers: matrix @ point[:2], then add the 0."),
    (r"ApplyMatrix|zip\(\) argument", "Apply the matrix to the mobjects: ApplyMatrix(m, group)."),
    (r"only works for (?:VMobject|vectorized)|Animation only works on",
     "It takes a mobject with outlines: an animation is played as it is, a Group by FadeIn."),
    (r"object has no attribute 'animate'", "Only mobjects have .animate: an animation has not."),
    (r"'function' object has no attribute '(?:function|underlying_function|t_m)",
     "The graph of the function is wanted: graph = axes.plot(f)."),
    (r"'numpy' has no attribute 'math'", "math is a module of Python: import math."),
    (r"Camera' object has no attribute 'frame'",
     "A MovingCameraScene has camera.frame; a ThreeDScene has move_camera(phi=, theta=, zoom=)."),
    (r"no attribute 'x_range'", "Axes are wanted there: Axes, NumberPlane or ThreeDAxes."),
    (r"no attribute '(?:bottom|top)_?(?:left|right)",
     "A corner is mobject.get_corner(UL), or of UR, DL, DR."),
    (r"'(?:method|builtin_function_or_method|function)' (?:object|and)|and '(?:method|function)'",
     "Call the method: its parentheses are missing."),
    (r"NoneType", "What it is called on is None: a call before it returned nothing."),
    (r"can't multiply sequence|concatenate (?:list|tuple)|for [-+*/@]+: '(?:list|tuple)'",
     "Lists do no arithmetic: np.array([...])."),
    (r"got an unexpected keyword argument", "Leave that keyword out, or use one of the signature."),
    (r"got multiple values for", "The argument is given by place and by name: keep one."),
    (r"MoveToTarget\.__init__\(\) takes",
     "It takes the mobject alone: to go to a place write mobject.animate.move_to(point)."),
    (r"Mobject\.set\(\) takes", "Write mobject.animate.become(other): .set() takes names alone."),
    (r"takes .* positional arguments? but", "Give further arguments by name, or leave them out."),
    (r"missing \d+ required positional", "Pass what is missing, or give the parameter a default."),
    (r"is not defined", "Define it before this line, or use a name that manim has."),
    (r"not associated with a value|before assignment", "Move its definition above this line."),
    (r"has no attribute", "Use an attribute that the class has, or leave that call out."),
    (r"index out of range", "There are fewer parts than that: len() says how many."),
    (r"not callable", "That is a value: leave the parentheses out."),
    (r"not subscriptable", "That is no list: of a point take .get_center()[0]."),
    (r"<= 0|must be positive", "A run_time is longer than 0."),
    (r"no animations|at least one (?:mobject|animation)", "There is nothing to animate here."),
    (r"attribute 'target'|get_point_mobject",
     "Use mobject.animate.move_to(...), or generate_target() before MoveToTarget."),
    (r"Color .* not found|ManimColor only accepts", 'Use a colour of manim, or "#RRGGBB".'),
    (r"is of type str|'str' object|<U\d", "A text is no mobject: Text('...'); UP is no string."),
    (r"truth value of an array",
     "Compare numbers and not arrays: np.linalg.norm(a - b) < 0.01; a Line has two ends, "
     "a path through points is VMobject().set_points_as_corners(points)."),
    (r"division by zero|ZeroDivision", "A number here is 0: leave that value out."),
    (r"KeyError", "There is no such key: look it up by .get(), or leave it out."),
    (r"LaTeX|formula", r"Formulas are raw strings, MathTex(r'\frac{1}{2}'); words are Text."),
    (r"cannot import name|No module named", "All of manim comes by: from manim import *."),
    (r"has no len\(\)|cannot unpack|not iterable",
     "A list is wanted where a number is: a range is [min, max, step], a point [x, y, 0]."),
    (r"values to unpack",
     "A range is [min, max, step], a point [x, y, 0]; for i, part in enumerate(group) counts."),
    (r"not supported between instances",
     "Numbers are wanted: of a dictionary take list(d.values()), and its keys as names."),
    (r"format code|could not convert|StrDType", "A number or a direction is wanted, and no text."),
    (r"Unknown tag|markup", "MarkupText knows <b>, <i> and <span ...>: plain words are Text."),
    (r"dtype\('O'\)", "A point is wanted: call the method, as in dot.get_center()."),
    (r"invoked the method|methods to Scene\.play", "Write thing.animate.shift(UP)."),
    (r"without having saved", "Call thing.save_state() before Restore(thing)."),
    (r"is of type (?:list|tuple|ndarray)",
     "Give mobjects one by one, *things, and a direction by its name, shift=UP."),
    (r"argument None", "What plays by itself stands on a line of its own, outside of play()."),
    (r"format string passed to", "Take the value of the tracker: tracker.get_value()."),
    (r"not tuple", "Take a part of a part in two steps: cells[0][1]."),
    (r"unsupported operand",
     "Arithmetic takes numbers and arrays: of a mobject take .get_center(), or .copy() it."),
    (r"RecursionError|maximum recursion", "The function calls itself without an end."),
    (r"MemoryError", "Make fewer of them: a smaller resolution, fewer steps."),
))  # fmt: skip


def advise(message: str) -> str:
    """Return what mends a failure of this kind; '' where nothing is known of it."""
    return next((words for pattern, words in _ADVICE if pattern.search(message)), "")
