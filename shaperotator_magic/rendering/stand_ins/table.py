"""Every function of manim or pycairo that a function of ours stands in for: one entry each.

An entry names the source files that its function was written against: the file of the function
itself, and the files of whatever that function calls or reads. Where one of them has a digest that
is not known (``known_sources.py``), the entry is off and manim's own function runs.

Functions that only observe (they call manim's own, and look at the result) are no stand-ins. Of
IPython nothing is replaced: the notebook uses its registries (matchers, formatters, events).

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StandIn:
    """One function that is replaced.

    Parameters
    ----------
    name
        How the code that installs it calls it.
    target
        ``module:Class.function`` below the package ``manim``, or the whole name elsewhere.
    topic
        Key of ``COSTS``.
    why
        What is gained by it.
    files
        Source files, below the folder of manim, that it was written against.
    versions
        Versions of manim for which it was verified; their digests are in ``known_sources.py``. None
        for what has no source in Python: then the test runs at every start.
    tested_by
        The test that compares the results with those of manim's own function.
    """

    name: str
    target: str
    topic: str
    why: str
    files: tuple[str, ...]
    versions: tuple[str, ...]
    tested_by: str


# What it costs where entries of a topic are off.
COSTS = {
    "drawing": "Frames take several times as long to draw, those of 3D scenes ten times.",
    "objects": "Scenes of many objects take up to twice as long.",
    "plots": "Graphs that are rebuilt for every frame take several times as long.",
    "texts": "Texts take several times as long to set, and a repeated one is set anew each time.",
    "formulas": "Formulas are set by LaTeX alone, and only with --renderer kernel.",
    "glyphs": "Formulas take longer to build.",
    "segments": "A video is shown when it is finished, not while it is drawn.",
    "checkpoints": "A changed scene is drawn from its beginning.",
    "rehearsal": "A rehearsal draws, and sees the ends of animations alone; progress has no total.",
    "start": "A render process is ready half a second later.",
    "kernel": "An interrupted render in the kernel may leave a thread of manim's encoder.",
}

_ALL = ("0.21.0", "0.22.0")
_NEW = ("0.22.0",)

_MOBJECT = "mobject/mobject.py"
_VMOBJECT = "mobject/types/vectorized_mobject.py"
_COLOR = "utils/color/core.py"
_BEZIER = "utils/bezier.py"
_CAMERA = "camera/camera.py"
_SVG = "mobject/svg/svg_mobject.py"
_TEX = "mobject/text/tex_mobject.py"
_RENDERER = "renderer/cairo_renderer.py"
_SCENE = "scene/scene.py"
_WRITER = "scene/scene_file_writer.py"

_DRAWING = (
    _CAMERA,
    "camera/moving_camera.py",
    "camera/three_d_camera.py",
    _MOBJECT,
    _VMOBJECT,
    "mobject/types/image_mobject.py",
    "mobject/types/point_cloud_mobject.py",
    "mobject/three_d/three_d_utils.py",
    _COLOR,
    _BEZIER,
    "utils/family.py",
    "utils/iterables.py",
    "utils/space_ops.py",
)
_STYLE = (_VMOBJECT, _MOBJECT, _COLOR, _BEZIER)
_EXTENT = (_MOBJECT, _VMOBJECT)
_TIPS = ("mobject/geometry/arc.py", _MOBJECT)
_ANIMATED = (
    "animation/transform.py",
    "animation/animation.py",
    _MOBJECT,
    _VMOBJECT,
    _COLOR,
    _BEZIER,
    "utils/paths.py",
    "utils/rate_functions.py",
)
_PLOTS = (
    "mobject/graphing/number_line.py",
    "mobject/graphing/coordinate_systems.py",
    "mobject/graphing/functions.py",
    "mobject/graphing/scale.py",
    "mobject/geometry/arc.py",
    "mobject/geometry/tips.py",
    _MOBJECT,
    _VMOBJECT,
    _BEZIER,
)
_TEX_FILES = (_TEX, "utils/tex.py", "utils/tex_file_writing.py")
_SEGMENTS = (
    _RENDERER,
    _WRITER,
    "scene/video_segment_encoder.py",
    "scene/section.py",
    _SCENE,
    "manager.py",
    "_config/video_encoder.py",
)
_STEPS = (_SCENE, _RENDERER, "animation/animation.py")

# fmt: off
_ENTRIES = (
    # --- process/deferred_imports.py: names of packages that are imported at their first use
    StandIn("deferred rotations", "utils.space_ops:Rotation",
            "start", "scipy.spatial is imported by scenes that use more than a rotation matrix.",
            ("utils/space_ops.py",), _ALL, "tests/test_deferred_imports.py: the same matrices"),
    StandIn("deferred graphs", "mobject.graph:nx",
            "start", "networkx is imported by scenes with a graph.",
            ("mobject/graph.py",), _ALL, "tests/test_deferred_imports.py: the same objects"),
    StandIn("deferred markup", "mobject.text.code_mobject:BeautifulSoup",
            "start", "bs4 is imported by scenes with source code.",
            ("mobject/text/code_mobject.py",), _ALL,
            "tests/test_deferred_imports.py: the same objects"),
    # --- drawing/drawing.py, drawing/compiled, drawing/deferred_frames.py: frames
    StandIn("draw", "camera.camera:Camera.display_multiple_non_background_colored_vmobjects",
            "drawing", "All objects of a frame are drawn by one call, not point by point.",
            _DRAWING, _NEW, "tests/test_drawing.py: pixels of each frame"),
    StandIn("capture", "camera.camera:Camera.capture_mobjects",
            "drawing", "Plain objects are not sorted by kind one by one.",
            _DRAWING, _NEW, "tests/test_drawing.py: pixels of each frame"),
    StandIn("find shown", "camera.camera:Camera.get_mobjects_to_display",
            "drawing", "Families are collected by one call.",
            _DRAWING, _NEW, "tests/test_drawing.py: the same list"),
    StandIn("find by depth", "camera.three_d_camera:ThreeDCamera.get_mobjects_to_display",
            "drawing", "Faces are sorted by depth without a Python call for each.",
            _DRAWING, _NEW, "tests/test_drawing.py: the same list"),
    StandIn("defer frames", "renderer.cairo_renderer:CairoRenderer.render",
            "drawing", "Frames are rasterised on other cores while the scene goes on.",
            (*_DRAWING, *_SEGMENTS), _NEW, "tests/test_late_frames.py: the same video"),
    StandIn("deferred pixels", "camera.camera:Camera.pixel_array",
            "drawing", "Whoever reads a camera's pixels finds the last frame in them.",
            (*_DRAWING, *_SEGMENTS), _NEW, "tests/test_late_frames.py: the same pixels"),
    StandIn("background", "camera.camera:Camera.init_background",
            "drawing", "A background is filled by pixels, not by channels.",
            (_CAMERA, _COLOR), _ALL, "tests/test_drawing.py: the same array"),
    StandIn("cairo path", "cairo:Context.curve_to",
            "drawing", "A path is appended by one call of cairo, not point by point.",
            (), (), "tests/test_drawing.py: pixels; is_layout_known at every start"),
    # --- drawing: objects
    StandIn("copy", "mobject.mobject:Mobject.__deepcopy__",
            "objects", "Copies need no lookup of how each attribute is copied.",
            (_MOBJECT, _VMOBJECT, _SVG, _COLOR), _ALL,
            "tests/test_copying.py: the same attributes"),
    StandIn("compare points", "mobject.types.vectorized_mobject:VMobject.consider_points_equals",
            "objects", "Two points are compared without numpy.",
            (_VMOBJECT,), _ALL, "tests/test_comparing.py: numpy's answer"),
    StandIn("family", "mobject.mobject:Mobject.get_family",
            "objects", "Families are traversed by one loop a branch.",
            (_MOBJECT, "utils/iterables.py"), _NEW, "tests/test_families.py: the same list"),
    StandIn("family with points", "mobject.mobject:Mobject.family_members_with_points",
            "objects", "Families are filtered without a call for each member.",
            (_MOBJECT, _VMOBJECT), _ALL, "tests/test_families.py: the same list"),
    StandIn("update", "mobject.mobject:Mobject.update",
            "objects", "Members without updaters are not called.",
            (_MOBJECT,), _ALL, "tests/test_families.py: the same calls"),
    StandIn("make colors", "mobject.types.vectorized_mobject:VMobject.generate_rgbas_array",
            "objects", "One colour and one opacity need no lists.",
            _STYLE, _ALL, "tests/test_styling.py: the same arrays"),
    StandIn("set colors", "mobject.types.vectorized_mobject:VMobject.update_rgbas_array",
            "objects", "One colour and one opacity need no lists.",
            _STYLE, _ALL, "tests/test_styling.py: the same arrays"),
    StandIn("interpolate colors", "mobject.types.vectorized_mobject:VMobject.interpolate_color",
            "objects", "Equal styles are interpolated once.",
            _STYLE, _ALL, "tests/test_styling.py: the same arrays"),
    StandIn("fill colors", "mobject.types.vectorized_mobject:VMobject.get_fill_colors",
            "objects", "Colours are read from rows, not parsed.",
            _STYLE, _ALL, "tests/test_styling.py: the same colours"),
    StandIn("stroke colors", "mobject.types.vectorized_mobject:VMobject.get_stroke_colors",
            "objects", "Colours are read from rows, not parsed.",
            _STYLE, _ALL, "tests/test_styling.py: the same colours"),
    StandIn("boundary", "mobject.types.vectorized_mobject:VMobject.get_points_defining_boundary",
            "objects", "Anchors of a family are one slice of an array.",
            _EXTENT, _ALL, "tests/test_measuring.py: the same points"),
    StandIn("extremum", "mobject.mobject:Mobject.get_extremum_along_dim",
            "objects", "Columns are reduced without numpy's general functions.",
            _EXTENT, _ALL, "tests/test_measuring.py: the same numbers"),
    StandIn("critical point", "mobject.mobject:Mobject.get_critical_point",
            "objects", "The boundary is read once for three dimensions.",
            _EXTENT, _ALL, "tests/test_measuring.py: the same points"),
    StandIn("tip", "mobject.geometry.arc:TipableVMobject.has_tip",
            "objects", "Whether a line has a tip needs no exception.",
            _TIPS, _ALL, "tests/test_measuring.py: the same answer"),
    StandIn("start tip", "mobject.geometry.arc:TipableVMobject.has_start_tip",
            "objects", "Whether a line has a tip needs no exception.",
            _TIPS, _ALL, "tests/test_measuring.py: the same answer"),
    StandIn("interpolate", "mobject.mobject:Mobject.interpolate",
            "objects", "Points and colours are interpolated by compiled code.",
            _ANIMATED, _ALL, "tests/test_mixing.py: the same bits"),
    StandIn("transform", "animation.transform:Transform.interpolate_mobject",
            "objects", "All objects of an animation are interpolated by one call.",
            _ANIMATED, _ALL, "tests/test_mixing.py: the same bits"),
    # --- drawing/plotting.py and drawing/texts.py
    StandIn("number to point", "mobject.graphing.number_line:NumberLine.number_to_point",
            "plots", "The ends of an axis are read once.",
            _PLOTS, _ALL, "tests/test_plotting.py: the same bits"),
    StandIn("coords to point", "mobject.graphing.coordinate_systems:Axes.coords_to_point",
            "plots", "The ends of the axes are read once.",
            _PLOTS, _ALL, "tests/test_plotting.py: the same bits"),
    StandIn("graph", "mobject.graphing.functions:ParametricFunction.generate_points",
            "plots", "The points of a graph are found by one call.",
            _PLOTS, _ALL, "tests/test_plotting.py: the same bits"),
    StandIn("text", "mobject.text.text_mobject:Text.__init__",
            "texts", "A repeated text is copied, not set again.",
            ("mobject/text/text_mobject.py", _SVG, _MOBJECT, _VMOBJECT, _COLOR), _ALL,
            "tests/test_texts.py: the same object"),
    StandIn("text outlines", "mobject.svg.svg_mobject:SVGMobject.generate_mobject",
            "texts", "Each glyph of a font is parsed and traced once.",
            (_SVG, "mobject/text/text_mobject.py", _MOBJECT, _VMOBJECT, _COLOR), _ALL,
            "tests/test_texts.py: the same letters"),
    # --- mathtext: formulas
    StandIn("formula file", "mobject.text.tex_mobject:tex_to_svg_file",
            "formulas", "Typst sets formulas, or LaTeX outside the scene's sandbox.",
            _TEX_FILES, _ALL, "tests/test_mathtext.py: the pictures of LaTeX"),
    StandIn("formula outlines", "mobject.text.tex_mobject:SingleStringMathTex.init_svg_mobject",
            "formulas", "Outlines come from Typst, not from an SVG file.",
            (*_TEX_FILES, _SVG), _ALL, "tests/test_mathtext.py: the pictures of LaTeX"),
    StandIn("formula colors", "mobject.text.tex_mobject:SingleStringMathTex.init_colors",
            "glyphs", "All glyphs of a formula share one colour's arrays.",
            (_TEX, _SVG, _MOBJECT, _VMOBJECT, _COLOR), _ALL,
            "tests/test_mathtext.py: the same arrays"),
    StandIn("glyph", "mobject.svg.svg_mobject:VMobjectFromSVGPath.__init__",
            "glyphs", "One glyph is built by manim, all others are copies of it.",
            (_SVG, _MOBJECT, _VMOBJECT, _COLOR), _ALL,
            "tests/test_mathtext.py: the same attributes"),
    # --- video and checkpoints: what is written, and what is skipped
    StandIn("segments", "renderer.cairo_renderer:CairoRenderer.init_scene",
            "segments", "Animations are encoded and joined while others are drawn.",
            _SEGMENTS, _NEW, "tests/test_segments.py: the same frames"),
    StandIn("skip", "scene.scene:Scene.play_internal",
            "checkpoints", "Animations that were drawn before are skipped.",
            (*_SEGMENTS, *_DRAWING, "animation/animation.py"), _NEW,
            "tests/test_segment_cache.py, tests/test_resuming.py: the same video"),
    # --- process: rehearsal and the count of frames
    StandIn("rehearsal steps", "scene.scene:Scene.play_internal",
            "rehearsal", "Time passes in few steps, with looks on the way.",
            _STEPS, _ALL, "tests/test_rehearsal.py: the same ends and frames"),
    StandIn("rehearsal drawing", "renderer.cairo_renderer:CairoRenderer.update_frame",
            "rehearsal", "A rehearsal draws nothing.",
            _STEPS, _ALL, "tests/test_rehearsal.py: the same ends and frames"),
    StandIn("rehearsal background", "renderer.cairo_renderer:CairoRenderer.save_static_frame_data",
            "rehearsal", "A rehearsal draws nothing.",
            _STEPS, _ALL, "tests/test_rehearsal.py: the same ends and frames"),
    StandIn("frame count", "renderer.cairo_renderer:CairoRenderer.update_frame",
            "rehearsal", "Frames are counted beforehand without drawing.",
            _STEPS, _ALL, "tests/test_worker.py: the total is the number of frames"),
    # --- kernel.py
    StandIn("encoder threads", "scene.scene_file_writer:_PartialMovieEncodeJob",
            "kernel", "No encoder thread outlives a render that was interrupted.",
            (_WRITER,), _ALL, "tests/test_kernel_renderer.py: no thread is left"),
)
# fmt: on

STAND_INS = {entry.name: entry for entry in _ENTRIES}
"""By name."""
