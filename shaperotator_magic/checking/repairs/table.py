"""The rules, ordered by how much of the scene's meaning they keep.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.repairs.failing import Failing, Repair
from shaperotator_magic.checking.repairs.rules.arguments import (
    aim_animation,
    become_given,
    drop_choice,
    forget_moving,
    gather_colors,
    group_list,
    join_coordinates,
    map_table,
    place_on_axes,
    plot_function,
    raise_surface,
    span_range,
    unpack_list,
    write_as_text,
)
from shaperotator_magic.checking.repairs.rules.attributes import (
    draw_group,
    drop_from_chain,
    find_on_surface,
    move_frame,
    rename_attribute,
    rename_name,
    turn_corner,
    use_module,
)
from shaperotator_magic.checking.repairs.rules.formulas import set_formula
from shaperotator_magic.checking.repairs.rules.keywords import (
    drop_places,
    keep_one_value,
    rename_or_drop,
)
from shaperotator_magic.checking.repairs.rules.leaving_out import drop_unused, omit_statement
from shaperotator_magic.checking.repairs.rules.makers import (
    bound_area,
    chart_table,
    drop_tags,
    join_graph,
    join_texts,
    order_function,
    order_places,
    plot_points,
    plot_text,
    quote_code,
    span_places,
    stand_column,
    take_coordinates,
)
from shaperotator_magic.checking.repairs.rules.numbers import (
    count_parts,
    drop_none,
    join_text,
    last_part,
    read_number,
    read_tracker,
    take_twice,
)
from shaperotator_magic.checking.repairs.rules.playability import (
    aim_target,
    color_surface,
    draw_polyline,
    fade_group,
    give_missing,
    lengthen_time,
    make_target,
    save_before,
    skip_nothing,
    trace_function,
)
from shaperotator_magic.checking.repairs.rules.playing import (
    animate_arguments,
    animate_call,
    animate_once,
    fit_lambda,
    hoist_calls,
    leave_out_animation,
    map_over_group,
    name_function,
    set_by_animate,
    widen_group,
)
from shaperotator_magic.checking.repairs.rules.points import lift_points
from shaperotator_magic.checking.repairs.rules.scopes import (
    define_before,
    share_local,
    use_attribute,
    use_own,
)
from shaperotator_magic.checking.repairs.rules.signatures import (
    bound_surface,
    count_vertices,
    follow_points,
    measure_between,
    name_tip,
    pass_scene,
    redraw_by_function,
    show_untargeted,
    trim_places,
    turn_edge,
)
from shaperotator_magic.checking.repairs.rules.unknown import (
    frame_unknown,
    import_from_manim,
    name_animation,
)
from shaperotator_magic.checking.repairs.rules.values import (
    call_method,
    color_by_keyword,
    name_color,
    name_palette,
    name_text,
    part_of_formula,
    read_value,
    show_text,
    use_arrays,
    use_center,
)
from shaperotator_magic.checking.repairs.translation.translating import translate_failure
from shaperotator_magic.core.records import RehearsalFailure

Rule = Callable[[Failing], Iterator[Repair]]

RULES: tuple[Rule, ...] = (
    import_from_manim,
    define_before,
    share_local,
    use_attribute,
    use_own,
    translate_failure,
    set_formula,
    lengthen_time,
    skip_nothing,
    make_target,
    fade_group,
    hoist_calls,
    animate_once,
    animate_call,
    set_by_animate,
    map_over_group,
    name_function,
    aim_target,
    save_before,
    give_missing,
    trace_function,
    move_frame,
    draw_group,
    span_places,
    chart_table,
    stand_column,
    join_graph,
    quote_code,
    order_places,
    join_texts,
    drop_tags,
    plot_points,
    plot_text,
    bound_area,
    take_coordinates,
    order_function,
    map_table,
    gather_colors,
    count_parts,
    take_twice,
    name_color,
    name_palette,
    color_by_keyword,
    color_surface,
    rename_or_drop,
    keep_one_value,
    read_number,
    join_text,
    read_tracker,
    pass_scene,
    redraw_by_function,
    measure_between,
    join_coordinates,
    place_on_axes,
    write_as_text,
    use_arrays,
    call_method,
    use_center,
    follow_points,
    bound_surface,
    name_tip,
    turn_edge,
    count_vertices,
    drop_none,
    unpack_list,
    group_list,
    trim_places,
    show_untargeted,
    span_range,
    drop_choice,
    lift_points,
    draw_polyline,
    plot_function,
    raise_surface,
    use_module,
    rename_name,
    turn_corner,
    find_on_surface,
    rename_attribute,
    widen_group,
    fit_lambda,
    aim_animation,
    forget_moving,
    become_given,
    name_text,
    part_of_formula,
    show_text,
    last_part,
    read_value,
    drop_unused,
    drop_places,
    animate_arguments,
    name_animation,
)
LAST_RULES: tuple[Rule, ...] = (
    import_from_manim,
    frame_unknown,
    drop_from_chain,
    leave_out_animation,
    omit_statement,
)


def propose_repairs(source: str, failure: RehearsalFailure, api: Api) -> Iterator[Repair]:
    """Yield edits that may let a scene get past its failure; a rehearsal decides which does."""
    yield from _propose(RULES, Failing(source, failure, api))


def propose_omissions(source: str, failure: RehearsalFailure, api: Api) -> Iterator[Repair]:
    """Yield the scene without what fails, the smallest part first."""
    yield from _propose(LAST_RULES, Failing(source, failure, api))


def _propose(rules: tuple[Rule, ...], failing: Failing) -> Iterator[Repair]:
    seen = {failing.source}
    for rule in rules:
        for repair in rule(failing):
            if repair.source not in seen:
                seen.add(repair.source)
                yield repair
