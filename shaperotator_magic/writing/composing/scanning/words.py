"""Forms of words: numbers, plurals, verb forms, small misspellings. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shaperotator_magic.writing.wording import count_edits

NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20,
    "dozen": 12, "a dozen": 12, "a pair of": 2, "a couple of": 2, "half": 0.5, "a few": 3,
    "several": 4, "some": 3, "many": 6, "thirty": 30, "forty five": 45, "sixty": 60, "ninety": 90,
    "a hundred": 100,
}  # fmt: skip
_PLURALS = {
    "axis": "axes", "vertex": "vertices", "rhombus": "rhombuses", "torus": "tori",
    "helix": "helices",
    "tetrahedron": "tetrahedra", "octahedron": "octahedra", "dodecahedron": "dodecahedra",
    "icosahedron": "icosahedra", "radius": "radii", "parabola": "parabolas",
}  # fmt: skip
_PAST = {
    "draw": "drew drawn", "write": "wrote written", "spin": "spun", "go": "went gone",
    "come": "came come", "grow": "grew grown", "shrink": "shrank shrunk", "become": "became",
    "fly": "flew flown flies", "run": "ran", "rise": "rose risen", "fall": "fell fallen",
    "hide": "hid hidden", "put": "put", "send": "sent", "bring": "brought", "get": "got",
    "hold": "held", "say": "said", "leave": "left", "beat": "beaten", "take": "took taken",
    "spell": "spelt", "show": "shown",
}  # fmt: skip
_VOWELS = frozenset("aeiou")
_SHORTEST_TYPED, _SHORTEST_MEANT = 5, 6


def list_nouns(phrase: str) -> Iterator[str]:
    """Yield a noun and its plural; of a phrase its last word's."""
    yield phrase
    head, _, last = phrase.rpartition(" ")
    plural = _PLURALS.get(last) or _add_s(last)
    yield f"{head} {plural}".strip()


def list_verbs(phrase: str) -> Iterator[str]:
    """Yield the forms of a verb; particles behind it stay."""
    verb, _, rest = phrase.partition(" ")
    for form in (verb, _add_s(verb), *_list_participles(verb), *_PAST.get(verb, "").split()):
        # 'left' is a side far more often than a form of 'leave', 'rose' a curve.
        if form not in {"left", "rose"}:
            yield f"{form} {rest}".strip()


def _add_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "sh", "ch", "go")) else f"{word}s"


def _list_participles(verb: str) -> Iterator[str]:
    if verb.endswith("e") and not verb.endswith("ee"):
        stem = verb[:-1]
    elif len(verb) <= 4 and verb[-1] not in "wyx" and verb[-2] in _VOWELS and (  # noqa: PLR2004
        verb[-3:-2] not in _VOWELS
    ):  # fmt: skip
        stem = verb + verb[-1]
    else:
        stem = verb
    yield f"{stem}ing"
    yield f"{stem}ed"
    if verb.endswith("l"):  # travelled
        yield f"{verb}ling"
        yield f"{verb}led"


class Spelling:
    """Finds the one word of a vocabulary from which a typed word differs by one letter.

    A letter may be missing in a short word only where that is one of the ``nouns``: sales are no
    scales.
    """

    def __init__(self, words: Iterable[str], nouns: Iterable[str]) -> None:
        self._nouns = frozenset(nouns)
        self._near: dict[str, set[str]] = {}
        self._swapped: dict[str, set[str]] = {}
        for word in words:
            if len(word) >= _SHORTEST_TYPED - 1:
                self._swapped.setdefault("".join(sorted(word)), set()).add(word)
            if len(word) >= _SHORTEST_MEANT:
                for form in _drop_letters(word):
                    self._near.setdefault(form, set()).add(word)

    def correct(self, typed: str) -> str | None:
        """Return the word that was meant, None where none or more than one is near."""
        if len(typed) < _SHORTEST_TYPED - 1:
            return None
        if len(typed) <= _SHORTEST_TYPED:
            swapped = self._swapped.get("".join(sorted(typed)), ())
            found = {w for w in swapped if w[0] == typed[0] and count_edits(typed, w, 1) <= 1}
            if found:
                return min(found)
        if len(typed) < _SHORTEST_TYPED:
            return None
        found = {
            word
            for form in _drop_letters(typed)
            for word in self._near.get(form, ())
            if word[0] == typed[0]
            and count_edits(typed, word, 1) <= 1
            and (len(typed) <= len(word) or _has_doubled(typed, word))
            and (len(typed) >= len(word) or len(typed) >= _SHORTEST_MEANT or word in self._nouns)
        }
        # 'circels' is one circle or more: a plural is nearer to a plural.
        found = {w for w in found if w.endswith("s") == typed.endswith("s")} or found
        return min(found, key=len) if found else None


def _has_doubled(typed: str, word: str) -> bool:
    """Whether the letter too many is typed twice: 'squuare'. Planets are no planes."""
    return any(
        typed[k] == typed[k - 1] and typed[:k] + typed[k + 1 :] == word
        for k in range(1, len(typed))
    )


def _drop_letters(word: str) -> set[str]:
    return {word, *(word[:k] + word[k + 1 :] for k in range(len(word)))}
