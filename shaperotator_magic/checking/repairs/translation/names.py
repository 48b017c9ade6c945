"""Names that models invent for manim, and the names or expressions that mean the same. Pure data.

A name that is a function or class of ``translation.stand_ins`` needs no row: its definition is
inlined into the scene.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations


def spread(rows: dict[str, str]) -> dict[str, str]:
    """Turn ``{"new": "old older"}`` into ``{"old": "new", "older": "new"}``."""
    return {old: new for new, names in rows.items() for old in names.split()}


# --- names that are not defined -------------------------------------------------------

NAMES = spread({
    # constants
    "ORIGIN": "CENTER CENTRE ZERO MIDDLE",
    "RIGHT": "X X_DIR I_HAT XHAT", "UP": "Y Y_DIR J_HAT YHAT NORTH", "OUT": "Z Z_DIR K_HAT",
    "DOWN": "SOUTH", "(-RIGHT)": "WEST", "UR": "TOP_RIGHT UPPER_RIGHT UP_RIGHT",
    "UL": "TOP_LEFT UPPER_LEFT UP_LEFT", "DR": "BOTTOM_RIGHT LOWER_RIGHT DOWN_RIGHT",
    "DL": "BOTTOM_LEFT LOWER_LEFT DOWN_LEFT",
    "(config.frame_height / 2 * UP)": "TOP TOP_EDGE",
    "(config.frame_height / 2 * DOWN)": "BOTTOM BOTTOM_EDGE",
    "(config.frame_width / 2 * LEFT)": "LEFT_SIDE LEFT_EDGE",
    "(config.frame_width / 2 * RIGHT)": "RIGHT_SIDE RIGHT_EDGE",
    "TAU": "TWO_PI TWOPI", "(PI / 2)": "HALF_PI PI_2", "DEGREES": "DEGREE RADIANS_PER_DEGREE",
    "np.inf": "INFINITY INF", "np.e": "E EULER",
    "SMALL_BUFF": "TINY_BUFF XSMALL_BUFF SMALLER_BUFF", "MED_LARGE_BUFF": "MEDIUM_BUFF MED_BUFF",
    "LARGE_BUFF": "HUGE_BUFF BIG_BUFF",
    # functions
    "smooth": "ease ease_in_out ease_in_out_smooth smooth_step",
    "rush_into": "ease_in slow_in accelerate", "rush_from": "ease_out slow_out decelerate",
    "rate_functions.ease_in_out_sine": "ease_in_out_sine ease_sine",
    "there_and_back": "there_back yoyo", "interpolate": "lerp", "np.clip": "clamp",
    "np.radians": "deg2rad radians to_radians", "np.degrees": "rad2deg to_degrees",
    "np.linalg.norm": "norm magnitude get_length vector_length",
    "normalize": "unit_vector get_unit_vector normalise",
    "random_bright_color": "get_random_color random_colour",
    "ManimColor": "hex_to_color color_from_hex to_color string_to_color",
    # mobjects
    "Rectangle": "Rect Box TextRectangle", "Ellipse": "Oval", "Circle": "Disk Disc Neuron Ring2D",
    "Diamond": "Rhombus", "Semicircle": "SemiCircle HalfCircle", "Checkmark": "CheckMark Tick",
    "Text": "Label2D PlainText TextLabel Caption Subtitle Words String TextMob Heading Paragraph2",
    "MathTex": "Formula Equation Math Latex LaTeX LatexText TexMath MathText Math_Tex MathTeX",
    "Tex": "TeX TexLabel", "DecimalNumber": "Number Counter NumberDisplay Decimal DynamicNumber",
    "Dot": "Point2D Vertex Marker", "Dot3D": "Point3D", "Line": "Segment LineSegment StraightLine",
    "Arrow": "Arrow2D VectorArrow Vect", "Vector": "Vector2D", "Cube": "Box3D", "Prism": "Cuboid",
    "CubicBezier": "BezierCurve Bezier", "ArcBetweenPoints": "CurvedLine Curve CurveLine",
    "Axes": "CartesianAxes Axis2D Graph2D CoordinateSystem2D Plane2D Axes2D",
    "NumberPlane": "GridPlane CoordinatePlane CartesianPlane CoordinateGrid",
    "ThreeDAxes": "Axes3D", "BarChart": "BarGraph BarPlot ColumnChart Bars",
    "Grid": "SquareGrid GridSquares", "ScatterPlot": "Scatter", "LineGraph": "LinePlot LineChart",
    "VGroup": "MobjectGroup VMobjectGroup GroupMobject Container Stack2D",
    "TextBox": "LabeledBox LabelledBox LabeledRectangle LabeledSquare BoxedText RectangleWithText",
    "Node": "LabeledCircle LabelledCircle GraphNode TreeNode CircleWithText", "Edge": "GraphEdge",
    "Array": "ArrayMobject MArray VArray Queue", "Stack": "MStack", "ParametricFunction":
    "ParametricPlot FunctionPlot2D", "FunctionGraph": "Function GraphFunction PlotFunction",
    "LinearMap": "TransformationMatrix LinearTransformation MatrixTransformation MatrixTransform",
    "NormalDistribution": "Normal Gaussian GaussianDistribution NormalCurve BellCurve norm_dist",
    # animations
    "Create": "Draw Show2D DrawLine GrowLine DrawCurve CreateGraph Construct PlotGraph ShowGraph",
    "FadeIn": "Appear Show FadeInText Reveal Display PopIn Enter FadeInAndScale FadeInFromEdge",
    "FadeOut": "Disappear Hide Vanish Remove Exit FadeOutText Delete Clear",
    "Write": "WriteText CreateText DrawText WriteTex Type TextWrite",
    "AddTextLetterByLetter": "TypeWriter Typewriter Typing TypeText",
    "Unwrite": "Erase Unwrite2 EraseText", "Indicate": "Highlight Pulse Emphasize Pulsate Bounce",
    "Circumscribe": "HighlightBox SurroundingRectangleAnimation FlashRectangle DrawBox",
    "GrowFromCenter": "ZoomIn Grow GrowIn ScaleIn Expand SpringIn",
    "ShrinkToCenter": "ZoomOut Shrink ScaleOut Collapse", "Flash": "Glow Sparkle Spark",
    "Transform": "Morph TransformText TransformInto MorphInto ReplaceWith TransformTo CrossFade",
    "ReplacementTransform": "TransformReplace Replace ReplaceTransform FadeReplace",
    "TransformMatchingShapes": "TransformMatchingText TransformMatchingStrings MatchingTransform",
    "TransformMatchingTex": "TransformMatching TransformMatchingEquation TransformMatchingParts",
    "Succession": "Sequence Chain AnimationSequence Sequential",
    "AnimationGroup": "Parallel Together Simultaneously AnimationParallel",
    "LaggedStart": "Staggered LaggedAnimation", "Rotate": "Spin RotateBy Turn RotateObject",
    "Orbit": "RotateAround RotateAboutPoint RotatingAround", "Shift": "ShiftBy Translate MoveBy",
    "Move": "MoveTo MoveToPoint MoveToPosition Position", "Scale": "ScaleTo Resize ScaleBy",
    "SetColor": "ChangeColor ColorChange Recolor ColorTransform ApplyColor ChangeFillColor",
    "SetOpacity": "ChangeOpacity FadeToOpacity", "SpinInFromNothing": "SpinIn",
    "Count": "CountTo ChangeNumber CountUp CountInFrom", "ChangeText": "UpdateText TextChange",
    "Pause": "WaitFor Delay Sleep", "MoveAlongPath": "MoveAlong FollowPath TravelPath",
    "GrowArrow": "DrawArrow CreateArrow", "Shake": "Vibrate Jitter Tremble", "Wiggle": "Wobble",
    "ShowPassingFlash": "PassingFlash FlashAlong", "FadeTransform": "FadeTransition",
})  # fmt: skip

# Colours by their names in style sheets, where manim has neither the name nor a shade of it.
COLORS = {
    "CYAN": "#00FFFF", "AQUA": "#00FFFF", "MAGENTA": "#FF00FF", "FUCHSIA": "#FF00FF",
    "LIME": "#00FF00", "NAVY": "#000080", "SILVER": "#C0C0C0", "BROWN": "#8B4513",
    "VIOLET": "#EE82EE", "INDIGO": "#4B0082", "TURQUOISE": "#40E0D0", "SALMON": "#FA8072",
    "CORAL": "#FF7F50", "BEIGE": "#F5F5DC", "OLIVE": "#808000", "CRIMSON": "#DC143C",
    "LAVENDER": "#E6E6FA", "TAN": "#D2B48C", "KHAKI": "#F0E68C", "TOMATO": "#FF6347",
    "ORCHID": "#DA70D6", "PLUM": "#DDA0DD", "AMBER": "#FFBF00", "IVORY": "#FFFFF0",
    "SCARLET": "#FF2400", "MINT": "#98FF98", "PEACH": "#FFCBA4", "AZURE": "#F0FFFF",
    "CHOCOLATE": "#D2691E", "SIENNA": "#A0522D", "SKY": "#87CEEB", "EMERALD": "#50C878",
    "RUBY": "#E0115F", "SAPPHIRE": "#0F52BA", "BRONZE": "#CD7F32", "COPPER": "#B87333",
    "CHARTREUSE": "#7FFF00", "CHARCOAL": "#36454F", "SLATE": "#708090", "WHEAT": "#F5DEB3",
}  # fmt: skip

# A scene that calls these is of this class.
SCENES_OF = spread({
    "ThreeDScene": "set_camera_orientation begin_ambient_camera_rotation move_camera "
                   "stop_ambient_camera_rotation add_fixed_in_frame_mobjects "
                   "add_fixed_orientation_mobjects begin_3dillusion_camera_rotation",
    "ZoomedScene": "activate_zooming get_zoomed_display_pop_out_animation",
    "LinearTransformationScene": "add_transformable_mobject apply_transposed_matrix "
                                 "get_transformable_label add_unit_square",
})  # fmt: skip

# Bases that plugins and other libraries have, and those of manim.
SCENE_BASES = {
    "VoiceoverScene": "Scene", "Slide": "Scene", "ThreeDSlide": "ThreeDScene",
    "MovingCameraSlide": "MovingCameraScene", "SpaceScene": "Scene", "MLScene": "Scene",
    "ManimMLScene": "Scene", "Scene2D": "Scene", "Scene3D": "ThreeDScene", "GraphScene": "Scene",
    "AbstractVoiceoverScene": "Scene", "BaseScene": "Scene", "TeacherStudentsScene": "Scene",
    "PiCreatureScene": "Scene", "ReconfigurableScene": "Scene", "NumberLineScene": "Scene",
    "MovingCamera": "MovingCameraScene", "ThreeDimensionalScene": "ThreeDScene", "Animation2D":
    "Scene", "ManimScene": "Scene", "SpecialThreeDScene": "ThreeDScene", "CodeScene": "Scene",
    "ThreeDVoiceoverScene": "ThreeDScene", "SlideScene": "Scene", "PresentationScene": "Scene",
}  # fmt: skip
