"""Values for a scene's parameters, read from the prompt by one small grammar a kind.

Nothing is evaluated. A value that is out of range or of the wrong length is not taken, and a
sentence says so; the scene then keeps its own example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shaperotator_magic.writing.expressions import Expression, find_expressions
from shaperotator_magic.writing.scene_files import LibraryScene, Parameter

_NUMBER = r"[-+−]?(?:\d+\s*/\s*[1-9]\d*|\d+\.?\d*|\.\d+)"
_LIST = re.compile(rf"[\[(⟨<{{]\s*({_NUMBER}(?:\s*[,;\s]\s*{_NUMBER})*)\s*[\])⟩>}}]")
_BARE_LIST = re.compile(rf"(?<![\w.])({_NUMBER}(?:\s*,\s*(?:and\s+)?{_NUMBER}){{2,}})(?![\w])")
_ROWS = re.compile(
    rf"\[?\s*[\[(]\s*({_NUMBER})\s*[,\s]\s*({_NUMBER})\s*[\])]\s*[,;]?\s*"
    rf"[\[(]\s*({_NUMBER})\s*[,\s]\s*({_NUMBER})\s*[\])]\s*\]?"
)
_SEMICOLON_ROWS = re.compile(
    rf"\[?\s*({_NUMBER})[,\s]\s*({_NUMBER})\s*;\s*({_NUMBER})[,\s]\s*({_NUMBER})\s*\]?"
)
_LATEX_ROWS = re.compile(
    rf"\\begin\{{[pb]matrix\}}\s*({_NUMBER})\s*&\s*({_NUMBER})\s*\\\\\s*({_NUMBER})\s*&\s*({_NUMBER})"
)
_SINGLE = re.compile(rf"(?<![\w.,/])({_NUMBER})(?![\w/]|\.\d)")
_RANGE = re.compile(
    rf"(?:from|between|over|on|in|interval)\s+(?:x\s*=\s*)?[\[(]?\s*({_NUMBER}|π|pi)\s*"
    rf"(?:to|and|,|\.\.|–|-)\s*({_NUMBER}|π|pi)",
    re.IGNORECASE,
)
_BOUNDS = re.compile(rf"\[({_NUMBER}),\s*({_NUMBER})\]")
_COUNTS = re.compile(r"(\d+) (?:to (\d+) )?numbers")
_CUE_REACH = 32  # characters between a word and the number that it speaks of

# What people write before or behind a value, by the parameter's name or a word of it.
_CUES = {
    "learning": ("learning rate", "step size", "eta", "η", "lr"),
    "rate": ("rate",),
    "start": ("start", "starting", "begin", "from", "initial"),
    "curvatures": ("curvature",),
    "lambda": ("lambda", "λ", "strength", "penalty"),
    "optimum": ("optimum", "weights", "unregularised", "unregularized", "minimum", "best fit"),
    "temperature": ("temperature", "versus", "vs", "and"),
    "terms": ("term", "vector", "harmonic", "circle", "epicycle", "n ="),
    "degree": ("degree", "order", "n =", "up to", "term"),
    "point": ("at x", "at", "point", "x =", "a ="),
    "rectangles": ("rectangle", "bar", "n =", "strip", "subinterval", "slice", "box"),
    "target": ("for", "target", "find", "search", "look", "locate", "key"),
    "shape": ("shape",),
    "signal": ("of", "signal", "list", "sequence"),
    "kernel": ("kernel", "filter", "with"),
    "vector": ("vector", "v =", "point", "of"),
    "vector_a": ("a =", "onto"),
    "vector_b": ("b =", "projection of", "project"),
    "scalar": ("scalar", "times", "scale by", "scaled by", "factor"),
    "angle": ("angle", "degree", "°", "stop at", "at", "θ", "theta", "phase", "released"),
    "mean": ("mean", "μ", "mu =", "average"),
    "sigma": ("sigma", "σ", "standard deviation", "sd"),
    "within": ("within",),
    "dice": ("dice", "die"),
    "probability": ("probability", "p =", "chance"),
    "flips": ("flip", "toss", "throw", "trial"),
    "prior": ("prior", "base rate", "prevalence", "ill"),
    "sensitivity": ("sensitivity", "hit rate", "true positive"),
    "false_positive": ("false positive", "false alarm"),
    "trials": ("trial", "toss", "flip", "n =", "times"),
    "rows": ("row",),
    "count": ("first", "numbers", "n =", "up to"),
    "disks": ("disk", "disc", "ring", "n ="),
    "length": ("length", "long", "l =", "metre", "meter"),
    "speed": ("speed", "velocity", "m/s", "v ="),
    "frequency_1": ("frequenc", "hz", "tone"),
    "frequency_2": ("and", "frequenc", "hz"),
    "phase": ("phase", "shift", "degree", "°"),
    "z": ("z =", "of", "number"),
    "w": ("w =", "and", "by", "times"),
    "v": ("v =", "vector", "of"),
    "legs": ("leg", "side", "triangle"),
    "inputs": ("input", "of", "for"),
    "basis_1": ("basis", "b1", "b₁"),
    "basis_2": ("basis", "b2", "b₂", "and"),
}


@dataclass
class Reading:
    """What was read of a prompt: sources to fill in, values to show, and sentences to say."""

    sources: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    """A value in the prompt, and where."""

    value: Any
    start: int
    end: int


def read_parameters(scene: LibraryScene, prompt: str) -> Reading:
    """Read what a prompt says of a scene's parameters.

    Every part of the prompt is read once: a number inside a matrix is not also a degree.
    """
    reading = Reading()
    reader = _Reader(prompt)
    for parameter in scene.parameters:
        for prefix, read in _READERS:
            if parameter.kind.startswith(prefix):
                read(reader, parameter, reading)
                break
    return reading


class _Reader:
    """The prompt, and the parts of it that are taken."""

    def __init__(self, prompt: str) -> None:
        self.prompt = prompt
        self.lowered = prompt.lower()
        self._taken: list[tuple[int, int]] = []

    def is_free(self, found: _Found) -> bool:
        return all(found.end <= start or end <= found.start for start, end in self._taken)

    def take(self, found: _Found) -> None:
        self._taken.append((found.start, found.end))

    def is_cued(self, parameter: Parameter, found: _Found) -> bool:
        """Tell whether a word for the parameter stands before the value, or right behind it."""
        before = self.lowered[max(0, found.start - _CUE_REACH) : found.start]
        behind = self.lowered[found.end : found.end + 14]
        return any(_holds(before, cue) or _holds(behind, cue) for cue in _find_cues(parameter))


def _holds(text: str, cue: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(cue)}", text) is not None


def _find_cues(parameter: Parameter) -> list[str]:
    whole = parameter.name.lower()
    words = [whole] if whole in _CUES else whole.split("_")
    return [cue for word in words for cue in _CUES.get(word, (word,))]


def read_number(text: str) -> float:
    """Return the number that a text such as ``−3``, ``1/2`` or ``.5`` writes."""
    plain = text.replace("−", "-").replace(" ", "")
    if plain in {"π", "pi"}:
        return 3.141592653589793
    over, slash, under = plain.partition("/")
    return float(over) / float(under) if slash else float(plain)


def _tidy(number: float) -> float | int:
    return int(number) if number == int(number) else round(number, 6)


def _read_bounds(kind: str) -> tuple[float, float]:
    bounds = _BOUNDS.search(kind)
    return (read_number(bounds[1]), read_number(bounds[2])) if bounds else (-1e9, 1e9)


def _is_within(values: Sequence[float], kind: str) -> bool:
    lowest, highest = _read_bounds(kind)
    return all(lowest <= value <= highest for value in values)


def _accept(reading: Reading, parameter: Parameter, value: Any) -> None:
    reading.sources[parameter.name] = repr(value)
    reading.values[parameter.name] = value


def _refuse(reading: Reading, parameter: Parameter, text: str) -> None:
    reading.notes.append(
        f"{parameter.name}: {text.strip()} is not {_with_article(parameter.kind)}; "
        "the scene's own example is shown."
    )


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


# --- one reader a kind ----------------------------------------------------------------


def _read_matrix(reader: _Reader, parameter: Parameter, reading: Reading) -> None:
    for pattern in (_LATEX_ROWS, _ROWS, _SEMICOLON_ROWS):
        for match in pattern.finditer(reader.prompt):
            a, b, c, d = (_tidy(read_number(group)) for group in match.groups())
            found = _Found([[a, b], [c, d]], match.start(), match.end())
            if not reader.is_free(found):
                continue
            reader.take(found)
            if _is_within([a, b, c, d], parameter.kind):
                _accept(reading, parameter, found.value)
            else:
                _refuse(reading, parameter, match[0])
            return


def _find_lists(reader: _Reader) -> Iterator[_Found]:
    for pattern in (_LIST, _BARE_LIST):
        for match in pattern.finditer(reader.prompt):
            numbers = [_tidy(read_number(text)) for text in re.findall(_NUMBER, match[1])]
            found = _Found(numbers, match.start(), match.end())
            if len(numbers) > 1 and reader.is_free(found):
                yield found


def _read_list(reader: _Reader, parameter: Parameter, reading: Reading) -> None:
    candidates = sorted(
        _find_lists(reader), key=lambda found: (not reader.is_cued(parameter, found), found.start)
    )
    if not candidates:
        return
    counts = _COUNTS.search(parameter.kind)
    fewest, most = (int(counts[1]), int(counts[2] or counts[1])) if counts else (1, 100)
    fitting = [found for found in candidates if fewest <= len(found.value) <= most]
    found = (fitting or candidates)[0]
    if not fitting and not reader.is_cued(parameter, found):
        return
    reader.take(found)
    if fitting and _is_within(found.value, parameter.kind):
        _accept(reading, parameter, found.value)
    else:
        _refuse(reading, parameter, reader.prompt[found.start : found.end])


def _read_number(reader: _Reader, parameter: Parameter, reading: Reading) -> None:
    if parameter.name in {"START", "END"} and _read_range(reader, parameter, reading):
        return
    is_whole = parameter.kind.startswith("integer")
    outside = None
    for found in _find_numbers(reader, parameter):
        number = _read_percent(reader, found, parameter)
        if _is_within([number], parameter.kind) and not (is_whole and number != int(number)):
            reader.take(found)
            _accept(reading, parameter, int(number) if is_whole else number)
            return
        outside = outside or reader.prompt[found.start : found.end]
    if outside:
        _refuse(reading, parameter, outside)


def _find_numbers(reader: _Reader, parameter: Parameter) -> list[_Found]:
    """Return the numbers with a word for the parameter near; first those right after the word.

    In 'sigma 3 and mean 12' the mean is near both, and after it comes only the second.
    """
    near, last_end = [], 0
    for match in _SINGLE.finditer(reader.prompt):
        found = _Found(_tidy(read_number(match[1])), match.start(1), match.end(1))
        between = reader.lowered[max(last_end, found.start - _CUE_REACH) : found.start]
        last_end = found.end
        if reader.is_free(found) and reader.is_cued(parameter, found):
            near.append((not any(_holds(between, cue) for cue in _find_cues(parameter)), found))
    return [found for _, found in sorted(near, key=lambda pair: pair[0])]


def _read_percent(reader: _Reader, found: _Found, parameter: Parameter) -> float | int:
    """Return a number, or the share that it means where a percent sign follows it."""
    is_share = _read_bounds(parameter.kind)[1] <= 1
    is_percent = reader.prompt[found.end :].lstrip().startswith("%")
    return _tidy(found.value / 100) if is_share and is_percent else found.value


def _read_range(reader: _Reader, parameter: Parameter, reading: Reading) -> bool:
    match = _RANGE.search(reader.prompt)
    if match is None:
        return False
    number = _tidy(read_number(match[1 if parameter.name == "START" else 2].lower()))
    if _is_within([number], parameter.kind):
        _accept(reading, parameter, number)
    else:
        _refuse(reading, parameter, str(number))
    if parameter.name == "END":
        reader.take(_Found(number, match.start(), match.end()))
    return True


def _read_expression(reader: _Reader, parameter: Parameter, reading: Reading) -> None:
    found = find_expressions(reader.prompt)
    if not found:
        return
    best: Expression = found[0]
    reader.take(_Found(best, best.start, best.end))
    reading.sources[parameter.name] = best.code
    reading.sources[f"{parameter.name}_TEXT"] = repr(best.text)
    reading.values[parameter.name] = best.text


def _read_choice(reader: _Reader, parameter: Parameter, reading: Reading) -> None:
    squeezed = re.sub(r"[\s^*]+", "", reader.lowered)
    choices = [c.strip() for c in parameter.kind.removeprefix("one of: ").split(",")]
    for plain in choices:
        if any(_holds(reader.lowered, name) for name in _list_short_names(plain, choices)):
            _accept(reading, parameter, plain)
            return
        is_word = plain.isascii() and plain.replace(" ", "").isalpha()
        if _holds(reader.lowered, plain.lower()) if is_word else _squeeze(plain) in squeezed:
            _accept(reading, parameter, plain)
            return


def _list_short_names(choice: str, choices: Sequence[str]) -> list[str]:
    """Return what people call one of several choices: 'bfs', or the word that only it has."""
    words = choice.split()
    others = {word for other in choices if other != choice for word in other.split()}
    initials = "".join(word[0] for word in words)
    return [initials, *(word for word in words if word not in others)] if words[1:] else []


def _squeeze(text: str) -> str:
    return re.sub(r"[\s^*]+", "", text.lower())


def _read_text(reader: _Reader, parameter: Parameter, reading: Reading) -> None:
    match = re.search(r"[\"“'‘]([^\"”'’]+)[\"”'’]", reader.prompt)
    limit = re.search(r"at most (\d+)", parameter.kind)
    if match and limit and len(match[1]) <= int(limit[1]):
        _accept(reading, parameter, match[1])


_READERS: tuple[tuple[str, Callable[[_Reader, Parameter, Reading], None]], ...] = (
    ("2x2 matrix", _read_matrix),
    ("vector of", _read_list),
    ("list of", _read_list),
    ("number", _read_number),
    ("integer", _read_number),
    ("expression in x", _read_expression),
    ("one of:", _read_choice),
    ("text", _read_text),
)
