"""Methods and attributes that models expect of manim, and what means the same. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.checking.repairs.translation.names import spread

# --- attributes and methods -----------------------------------------------------------

# The class, what is called so, and the attribute that does the same with the same arguments.
RENAMED_METHODS = tuple((owner, spread(rows)) for owner, rows in (
    ("Mobject", {
        "move_to": "set_position set_pos set_center set_location center_at place_at go_to "
                   "move_to_point set_coordinates position_at moveto place set_coords",
        "shift": "move_by translate shift_by move offset",
        "rotate": "set_rotation rotate_by turn rotate_by_angle",
        "scale": "set_scale scale_by resize scale_to scale_uniform zoom",
        "get_center": "get_position get_pos get_location get_center_point get_coords "
                      "get_coordinates center_point get_centroid midpoint center_of_mass",
        "get_top": "get_top_center get_top_point get_upper", "get_left": "get_left_center "
        "get_left_side", "get_bottom": "get_bottom_center get_bottom_point get_lower",
        "get_right": "get_right_center get_right_side",
        "set_opacity": "set_alpha set_transparency",
        "arrange": "arrange_in_line distribute arrange_horizontally",
        "to_edge": "align_on_edge to_side",
        "arrange_in_grid": "arrange_grid arrange_as_grid grid_arrange",
        "set_color_by_gradient": "set_gradient set_color_gradient set_gradient_color "
        "set_colors_by_gradient", "apply_function": "apply_transform apply_transformation "
        "apply_nonlinear apply_pointwise", "apply_matrix": "apply_linear_transformation "
        "apply_matrix_transformation transform_by_matrix", "add_updater": "set_updater",
        "set_z_index": "set_z_order set_zindex set_layer",
        "add": "add_to_group append add_mobject add_submobject add_child",
        "copy": "clone duplicate",
        "add_background_rectangle": "add_background set_background", "become": "transform_into",
        "surround": "surround_mobject", "align_to": "align_with", "next_to": "put_next_to "
        "place_next_to position_next_to", "set_color": "change_color set_colors color_with",
        "get_start": "get_start_point", "get_end": "get_end_point", "set_style": "set_styles",
        "stretch_to_fit_width": "set_exact_width", "stretch_to_fit_height": "set_exact_height",
        "get_color": "get_colour", "match_style": "copy_style", "clear_updaters": "remove_updaters "
        "stop_updating", "point_from_proportion": "point_at_proportion get_point_from_proportion "
        "get_point_at_proportion pfp", "reverse_points": "reverse_direction reverse",
    }),
    ("Circle", {"point_at_angle": "point_from_angle get_point_from_angle get_point_at_angle "
                "get_point"}),
    ("Line", {"put_start_and_end_on": "set_start_and_end set_start_end set_start_and_end_on "
              "set_endpoints set_ends put_start_and_end set_points_by_ends_on", "get_angle":
              "get_rotation angle", "get_start": "start_point"}),
    ("Axes", {
        "plot": "plot_function graph draw_graph add_graph plot_graph get_plot get_curve plot_curve "
                "get_function_graph add_function create_graph plot_line",
        "get_area": "get_area_under_curve get_area_under_graph shade_area area plot_area "
                    "get_area_between",
        "c2p": "get_point coords point get_point_from_coords coord_to_point to_point "
               "get_coords_point cartesian_to_point get_position_from_coords xy_to_point",
        "i2gp": "get_graph_point get_point_on_graph graph_point point_on_graph",
        "add_coordinates": "add_numbers add_ticks add_tick_labels add_coordinate_numbers "
                           "label_axes add_axis_numbers add_number_labels",
        "get_axis_labels": "add_axis_labels set_axis_labels add_axes_labels add_labels "
                           "set_labels get_axes_labels get_axis_label",
        "get_x_axis_label": "get_x_label "
        "add_x_label set_x_label add_x_axis_label", "get_y_axis_label": "get_y_label add_y_label "
        "set_y_label add_y_axis_label", "plot_parametric_curve": "get_parametric_curve "
        "plot_parametric add_parametric_curve", "plot_implicit_curve": "get_implicit_curve "
        "plot_implicit get_implicit_function", "get_riemann_rectangles": "get_riemann_sum "
        "get_rectangles riemann_rectangles plot_riemann_rectangles", "plot_line_graph":
        "get_line_graph line_graph plot_lines", "plot_derivative_graph": "get_derivative_graph "
        "plot_derivative", "get_vertical_lines_to_graph": "get_vertical_lines_to_curve",
        "get_lines_to_point": "get_lines_to_coordinates", "get_vertical_line": "get_v_line "
        "add_vertical_line", "get_horizontal_line": "get_h_line add_horizontal_line",
    }),
    ("ThreeDAxes", {"plot_surface": "get_surface add_surface plot_3d"}),
    ("NumberLine", {"n2p": "get_number_position get_point number_to_position point_at "
                    "get_position_from_number", "add_numbers": "add_number_labels show_numbers"}),
    ("ValueTracker", {"get_value": "get read current_value", "set_value": "update_value "
                      "change_value", "increment_value": "increment add_value"}),
    ("BarChart", {"change_bar_values": "set_values update_values set_bar_values change_values "
                  "update_bar_values set_data update_bars", "get_bar_labels": "get_labels "
                  "add_bar_labels"}),
    ("DecimalNumber", {"set_value": "set_number update_value change_value"}),
    ("Table", {"get_entries": "get_cell_text get_element get_entry", "add_highlighted_cell":
               "highlight_cell", "get_rows": "get_row_mobjects", "get_columns": "get_cols"}),
    ("Surface", {"set_fill_by_checkerboard": "set_checkerboard_colors set_checkerboard"}),
    ("Scene", {"wait": "sleep hold delay", "remove": "remove_mobject remove_objects "
               "hide erase delete", "add": "add_foreground add_mobject add_object add_mobjects "
               "show_mobject draw add_to_scene display",
               "play": "animate run_animation play_animation play_animations play_all",
               "next_section": "begin_section", "clear": "clear_screen remove_all clear_scene"}),
    ("ThreeDScene", {"set_camera_orientation": "set_camera_position set_view orient_camera "
                     "set_camera_angle", "move_camera": "rotate_camera animate_camera "
                     "change_camera_orientation", "begin_ambient_camera_rotation":
                     "start_ambient_camera_rotation begin_camera_rotation start_camera_rotation",
                     "stop_ambient_camera_rotation": "end_ambient_camera_rotation "
                     "stop_camera_rotation stop_camera"}),
))  # fmt: skip

# The class, the methods, and the code that does it: $it is the thing, $args what it is given.
REPLACED_METHODS = tuple((owner, spread(rows)) for owner, rows in (
    ("_AnimationBuilder", {"$it($args)": "set_anim_args with_options set_options"}),
    ("ManimColor", {"$it.opacity($args)": "with_alpha with_opacity set_alpha set_opacity fade",
                    "$it.darker($args)": "darken shade", "$it.lighter($args)": "lighten brighten"}),
    ("Mobject", {
        "$it": "run_time set_run_time with_run_time set_rate_func rate_func "
               "set_glow set_shadow set_blur add_glow reorient set_euler_angles set_theta set_phi "
               "set_gamma increment_theta increment_phi to_default_state set_antialiasing",
        "put_label($it, $args)": "set_label add_label add_text set_title add_title label_with "
                                 "attach_label set_caption add_caption",
        "arrange_around($it, $args)": "arrange_in_circle arrange_circular arrange_on_circle "
                                      "arrange_in_a_circle circular_arrange",
        "$it.arrange(DOWN, $args)": "arrange_vertically arrange_in_column stack_vertically "
                                    "arrange_down",
        "$it.scale_to_fit_width($args)": "set_exact_size set_size scale_to_width fit_width",
        "Create($it, $args)": "create draw create_animation",
        "FadeIn($it, $args)": "fade_in appear", "Write($it, $args)": "write",
        "FadeOut($it, $args)": "fade_out disappear vanish", "Uncreate($it, $args)": "uncreate",
        "$it.set_opacity(0)": "hide make_invisible set_invisible",
        "$it.set_opacity(1)": "make_visible "
        "set_visible", "$it.to_edge(UP)": "to_top move_to_top to_top_edge",
        "$it.to_edge(DOWN)": "to_bottom move_to_bottom to_bottom_edge",
        "$it.to_edge(LEFT)": "to_left to_left_edge align_left move_to_left",
        "$it.to_edge(RIGHT)": "to_right to_right_edge align_right move_to_right",
        "$it.move_to(ORIGIN)": "to_center center_on_screen move_to_center to_origin centre "
                               "move_to_origin",
        "VGroup(*$it.submobjects)": "get_children get_parts get_submobjects get_letters "
                                    "get_elements get_lines get_all_submobjects get_bars get_cells "
                                    "get_dots get_components",
        "$it.set_stroke($args)": "set_border set_outline add_border add_stroke set_line_style",
        "SurroundingRectangle($it, $args)": "get_surrounding_rectangle get_bounding_box "
                                            "get_bounding_rectangle surrounding_rectangle",
        "DashedVMobject($it)": "set_dash set_dashed make_dashed",
        "($it.submobjects[0] if $it.submobjects else $it)": "get_label get_text_mobject "
                                                            "get_text_box",
    }),
    ("VMobject", {"$it.set_points_as_corners($args)": "set_points_as_line set_points_as_polyline "
                  "from_points set_corners set_vertices"}),
    ("Text", {"rewrite_text($it, $args)": "set_text set_string change_text update_text set_value "
              "set_content set_tex_string set_tex", "color_words($it, $args)": "set_color_by_tex "
              "set_color_by_text set_color_by_string set_color_by_t2c set_color_by_word "
              "set_color_by_tex_to_color_map", "part_or_whole($it, $args)": "get_part_by_text "
              "get_part_by_tex get_parts_by_text get_word get_substring select_part"}),
    ("MathTex", {"rewrite_text($it, $args)": "set_text set_tex set_tex_string update_tex set_value "
                 "change_tex set_string", "part_or_whole($it, $args)": "get_part_by_text "
                 "select_part get_parts_by_string"}),
    ("SingleStringMathTex", {"rewrite_text($it, $args)": "set_text set_tex set_tex_string"}),
    ("Paragraph", {"rewrite_text($it, $args)": "set_text set_string"}),
    ("MarkupText", {"rewrite_text($it, $args)": "set_text set_string"}),
    ("Axes", {
        "bars_on_axes($it, $args)": "get_bar_graph plot_bar plot_bars get_bars plot_bar_chart "
                                    "bar get_bar_chart add_bars plot_bar_graph get_histogram "
                                    "plot_histogram",
        "points_on_axes($it, $args)": "plot_points plot_point scatter plot_scatter get_scatter "
                                      "add_points plot_dots get_dots get_dot add_dot plot_dot "
                                      "get_scatter_plot plot_discrete add_point stem",
        "Arrow($it.c2p(0, 0), $it.c2p($args), buff=0)": "get_vector add_vector plot_vector "
                                                        "get_arrow vector",
        "graph_label($it, $args)": "add_label add_graph_label label_graph set_label add_title "
                                   "get_label",
        "$it": "set_axis_orientations add_grid set_axis_style "
        "add_grid_lines set_grid update_axes redraw set_axis_config show_grid set_tips",
        "tangent_line($it, $args)": "get_tangent_line get_tangent plot_tangent_line plot_tangent "
                                    "get_slope_line tangent_line",
        "Line($it.c2p(*($args)[0]), $it.c2p(*($args)[1]))": "get_line_between plot_segment",
        "NumberPlane(x_range=$it.x_range, y_range=$it.y_range, x_length=$it.x_length, "
        "y_length=$it.y_length).move_to($it)": "get_grid get_grid_lines",
    }),
    ("ParametricFunction", {
        "$it.get_point_from_function($args)": "get_point_at get_point_at_t point_at_t "
                                              "get_point_from_x get_point_at_x point_from_x "
                                              "point_at_x get_point_from_t get_point point",
        "$it.underlying_function($args)": "get_value evaluate get_y_value get_function_value",
    }),
    ("NumberLine", {"put_label($it, $args)": "add_label set_label add_axis_label"}),
    ("Arrow", {"put_label($it, $args)": "add_label set_label"}),
    ("Line", {"$it.rotate(($args) - $it.get_angle())": "set_rotation_angle rotate_to"}),
    ("Matrix", {"entry_of($it, $args)": "get_entry get_element get_cell",
                "$it.get_rows()[$args]": "get_row",
                "$it.get_columns()[$args]": "get_column get_col"}),
    ("Table", {"$it.get_rows()[$args]": "get_row", "$it.get_columns()[$args]": "get_column "
               "get_col"}),
    ("BarChart", {"$it.bars[$args]": "get_bar"}),
    ("Surface", {"color_by_height($it, $args)": "set_color_by_height set_color_by_z "
                 "set_color_by_gradient_z set_colors_by_height set_fill_by_height "
                 "set_color_by_value"}),
    ("LinearTransformationScene", {
        "$it.get_basis_vector_labels()[0]": "get_i_hat_label get_i_label",
        "$it.get_basis_vector_labels()[1]": "get_j_hat_label get_j_label",
        "VGroup($it.i_hat, $it.j_hat)": "get_basis_vector_group",
    }),
    ("Scene", {
        "clear_all($it)": "fade_out_all clear_all fadeout_all fade_all_out remove_everything "
                          "fade_all fade_all_mobjects fadeout "
                          "fade_out_everything clear_with_fade",
        "paint_background($it, $args)": "set_background set_background_color change_background "
                                        "set_background_colour set_bg_color",
        "wipe($it, $args)": "wipe", "Narration($args)": "voiceover say narrate speak",
        "$it.wait()": "next_slide pause_slide wait_for_input wait_until_bookmark next_step "
                      "wait_for_voiceover safe_wait wait_for_click",
        "None": "set_speech_service start_loop end_loop play_sound add_audio set_background_music "
                "make_rigid_body make_static_body set_gravity set_camera_background "
                "setup_camera set_quality set_resolution set_fps show_frame setup_scene",
        "$it.play(FadeIn($args))": "fade_in show", "$it.play(FadeOut($args))": "fade_out",
        "$it.play(Write($args))": "write write_text", "$it.play(Create($args))": "create",
    }),
    ("ndarray", {"$it.tolist()": "to_list as_list", "$it": "numpy copy_array "
                 "to_array get_center get_end get_start get_point as_array",
                 "np.linalg.norm($it)": "norm length magnitude get_length"}),
    ("list", {"VGroup(*$it).arrange($args)": "arrange", "VGroup(*$it).move_to($args)": "move_to",
              "VGroup(*$it).shift($args)": "shift", "VGroup(*$it).next_to($args)": "next_to",
              "VGroup(*$it).scale($args)": "scale", "VGroup(*$it).set_color($args)": "set_color",
              "$it.append($args)": "add push push_back", "list($it)": "tolist",
              "VGroup(*$it).to_edge($args)": "to_edge", "np.array($it).reshape($args)": "reshape",
              "VGroup(*$it).set_opacity($args)": "set_opacity", "np.array($it).dot($args)": "dot"}),
    ("float", {"$it": "get_value item tolist get_center numpy"}),
    ("int", {"$it": "get_value item tolist get_center numpy"}),
    ("str", {"Text($it).next_to($args)": "next_to", "Text($it).to_edge($args)": "to_edge",
             "Text($it).move_to($args)": "move_to", "Text($it).scale($args)": "scale",
             "Text($it).set_color($args)": "set_color"}),
))  # fmt: skip

# The class, the attributes that are no methods, and what to write instead.
REPLACED_ATTRIBUTES = tuple((owner, spread(rows)) for owner, rows in (
    ("ndarray", {"$it[0]": "x", "$it[1]": "y", "$it[2]": "z"}),
    ("Mobject", {"$it.get_center()": "position center_point pos location midpoint centroid",
                 "$it.get_x()": "x x_pos", "$it.get_y()": "y y_pos", "$it.get_z()": "z",
                 "$it.get_left()": "left", "$it.get_right()": "right", "$it.get_top()": "top",
                 "$it.get_bottom()": "bottom", "$it.submobjects": "mobjects children parts",
                 "$it.get_start()": "start_point", "$it.get_end()": "end_point",
                 "$it.get_center()[0]": "center_x", "$it.get_center()[1]": "center_y",
                 "$it.get_vertices()": "corners"}),
    ("list", {"VGroup(*$it).animate": "animate"}),
    ("tuple", {"VGroup(*$it).animate": "animate"}),
    ("Point", {"$it.get_location()": "coords coordinates coord point"}),
    ("Dot", {"$it.get_center()": "coords coordinates coord point"}),
    ("Line", {"$it.get_length()": "length_value", "$it.get_vector()": "vector",
              "$it.get_angle()": "slope_angle"}),
    ("Axes", {"$it.x_range[0]": "x_min", "$it.x_range[1]": "x_max", "$it.y_range[0]": "y_min",
              "$it.y_range[1]": "y_max", "$it.c2p(0, 0)": "origin_point", "$it.x_axis": "xaxis",
              "$it.y_axis": "yaxis"}),
    ("NumberLine", {"$it.get_end()": "label label_mobject axis_label"}),
    ("ValueTracker", {"$it.get_value()": "value current number"}),
    ("DecimalNumber", {"$it.get_value()": "value"}),
    ("Text", {"$it.submobjects": "letters characters", "words_of($it)": "words lines"}),
    ("ThreeDCamera", {"$it._frame_center": "frame"}),
    ("LinearTransformationScene", {"$it.i_hat": "basis_i i_vector", "$it.j_hat": "basis_j j_vector",
                                   "VGroup($it.i_hat, $it.j_hat)": "basis_vectors_group"}),
    ("Surface", {"$it.u_range[0]": "u_min", "$it.u_range[1]": "u_max", "$it.v_range[0]": "v_min",
                 "$it.v_range[1]": "v_max"}),
    ("Camera", {"$it._frame_center": "frame"}),
))  # fmt: skip
