"""The parameters of a scene: what a viewer may change in it without its writer.

Of a scene from the library those that its file declares, of any other the constants at its top.
Pure: the source is parsed, never run.

Runs wherever results are shown: in a kernel, a service or ``share``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shaperotator_magic.core.records import Parameter, ParameterKind, SceneCode
from shaperotator_magic.pipeline.exploring.constants import (
    Constant,
    find_constants,
    find_functions,
    find_used_names,
)
from shaperotator_magic.pipeline.exploring.ranges import (
    choose_step,
    flatten,
    read_choices,
    read_range,
)
from shaperotator_magic.writing.library.scene_files import LibraryScene, load_scenes

TEXT_SUFFIX = "_TEXT"
"""What follows the name of a function in the name of the constant that holds its formula."""

_LARGEST_GRID = 4  # rows, columns and entries that are shown as a grid
_MOST_ENTRIES = 40
_LONGEST_TEXT = 80
_MOST_PARAMETERS = 24
_FORMS: dict[str, ParameterKind] = {"one of": "choice", "text": "text"}


def read_parameters(code: SceneCode) -> tuple[Parameter, ...]:
    """Return the parameters of a scene with their present values, in the order of its source."""
    scene = find_library_scene(code)
    try:
        constants = find_constants(code.source)
        found = (
            list(_read_declared(scene, code.source, constants))
            if scene
            else list(_read_constants(code.source, constants))
        )
    except (SyntaxError, ValueError):  # a draft that never became a scene
        return ()
    return tuple(found[:_MOST_PARAMETERS])


def find_library_scene(code: SceneCode) -> LibraryScene | None:
    """Return the scene of the library that was filled to make this one."""
    name = code.origin.library_scene if code.origin.writer == "library" else None
    return next((scene for scene in load_scenes() if scene.name == name), None)


# --- what a library scene declares ------------------------------------------------------


def _read_declared(
    scene: LibraryScene, source: str, constants: Mapping[str, Constant]
) -> Iterator[Parameter]:
    functions = find_functions(source)
    for row, slot in zip(scene.parameters, scene.slots, strict=True):
        accepts = slot.accepts
        is_function = accepts.form == "expression"
        held = constants.get(f"{row.name}{TEXT_SUFFIX}" if is_function else row.name)
        if held is None or (is_function and row.name not in functions):
            continue
        is_number = accepts.form not in {"expression", "one of", "text"}
        is_single = accepts.form in {"number", "integer"}
        is_whole = accepts.form == "integer" or (not is_single and _has_whole(held.value))
        step = choose_step(accepts.low, accepts.high, is_whole=is_whole, is_single=is_single)
        yield Parameter(
            name=row.name,
            label=spell_label(row.name),
            kind=_FORMS.get(accepts.form, accepts.form),  # type: ignore[arg-type] # the others' own names
            value=_as_json(held.value),
            low=accepts.low if is_number else None,
            high=accepts.high if is_number else None,
            step=step if is_number else None,
            fewest=accepts.fewest,
            most=accepts.most,
            choices=accepts.choices,
            variables=accepts.variables,
            help=row.help,
        )


def _has_whole(value: Any) -> bool:
    return all(isinstance(number, int) for number in flatten(value))


# --- constants --------------------------------------------------------------------------


def _read_constants(source: str, constants: Mapping[str, Constant]) -> Iterator[Parameter]:
    used = find_used_names(source)
    for constant in constants.values():
        if constant.name in used:
            value = _as_json(constant.value)
            described = _describe(value, constant.comment)
            if described is not None:
                yield Parameter(
                    name=constant.name, label=spell_label(constant.name), value=value, **described
                )


def _describe(value: Any, comment: str) -> dict[str, Any] | None:
    """Return the kind of a value and what goes with it, None where it is of no kind."""
    if isinstance(value, bool):
        return {"kind": "switch"}
    if isinstance(value, str):
        return _describe_text(value, comment)
    kind = _find_kind(value)
    if kind is None:
        return None
    bounds = read_range(comment, value)
    count = len(value) if isinstance(value, list) else 1
    return {
        "kind": kind,
        "low": bounds.low,
        "high": bounds.high,
        "step": bounds.step,
        "is_bounded": bounds.is_given,
        "fewest": 1 if kind == "list" else count,
        "most": _MOST_ENTRIES if kind == "list" else len(value[0]) if kind == "matrix" else count,
    }


def _describe_text(value: str, comment: str) -> dict[str, Any] | None:
    choices = read_choices(comment, value)
    if choices:
        return {"kind": "choice", "choices": choices}
    is_short = len(value) <= _LONGEST_TEXT and "\n" not in value
    return {"kind": "text", "fewest": 0, "most": _LONGEST_TEXT} if is_short else None


def _find_kind(value: Any) -> ParameterKind | None:
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) else "number"
    if not isinstance(value, list) or not 1 <= len(value) <= _MOST_ENTRIES:
        return None
    if all(map(_is_number, value)):
        return "vector" if len(value) <= _LARGEST_GRID else "list"
    is_table = all(isinstance(row, list) and len(row) == len(value[0]) for row in value)
    is_small = is_table and len(value) <= _LARGEST_GRID and 1 <= len(value[0]) <= _LARGEST_GRID
    is_numeric = is_table and all(_is_number(entry) for row in value for entry in row)
    return "matrix" if is_small and is_numeric else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_json(value: Any) -> Any:
    return [_as_json(part) for part in value] if isinstance(value, list | tuple) else value


def spell_label(name: str) -> str:
    """Return a constant's name as words: ``LEARNING_RATE`` is 'learning rate', ``A`` stays."""
    words = name.strip("_").split("_")
    return " ".join(word if len(word) == 1 else word.lower() for word in words)
