"""What manim itself named otherwise until 0.19. Pure data.

Runs in the caller's process: a kernel, a command or a service.
"""

from __future__ import annotations

# Old class: today's.
RENAMED = {
    "ParametricSurface": "Surface",
    "TextMobject": "Tex",
    "TexMobject": "MathTex",
}
# Ends of ranges that axes and graphs took by themselves until 0.3: helpers still do.
RANGES = frozenset("x_min x_max y_min y_max t_min t_max".split())
# Class: keywords that it took once, and the helper that takes them.
VARIANTS = {
    "Code": (
        frozenset(
            "code file_name style insert_line_no line_no_from font font_size line_spacing "
            "scale_factor margin indentation_chars background_stroke_width corner_radius "
            "background_stroke_color line_no_buff generate_html_file stroke_width".split()
        ),
        "OldCode",
    ),
    "BarChart": (
        frozenset(
            "max_value n_ticks tick_width tick_height label_y_axis y_axis_label_height "
            "bar_label_scale_val".split()
        ),
        "GLBarChart",
    ),
}
# Surfaces took their ranges end by end until 0.8.
SURFACES = frozenset({"Surface", "ParametricSurface"})
PAIRS = (("u_min", "u_max", "u_range"), ("v_min", "v_max", "v_range"))
# Keywords of any class, where it does not take them any more.
KEYWORDS = {"plot_depth": "z_index"}
KEYWORDS_OF = {
    ("Sector", "outer_radius"): "radius",
    ("DashedLine", "positive_space_ratio"): "dashed_ratio",
    ("DashedVMobject", "positive_space_ratio"): "dashed_ratio",
    ("Rotating", "radians"): "angle",
    ("FadeIn", "direction"): "shift",
    ("FadeOut", "direction"): "shift",
    ("FadeIn", "scale_factor"): "scale",
    ("FadeOut", "scale_factor"): "scale",
}
# Sizes of letters that were parts of today's default of 48.
SCALED_KEYWORDS = {
    ("Text", "size"): "font_size",
    ("Paragraph", "size"): "font_size",
    ("MarkupText", "size"): "font_size",
    ("Title", "scale_factor"): "font_size",
}
# Methods that manim lost: functions of helpers/, which take the object first.
FUNCTIONS = frozenset({"index_of_part_by_tex"})
# Modules that other packages renamed: names are imported from the public one.
MODULES = {
    "numpy.linalg.linalg": "numpy.linalg",
    "numpy.lib.function_base": "numpy",
    "numpy.lib.shape_base": "numpy",
    "scipy.special.orthogonal": "scipy.special",
    "scipy.misc": "scipy.special",
}
