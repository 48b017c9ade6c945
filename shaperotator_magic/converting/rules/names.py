"""Names of manimgl and manimlib, and what stands for them: a name of manim, or a helper.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.checking.dialect import rules

# Old name: today's, with the same arguments. A value may be a name of helpers/.
RENAMED = {
    "ShowCreation": "Create",
    "UnCreate": "Uncreate",
    "DEG": "DEGREES",
    "ApproximateDerivative": "Create",
    "RotationAsTransform": "Rotate",
    "straight_path": "interpolate",
    "ShowCreationThenFadeAround": "FlashAround",
    "ShowCreationThenDestructionAround": "FlashAround",
    "ShowPassingFlashAround": "FlashAround",
    "AnimationOnSurroundingRectangle": "FlashAround",
    "CircleIndicate": "FlashAround",
    "ShowCreationThenDestruction": "ShowPassingFlash",
    "WiggleOutThenIn": "Wiggle",
    "ShowCreationPerSubmobject": "ShowIncreasingSubsets",
    "TexMobject": "OldTex",
    "TextMobject": "OldTexText",
    "SingleStringTexMobject": "OldTex",
    "SingleStringTex": "OldTex",
    "SGroup": "Group",
    "ParametricSurface": "GLSurface",
    "Color": "GLColor",
    "Point": "VectorizedPoint",
    "OldThoughtBubble": "ThoughtBubble",
    "OldSpeechBubble": "SpeechBubble",
    "CYAN": "PURE_CYAN",
    "MAGENTA": "PURE_MAGENTA",
    "YELLOW": "PURE_YELLOW",
    "YELLOW_C": "PURE_YELLOW",
    "COLOR_MAP": "NAMED_COLORS",
    "PALETTE": "NAMED_COLORS",
    "find_intersection": "intersect_lines",
    "xrange": "range",
    "unicode": "str",
    "basestring": "str",
    "raw_input": "input",
    "izip": "zip",
    "imap": "map",
}
# Names of both manims that take other arguments, or look otherwise, in manimgl: the helper.
VARIANTS = {
    name: f"GL{name}"
    for name in (
        "Tex Text Axes ThreeDAxes NumberPlane ComplexPlane NumberLine FunctionGraph "
        "ParametricFunction Arrow Vector Rectangle Arc TransformMatchingTex "
        "TransformMatchingShapes Surface Sphere Torus Cube Prism Cylinder Cone Line3D Matrix "
        "IntegerMatrix DecimalMatrix MobjectMatrix VectorField StreamLines TracedPath "
        "LaggedStart LaggedStartMap AnimationGroup Succession Brace ImageMobject SVGMobject "
        "DecimalNumber Integer Rotating Rotate ApplyMethod BarChart Code Title BulletedList "
        "SurroundingRectangle BackgroundRectangle Dot FadeIn FadeOut DashedLine Line "
        "DashedVMobject ArrowTip RoundedRectangle ScreenRectangle VGroup Group Write Sector "
        "AnnularSector Circle Polygon ChangeDecimalToValue ChangingDecimal Flash Transform "
        "ReplacementTransform MoveAlongPath Cross Underline SampleSpace DotCloud Square "
        "Homotopy TransformFromCopy Indicate UpdateFromAlphaFunc Broadcast Restore Ellipse "
        "Create Uncreate Annulus LinearTransformationScene VectorScene ZoomedScene Triangle "
        "RegularPolygon FadeTransformPieces "
    ).split()
}
# Needed only where a source makes groups of anything, not of curves alone.
ONLY_WITH_GROUPS = frozenset({"Create", "Uncreate"})
VARIANTS["TexText"] = "GLTexText"
VARIANTS["random_bright_color"] = "random_bright"
VARIANTS["ParametricCurve"] = "GLParametricFunction"
# Shared with the correction of model replies: second arguments that became keywords.
SECOND_ARGUMENT = rules.SECOND_ARGUMENT
# Old animation: its name today, and keyword and value that it implied.
IMPLIED = {
    "FadeInFromDown": ("FadeIn", "shift", "UP"),
    "FadeOutAndShiftDown": ("FadeOut", "shift", "DOWN"),
    "FadeInFromLarge": ("FadeIn", "scale", "2"),
}
# Modules and names that came with a star import: the line that was not needed there.
LEAKED = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "it": "import itertools as it",
    "itertools": "import itertools",
    "op": "import operator as op",
    "operator": "import operator",
    "math": "import math",
    "cmath": "import cmath",
    "random": "import random",
    "os": "import os",
    "sys": "import sys",
    "re": "import re",
    "copy": "import copy",
    "deepcopy": "from copy import deepcopy",
    "time": "import time",
    "string": "import string",
    "json": "import json",
    "warnings": "import warnings",
    "inspect": "import inspect",
    "functools": "import functools",
    "collections": "import collections",
    "types": "import types",
    "colorsys": "import colorsys",
    "datetime": "import datetime",
    "scipy": "import scipy",
    "sympy": "import sympy",
    "mpmath": "from sympy.core.numbers import mpmath",
    "stats": "from scipy import stats",
    "reduce": "from functools import reduce",
    "partial": "from functools import partial",
    "lru_cache": "from functools import lru_cache",
    "wraps": "from functools import wraps",
    "product": "from itertools import product",
    "combinations": "from itertools import combinations",
    "permutations": "from itertools import permutations",
    "chain": "from itertools import chain",
    "Path": "from pathlib import Path",
    "Self": "from typing import Self",
    "Fraction": "from fractions import Fraction",
    "Counter": "from collections import Counter",
    "defaultdict": "from collections import defaultdict",
    "deque": "from collections import deque",
    "dataclass": "from dataclasses import dataclass",
    "Callable": "from collections.abc import Callable",
    "Iterable": "from collections.abc import Iterable",
    "Mapping": "from collections.abc import Mapping",
    "Sequence": "from collections.abc import Sequence",
    "Optional": "from typing import Optional",
    "Tuple": "from typing import Tuple",
    "List": "from typing import List",
    "Dict": "from typing import Dict",
    "Any": "from typing import Any",
    "Union": "from typing import Union",
    "ABC": "from abc import ABC",
    "abstractmethod": "from abc import abstractmethod",
    "fsum": "from math import fsum",
    "gcd": "from math import gcd",
}
LEAKED = {**rules.MODULES, **LEAKED}
# Names that modules of Python lost: left out of the import; another stands for them.
MOVED = frozenset({
    ("fractions", "gcd"), ("itertools", "izip"), ("itertools", "imap"), ("collections", "Iterable"),
    ("collections", "Callable"), ("collections", "Sequence"), ("collections", "Mapping"),
})  # fmt: skip
# Modules that come with another one, which manim needs itself.
WITHIN = {"mpmath": "sympy.core.numbers"}
# Names that numpy lost.
NUMPY = {
    "float": "float", "int": "int", "complex": "complex", "object": "object",
    "float_": "np.float64", "complex_": "np.complex128", "product": "np.prod",
    "cumproduct": "np.cumprod", "Inf": "np.inf",
    "infty": "np.inf", "NaN": "np.nan", "trapz": "np.trapezoid", "in1d": "np.isin",
    "alltrue": "np.all", "sometrue": "np.any", "round_": "np.round", "asfarray": "np.asarray",
}  # fmt: skip
# Bases of scenes: what stands for them in manim; more is decided by what the scene uses.
SCENE_BASES = {
    "InteractiveScene": "Scene",
    "Scene": "Scene",
    "ThreeDScene": "ThreeDScene",
    "SpecialThreeDScene": "ThreeDScene",
    "MovingCameraScene": "MovingCameraScene",
}
OTHER_MANIMS = frozenset(
    "manimlib manimgl big_ol_pile_of_manim_imports manim_imports_ext once_useful_constructs "
    "custom helpers mobject animation scene topics camera constants utils active_projects "
    "old_projects for_3b1b_videos manimlib_ext".split()
)
# Classes that may be given parts: the group of them.
GROUPS = {"VMobject": "GLVGroup", "Mobject": "GLGroup", "PMobject": "GLGroup"}
# What a class says of the shader that colors it, and of the data that the shader is given.
SHADER_FILES = frozenset({"shader_folder", "shader_file"})
SHADER_ENTRIES = SHADER_FILES | {
    "data_dtype", "shader_dtype", "uniform_dtype", "verts_per_record", "render_primitive",
    "shader_inputs", "instanced",
}  # fmt: skip
# Names of colors that manim does not know.
COLOR_NAMES = {
    "lightgreen": "#90EE90",
    "lightblue": "#ADD8E6",
    "skyblue": "#87CEEB",
    "lightgrey": "#D3D3D3",
    "darkgreen": "#006400",
    "darkblue": "#00008B",
    "limegreen": "#32CD32",
    "violet": "#EE82EE",
    "brown": "#A52A2A",
    "cyan": "#00FFFF",
    "magenta": "#FF00FF",
}
