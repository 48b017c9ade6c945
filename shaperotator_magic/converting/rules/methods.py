"""Methods and keywords of manimgl and manimlib: today's names, or the helper that replaces them.

Pure data; the helpers are in ``converting.helpers``.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.checking.dialect import rules

# Old method: today's, with the same arguments.
METHODS = {
    "add_coordinate_labels": "add_coordinates",
    "num_pair_to_point": "coords_to_point",
    "point_to_num_pair": "point_to_coords",
    "pfp": "point_from_proportion",
    "quick_point_from_proportion": "point_from_proportion",
    "align_data_and_family": "align_data",
    "get_bounding_box_point": "get_critical_point",
    "scale_in_place": "scale",
    "rotate_in_place": "rotate",
    "flip_in_place": "flip",
    "stretch_in_place": "stretch",
    "set_points_smoothly_through": "set_points_smoothly",
    "get_corner_point": "get_corner",
    "set_colour": "set_color",
    "scale_to_fit": "scale_to_fit_width",
    "arrange_submobjects": "arrange",
    "submobject_family": "get_family",
    "set_submobject_colors_by_gradient": "set_color_by_gradient",
    "gradient_highlight": "set_color_by_gradient",
    "highlight": "set_color",
    "split_by_tex": "get_parts_by_tex",
    "dither": "wait",
    "apply_points_function": "apply_points_function_about_point",
    "iteritems": "items",
    "itervalues": "values",
    "iterkeys": "keys",
    "is_subpath": "is_closed",
    "remove_tip": "pop_tips",
    "put_start_and_end_on_with_projection": "put_start_and_end_on",
}
# Methods that manim itself had until 0.15: today's.
GONE_METHODS = {
    "get_graph": "plot",
    "get_implicit_curve": "plot_implicit_curve",
    "get_parametric_curve": "plot_parametric_curve",
    "get_line_graph": "plot_line_graph",
    "get_derivative_graph": "plot_derivative_graph",
    "get_antiderivative_graph": "plot_antiderivative_graph",
    "get_surface": "plot_surface",
    "set_plot_depth": "set_z_index",
    "add_mobject_to_update": "add_updater",
}
# Attributes of manim's classes until 0.18: what has their values today.
GONE_ATTRIBUTES = {"Code.styles_list": "Code.get_styles_list()"}
# Attributes of manimgl's animations, within a class that is one: what has their values.
OF_ANIMATIONS = {"families": "self.get_all_families_zipped()"}
# Methods that manim lacks, or that take other arguments there: functions of helpers/, which take
# the object first. ``x.replicate(3)`` becomes ``replicate(x, 3)``.
FUNCTIONS = {
    name: name
    for name in (
        "replicate set_backstroke set_max_width set_max_height set_submobjects set_shape "
        "set_radius get_radius set_clip_plane set_glow_factor get_mobjects set_min_height "
        "arrange_to_fit_width arrange_to_fit_height replace_submobject insert_submobject "
        "get_num_points scale_about_point digest_mobject_attrs get_grid set_background_stroke "
        "do_in_place get_anchors "
        "insert_n_curves get_area_vector get_unit_normal reverse_submobjects get_all_points "
        "filter_out append_points get_rgb get_hex ingest_submobjects do_about_point set_style_data "
        "fix_in_frame unfix_from_frame put_start_on clip_to_box get_opacity set_rgba_array "
        "set_uniform get_opacities "
    ).split()
} | {"set_uniforms": "set_uniform"}
# Attributes that manim's classes lack: functions of helpers/, which find what has their values.
ATTRIBUTES = {"uniforms": "find_uniforms", "CONFIG": "find_config"}
# Methods whose arguments are read before it is decided what stands for them.
WIDTHS = {
    "set_width": ("scale_to_fit_width", "stretch_to_fit_width"),
    "set_height": ("scale_to_fit_height", "stretch_to_fit_height"),
    "set_depth": ("scale_to_fit_depth", "stretch_to_fit_depth"),
}
# manimgl's own: nothing of the picture that manim can draw is lost without them. A source with
# shaders of its own reads what it sets there.
DROPPED_METHODS = frozenset(
    "set_shading set_gloss set_shadow set_reflectiveness apply_depth_test deactivate_depth_test "
    "set_flat_stroke use_winding_fill note_changed_family lock_data unlock_data "
    "always_sort_to_camera set_anti_alias_width refresh_bounding_box refresh_triangulation "
    "lock_static_mobject_data unlock_mobject_data set_joint_type "
    "set_perpendicular_to_camera refresh_unit_normal sort_to_camera "
    "set_sort_to_camera set_always_sort deactivate_clip_plane ignore_last_motion "
    "disable_interaction add_ambient_occlusion draw_fills_together_if_disjoint "
    "sort_points set_uniform set_uniforms set_scale_stroke_with_zoom show".split()
)
# Methods that return a point.
POINTS = frozenset(
    "get_top get_bottom get_left get_right get_center get_corner get_start get_end c2p n2p i2gp "
    "coords_to_point number_to_point point_from_proportion pfp get_edge_center".split()
)
# Calls on the scene that only steer the preview.
DROPPED_CALLS = frozenset(
    "embed update_frame force_skipping revert_to_original_skipping_status set_floor_plane "
    "disable_interaction ignore_last_motion checkpoint_paste save_checkpoint "
    "lock_static_mobject_data unlock_mobject_data invert_colors show_frame".split()
)
DROPPED_KEYWORDS = frozenset(
    "gloss shadow reflectiveness flat_stroke depth_test anti_alias_width shading "
    "use_winding_fill always_sort_to_camera note ignore_presenter_mode should_remove_null_curves "
    "use_labelled_svg scale_stroke_with_zoom is_fixed_in_frame use_distance mark_paths_closed "
    "propagate_style_to_family background_image_file joint_type "
    "use_cache min_num_quads max_num_quads texture_paths".split()
)
DROPPED_KEYWORDS_OF = {
    ("set_fill", "border_width"),
    ("set_stroke", "flat"),
    ("make_smooth", "approx"),
    ("apply_function", "maintain_smoothness"),
    ("set_points_smoothly", "approx"),
    ("next_to", "align_using_submobjects"),
    ("set_color_by_gradient", "interp_by_hsl"),
    ("color_gradient", "interp_by_hsl"),
    ("Rotate", "in_place"),
    ("Rotating", "in_place"),
}
# Call, old keyword: new keyword.
KEYWORDS_OF = {
    ("set_stroke", "behind"): "background",
    ("arrange_in_grid", "n_rows"): "rows",
    ("arrange_in_grid", "n_cols"): "cols",
    ("arrange_in_grid", "h_buff"): "col_buff",
    ("arrange_in_grid", "v_buff"): "row_buff",
    ("align_to", "alignment_vect"): "direction",
    ("FadeIn", "direction"): "shift",
    ("FadeOut", "direction"): "shift",
    ("Rotating", "radians"): "angle",
    ("Circle", "n_components"): "num_components",
    ("Arc", "n_components"): "num_components",
    ("Cross", "stroke_width"): "stroke_width",
    ("wait", "time"): "duration",
}
# Methods of mobjects that ``play(mobject.method, …)`` may name; those of the scene's own classes
# are added.
ANIMATED_METHODS = rules.ANIMATED_METHODS | frozenset(
    "shift scale move_to to_edge to_corner next_to rotate flip stretch set_color set_fill "
    "set_stroke set_opacity set_width set_height become apply_matrix apply_function center "
    "set_value increment_value fade set_fill_color put_start_and_end_on scale_to_fit_width "
    "scale_to_fit_height arrange rotate_about_origin set_x set_y set_z match_color restore "
    "scale_in_place rotate_in_place align_to set_submobject_colors_by_gradient highlight "
    "set_stroke_width set_color_by_gradient replace surround apply_complex_function "
    "shift_onto_screen to_center stretch_to_fit_width stretch_to_fit_height set_style "
    "match_style match_width match_height match_x match_y match_points change change_mode look "
    "look_at blink set_points set_points_as_corners apply_over_attr_arrays stretch_in_place "
    "set_background_stroke arrange_in_grid arrange_submobjects set_max_width add set_angle "
    "set_length set_color_by_tex flip_in_place set_depth reorient set_euler_angles set_phi "
    "set_theta set_gamma increment_phi increment_theta increment_gamma scale_about_point "
    "set_opacity_by_tex set_backstroke pointwise_become_partial make_smooth "
    "apply_nonlinear_transform prepare_for_nonlinear_transform rotate_about_point rescale_to_fit "
    "gradient_highlight set_color_by_xyz_func make_eye_contact wag repeat space_out_submobjects "
    "fade_all_but add_background_rectangle replicate set_radius set_weight clear_updaters".split()
)
# Methods of scenes that return an animation.
ANIMATIONS_OF_SCENES = frozenset(
    "change_students get_student_changes change_all_students get_all_student_changes".split()
)
# Keywords whose lists hold what a play takes.
LISTS_OF_ANIMATIONS = frozenset({"added_anims", "extra_anims", "anims", "further_anims"})
# Methods that manim calls by another name, where the source defines them.
DEFINITIONS = {"init_points": "generate_points", "update_submobject": "interpolate_submobject"}
