"""What other manims call it: one table for replies of models and for scene files. Pure data.

A rule is certain: the rewritten code does what the old one did. What may have been meant
otherwise is no rule; it is left to the checks of names.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

# --- names ----------------------------------------------------------------------------

# Old name: new name, with the same arguments.
RENAMED = {
    "ShowCreation": "Create",
    "UnCreate": "Uncreate",
    "TextMobject": "Tex",
    "TexText": "Tex",
    "OldTexText": "Tex",
    "TexMobject": "MathTex",
    "OldTex": "MathTex",
    "FadeInFromDown": "FadeIn",
    "FadeOutAndShiftDown": "FadeOut",
    "VFadeIn": "FadeIn",
    "VFadeOut": "FadeOut",
    "WiggleOutThenIn": "Wiggle",
    "FlashAround": "Circumscribe",
    "ShowCreationThenFadeAround": "Circumscribe",
    "ShowCreationThenDestruction": "ShowPassingFlash",
    "VShowPassingFlash": "ShowPassingFlash",
    "ShowCreationThenDestructionAround": "Circumscribe",
    "CircleIndicate": "Circumscribe",
    "ParametricSurface": "Surface",
    "ParametricCurve": "ParametricFunction",
    "DEG": "DEGREES",
    "InteractiveScene": "Scene",
    "GraphScene": "Scene",
    "GlowDot": "Dot",
    "SGroup": "Group",
    "CYAN": "PURE_CYAN",
    "MAGENTA": "PURE_MAGENTA",
}
# Old name: an expression of today.
REPLACED = {
    "FRAME_WIDTH": "config.frame_width",
    "FRAME_HEIGHT": "config.frame_height",
    "FRAME_X_RADIUS": "config.frame_x_radius",
    "FRAME_Y_RADIUS": "config.frame_y_radius",
    "get_norm": "np.linalg.norm",
}
# Old animation: keyword that its second argument becomes, and whether it pointed the other way.
SECOND_ARGUMENT = {
    "FadeInFrom": ("FadeIn", "shift", True),
    "FadeOutAndShift": ("FadeOut", "shift", False),
    "FadeInFromLarge": ("FadeIn", "scale", False),
    "FadeInFromPoint": ("FadeIn", "target_position", False),
    "FadeOutToPoint": ("FadeOut", "target_position", False),
}
# Old animation: keyword and value that it implied.
IMPLIED = {
    "FadeInFromDown": ("shift", "UP"),
    "FadeOutAndShiftDown": ("shift", "DOWN"),
}
# Fades take a direction only by keyword now.
FADES = frozenset({"FadeIn", "FadeOut"})
DIRECTIONS = frozenset("UP DOWN LEFT RIGHT UL UR DL DR IN OUT".split())

# --- methods --------------------------------------------------------------------------

METHODS = {
    "get_graph": "plot",
    "set_width": "scale_to_fit_width",
    "set_height": "scale_to_fit_height",
    "set_depth": "scale_to_fit_depth",
    "set_colour": "set_color",
    "set_fill_colour": "set_fill",
    "set_fill_color": "set_fill",
    "set_stroke_colour": "set_stroke",
    "set_stroke_color": "set_stroke",
    "add_coordinate_labels": "add_coordinates",
    "get_corner_point": "get_corner",
    "scale_in_place": "scale",
    "rotate_in_place": "rotate",
    "flip_in_place": "flip",
    "set_points_smoothly_through": "set_points_smoothly",
}
# Setters that reach nothing, or not the parts: the method and its keyword.
SETTERS = {
    "set_stroke_width": ("set_stroke", "width"),
    "set_stroke_opacity": ("set_stroke", "opacity"),
    "set_fill_opacity": ("set_fill", "opacity"),
}

# --- keywords -------------------------------------------------------------------------

KEYWORDS = {
    "colour": "color",
    "fill_colour": "fill_color",
    "stroke_colour": "stroke_color",
    "runtime": "run_time",
}
# Keywords of one call: class or method, old keyword, new keyword.
KEYWORDS_OF = {
    ("Axes", "width"): "x_length",
    ("Axes", "height"): "y_length",
    ("NumberPlane", "width"): "x_length",
    ("NumberPlane", "height"): "y_length",
    ("Text", "size"): "font_size",
    ("MathTex", "size"): "font_size",
    ("Tex", "size"): "font_size",
    ("Text", "text_color"): "color",
    ("Arrow", "thickness"): "stroke_width",
    ("plot_surface", "x_range"): "u_range",
    ("plot_surface", "y_range"): "v_range",
    ("Surface", "x_range"): "u_range",
    ("Surface", "y_range"): "v_range",
    ("arrange_in_grid", "n_rows"): "rows",
    ("arrange_in_grid", "n_cols"): "cols",
    ("Circle", "r"): "radius",
    ("Square", "side"): "side_length",
    ("Square", "size"): "side_length",
    ("Code", "code"): "code_string",
    ("Code", "file_name"): "code_file",
    ("Code", "insert_line_no"): "add_line_numbers",
    ("Code", "style"): "formatter_style",
    ("wait", "run_time"): "duration",
    ("wait", "time"): "duration",
}
# Pairs that became one range: the lower, the upper, the range, and where.
RANGES = (
    ("x_min", "x_max", "x_range", frozenset("Axes NumberPlane NumberLine FunctionGraph plot "
                                            "get_graph ThreeDAxes get_area".split())),
    ("y_min", "y_max", "y_range", frozenset("Axes NumberPlane ThreeDAxes".split())),
    ("z_min", "z_max", "z_range", frozenset({"ThreeDAxes"})),
    ("t_min", "t_max", "t_range", frozenset("ParametricFunction ParametricCurve "
                                            "plot_parametric_curve".split())),
    ("u_min", "u_max", "u_range", frozenset({"Surface", "ParametricSurface"})),
    ("v_min", "v_max", "v_range", frozenset({"Surface", "ParametricSurface"})),
)  # fmt: skip
# manimgl's own: nothing here is lost without them.
DROPPED_KEYWORDS = frozenset("gloss shadow reflectiveness flat_stroke depth_test".split())
DROPPED_METHODS = frozenset(
    "set_shading set_gloss set_shadow apply_depth_test fix_in_frame".split()
)

# --- modules --------------------------------------------------------------------------

OTHER_MANIMS = frozenset("manimlib manimgl big_ol_pile_of_manim_imports manim_imports_ext "
                         "manimlib.imports".split())  # fmt: skip
# Names that are used without their import: the line that was forgotten.
MODULES = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "math": "import math",
    "cmath": "import cmath",
    "random": "import random",
    "itertools": "import itertools",
    "functools": "import functools",
    "it": "import itertools as it",
    "Fraction": "from fractions import Fraction",
    "product": "from itertools import product",
    "combinations": "from itertools import combinations",
    "permutations": "from itertools import permutations",
    "reduce": "from functools import reduce",
    "partial": "from functools import partial",
    "defaultdict": "from collections import defaultdict",
    "Counter": "from collections import Counter",
    "deque": "from collections import deque",
    "sqrt": "from math import sqrt",
    "sin": "from math import sin",
    "cos": "from math import cos",
    "tan": "from math import tan",
    "exp": "from math import exp",
    "log": "from math import log",
    "pi": "from math import pi",
    "factorial": "from math import factorial",
    "floor": "from math import floor",
    "ceil": "from math import ceil",
    "gcd": "from math import gcd",
    "comb": "from math import comb",
    "Dict": "from typing import Dict",
    "List": "from typing import List",
    "Tuple": "from typing import Tuple",
    "dataclass": "from dataclasses import dataclass",
    "heapq": "import heapq",
}

# --- formulas -------------------------------------------------------------------------

FORMULAS = frozenset("MathTex Tex SingleStringMathTex Title BulletedList TexMobject OldTex "
                     "TextMobject OldTexText TexText".split())  # fmt: skip
# Commands that a missing raw prefix turns into a tab, a bell or another control character.
SPOILED_COMMANDS = frozenset(
    "alpha approx angle ast bar begin beta bf big bigg binom bmod boldsymbol bot bullet"
    " frac forall flat footnotesize"
    " nabla ne neq neg ni not nu newline nonumber"
    " rho rangle rightarrow Rightarrow right rceil rfloor rm rVert"
    " tan tanh tau text textbf textit texttt textrm tfrac theta tilde times tiny to top triangle"
    " varepsilon varphi vartheta vec vee vdots vert vspace".split()
)

# --- animations of methods ------------------------------------------------------------

ANIMATED_METHODS = frozenset(
    "shift scale move_to to_edge to_corner next_to rotate flip stretch set_color set_fill "
    "set_stroke set_opacity set_width set_height become apply_matrix apply_function center "
    "set_value increment_value fade set_fill_color put_start_and_end_on scale_to_fit_width "
    "scale_to_fit_height arrange rotate_about_origin set_x set_y match_color".split()
)
