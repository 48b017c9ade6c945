"""Single numbers: with units, in words, as shares, and the two ends of a range. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from shaperotator_magic.writing.languages import Language
from shaperotator_magic.writing.reading.scan import Scan, parse_constant, tidy
from shaperotator_magic.writing.reading.values import Kind

_UNITS_FILE = Path(__file__).with_name("units.toml")
_START = re.compile(r"(?<![A-Za-z0-9_.À-ÿα-ω^])(?:[-+]?(?=[\d.√]|\\frac|\\?pi|sqrt|π)|(?=\\frac))")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}|(?:,000)+)(?![\d,]|\s*,\s*\d)")
_POINT_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.000)+(?![\d.,])")
_BOUND = re.compile(
    r"(?P<low>[-+]?[\d.]+(?:/\d+)?|[-+]?\d*π|[-+]?\d*pi)\s*(?:<=|≤|<|\\leq?)\s*[a-zθ]\s*"
    r"(?:<=|≤|<|\\leq?)\s*(?P<high>[-+]?[\d.]+(?:/\d+)?π?|[-+]?\d*π|[-+]?\d*pi)"
)
_INTEGRAL = re.compile(
    r"(?:\\int|∫)\s*_?\s*\{?([^{}^\s]+?)\}?\s*\^\s*\{?([^{}\s^]+?)\}?(?=\s|$|[^\w}])"
)
_LETTERS = re.compile(r"[A-Za-zÀ-ÿ]{2}")
_LONGEST = 24  # characters, of a number as well
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_LEAST_STRONG = 3
_LARGEST_DENOMINATOR = 24
_PI = re.compile(r"pi|π")
_OF = re.compile(r"\s+of\s+(?=[\d.√\\π]|pi\b)", re.IGNORECASE)
_DIMENSIONS = re.compile(r"[\s-]+dimension", re.IGNORECASE)
_IN_A_NAME = re.compile(r"-(?:cell|cube|simplex|sphere)s?\b", re.IGNORECASE)  # the 24-cell
_NOT_SIGNED = re.compile(r"[\w)\]]\s*$")


@dataclass(frozen=True)
class Unit:
    """A unit: what it measures, and how many of the base unit it is."""

    name: str
    dimension: str
    factor: float


@functools.cache
def load_units() -> dict[str, Unit]:
    """Return the units by every name that people write for them; words in lower case."""
    table = tomllib.loads(_UNITS_FILE.read_text("utf-8"))
    units = {}
    for name, (dimension, factor, names) in table.items():
        for written in names:
            key = written if len(written) <= 2 else written.lower()  # noqa: PLR2004 - symbols keep case
            units[key] = Unit(name, dimension, float(factor))
    return units


def read_unit(text: str, at: int) -> tuple[str, int]:
    """Return the name of the unit that stands at a place, and where it ends; or ``""``."""
    units = load_units()
    start = at + (text[at : at + 1].isspace() or text[at : at + 2].startswith("-"))
    for size in range(_LONGEST, 0, -1):
        written = text[start : start + size]
        unit = units.get(written if size <= 2 else written.lower())  # noqa: PLR2004 - as above
        if len(written) == size and unit and not _runs_on(text, start + size):
            return unit.name, start + size
    return "", at


def _runs_on(text: str, end: int) -> bool:
    """Return whether a word in Latin letters goes on at a place."""
    return _LETTERS.match(text[end - 1 : end + 1]) is not None


@functools.cache
def find_unit(name: str) -> Unit | None:
    """Return a unit by its own name."""
    return next((unit for unit in load_units().values() if unit.name == name), None)


def read_ranges(scan: Scan) -> None:
    """Find 'from 0 to 3', '-1 ≤ x ≤ 2' and the bounds of an integral."""
    for pattern in (_BOUND, _INTEGRAL):
        for match in pattern.finditer(scan.plain):
            low, high = parse_constant(match[1], 0), parse_constant(match[2], 0)
            if low and high and scan.is_free(*match.span()):
                scan.add("range", [low[0], high[0]], match.span())
    for first, second in scan.language.ranges:
        for match in _compile_opening(first).finditer(scan.plain):
            _read_range_at(scan, match, second)


@functools.lru_cache(maxsize=128)
def _compile_opening(word: str) -> re.Pattern[str]:
    if not word:
        return re.compile(r"(?<![\w.,])(?=[-+]?\d)")
    edge = "" if _CJK.search(word) else r"(?<!\w)"
    return re.compile(rf"{edge}{re.escape(word)}\s*(?:[a-zθ]\s*=\s*)?", re.IGNORECASE)


def _read_range_at(scan: Scan, match: re.Match[str], second: str) -> None:
    low = _read_number_at(scan, match.end())
    if low is None:
        return
    between = re.compile(rf"\s*{re.escape(second)}\s*(?:[a-zθ]\s*=\s*)?", re.IGNORECASE)
    middle = between.match(scan.text, low[1])
    high = _read_number_at(scan, middle.end()) if middle else None
    if middle is None or high is None or not scan.is_free(match.end(), high[1]):
        return
    if second.isalpha() and not _CJK.search(second) and middle[0] == middle[0].strip():
        return
    scan.add("range", [low[0], high[0]], (match.end(), high[1]), unit=high[2] or low[2])


def _read_number_at(scan: Scan, at: int) -> tuple[float | int, int, str] | None:
    """Return a number in digits or words, its end and its unit."""
    found = parse_constant(scan.plain, at)
    if found is None or (found[2].kind == "constant" and found[2].name == "e"):
        word = _compile_words(scan.language).match(scan.plain, at)
        if word is None:
            return (found[0], found[1], "") if found else None
        number = scan.language.numbers[" ".join(word[0].lower().split())]
        found_value, end = number, word.end()
    else:
        found_value, end = found[0], found[1]
    unit, unit_end = read_unit(scan.plain, end)
    return found_value, unit_end if unit else end, unit


@functools.lru_cache(maxsize=16)
def _compile_words(language: Language) -> re.Pattern[str]:
    words = sorted(language.numbers, key=len, reverse=True)
    plain = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in words if not _CJK.search(w))
    signs = "|".join(re.escape(w) for w in words if _CJK.search(w))
    parts = [rf"(?<![^\W\d])(?:{plain})(?:(?![^\W\d])|(?=k?Hz|°|km/h|m/s))"] if plain else []
    return re.compile("|".join([*parts, *([signs] if signs else [])]), re.IGNORECASE)


# --- shares and single numbers ----------------------------------------------------------


def read_shares(scan: Scan) -> None:
    """Find shares such as '1 in 50'."""
    words = "|".join(re.escape(w) for w in sorted(scan.language.one_in, key=len, reverse=True))
    pattern = re.compile(
        rf"(?<![\w.])(\d+|one)\s+(?:{words})\s+(\d[\d,]*|a hundred|a thousand)"
        r"(?!\w|\.\d|\s*(?:to|%))",
        re.IGNORECASE,
    )
    spoken = {"one": 1, "a hundred": 100, "a thousand": 1000}
    for match in pattern.finditer(scan.plain) if words else ():
        part, whole = (
            spoken.get(g.lower()) or int(g.replace(",", "") or 0) for g in match.groups()
        )
        if whole > part and scan.is_free(*match.span()):
            scan.add("number", tidy(part / whole), match.span(), unit="share")


def read_fractions(scan: Scan) -> None:
    """Find fractions in words of a multiple of π or of an angle: 'three quarters of pi'."""
    for match in _compile_words(scan.language).finditer(scan.plain):
        fraction = scan.language.numbers[" ".join(match[0].lower().split())]
        of = _OF.match(scan.plain, match.end())
        found = parse_constant(scan.plain, of.end()) if of else None
        if of is None or found is None or fraction == int(fraction):
            continue
        number, end, _ = found
        name, unit_end = read_unit(scan.plain, end)
        unit = find_unit(name)
        is_angle = unit.dimension == "angle" if unit else _PI.search(scan.plain, of.end(), end)
        part = float(Fraction(fraction).limit_denominator(_LARGEST_DENOMINATOR)) * number
        span = (match.start(), unit_end if unit else end)
        if is_angle and scan.is_free(*span):
            scan.add("number", tidy(part), span, unit=name)


def read_numbers(scan: Scan) -> None:
    """Find single numbers in digits, with their units."""
    for match in _find_thousands(scan):
        if scan.is_free(*match.span()) and len(match[0]) <= _LONGEST:
            number = int(re.sub(r"[.,]", "", match[0]))
            _add_number(scan, number, match.span(), is_whole=True)
    for match in _START.finditer(scan.plain):
        start = match.start()
        if match[0] and _NOT_SIGNED.search(scan.plain[:start]):
            start += len(match[0])  # the sign of a difference, or a dash
            if scan.plain[start - 2 : start - 1].isspace() and scan.plain[start].isdigit():
                start -= len(match[0])
        found = parse_constant(scan.plain, start)
        if found is None or not scan.is_free(start, found[1]):
            continue
        _add_number(scan, found[0], (start, found[1]), is_whole=isinstance(found[0], int))


def _find_thousands(scan: Scan) -> list[re.Match[str]]:
    pattern = _POINT_THOUSANDS if scan.language.decimal_comma else _THOUSANDS
    return list(pattern.finditer(scan.text if scan.language.decimal_comma else scan.plain))


def _add_number(scan: Scan, number: float | int, span: tuple[int, int], *, is_whole: bool) -> None:
    start, end = span
    unit, unit_end = read_unit(scan.plain, end)
    if not unit and re.match(r"[A-Za-zÀ-ÿ_]", scan.plain[end : end + 1]):
        return  # 3D, 2nd, 5x: a word
    if _IN_A_NAME.match(scan.plain, end):
        return
    scan.add(
        "integer" if is_whole else "number", number, (start, unit_end if unit else end), unit=unit
    )


def read_ordinals(scan: Scan) -> None:
    """Find ordinals of what has a number, as in 'third harmonic' and '4th degree'."""
    language = scan.language
    if not language.ordinals:
        return
    words, counted = "|".join(language.ordinals), "|".join(language.counted)
    pattern = re.compile(
        rf"(?<![\w.])(?:(\d{{1,3}})(?:st|nd|rd|th)|({words}))(?=[\s-]+(?:{counted})\b)",
        re.IGNORECASE,
    )
    for match in pattern.finditer(scan.plain):
        if scan.is_free(*match.span()):
            number = int(match[1]) if match[1] else language.ordinals[match[2].lower()]
            scan.add("integer", number, match.span())


def share_units(scan: Scan) -> None:
    """Give a number the unit of the one that it is joined to: '120 and 90 degrees'."""
    values = sorted(scan.values, key=lambda value: value.start)
    joined = "|".join(("and", "or", *map(re.escape, scan.language.conjunctions)))
    between = re.compile(rf"\s*(?:,|&|\s(?:{joined})\s)\s*", re.IGNORECASE)
    for one, two in itertools.pairwise(values):
        are_numbers = {one.kind, two.kind} <= {"number", "integer"}
        if not are_numbers or one.unit or not two.unit or one.is_weak or one.label or two.label:
            continue
        if between.fullmatch(scan.plain[one.end : two.start]) and two.unit != "share":
            scan.values[scan.values.index(one)] = replace(one, unit=two.unit)


def read_number_words(scan: Scan) -> None:
    """Find numbers in words; 'one' and 'two' are weak, for they count what is there anyway."""
    for match in _compile_words(scan.language).finditer(scan.plain):
        number = scan.language.numbers[" ".join(match[0].lower().split())]
        unit, end = read_unit(scan.plain, match.end())
        if not scan.is_free(match.start(), max(end, match.end())):
            continue
        is_weak = not unit and (
            number < _LEAST_STRONG or _DIMENSIONS.match(scan.plain, match.end()) is not None
        )
        kind: Kind = "integer" if number == int(number) else "number"
        scan.add(
            kind,
            tidy(number),
            (match.start(), end if unit else match.end()),
            unit=unit,
            is_weak=is_weak,
        )
