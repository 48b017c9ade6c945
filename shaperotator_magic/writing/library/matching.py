"""Which built-in scene a sentence is about, and how often such a match is right.

What a sentence is about must be a subject of the scene: one of the phrases under *Subjects* in its
file, or so much of its keywords that nothing of weight is left over. Evidence for a scene are its
phrases in the sentence, and the share of the sentence's words that it knows (BM25; Robertson and
Zaragoza, 2009), each weighed by its inverse document frequency. Evidence against it are what its
file names as another subject, words beside its subject that it does not know ('double' before
'pendulum'), a head in front of it ('inverse of a matrix'), and values that none of its parameters
could take. A logistic model adds these up; `_WEIGHTS` has its coefficients and where they are from.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from shaperotator_magic.writing.library.scene_files import LibraryScene
from shaperotator_magic.writing.library.sentence import Sentence, Token, read_stems
from shaperotator_magic.writing.wording import OTHER_WORK, count_edits, split_words, stem

# See tests/test_library.py, which fails when it stops separating.
THRESHOLD = 0.5

_K1, _B = 1.2, 0.4
_WEIGHT_OF = {"subjects": 3, "keywords": 3, "title": 3, "examples": 2, "summary": 1}
_SHORTEST_WORD = 2  # letters of a word that cannot be a part of one
_GAP = 2  # words that may stand between those of a phrase, in all
_SHORTEST_MISSPELT, _LONG_WORD = 6, 8  # letters; long words may have two misspellings
_UNKNOWN = 1.1  # what a word weighs that no scene knows, beside one that none has yet
_MOST_LOOKED_AT = 6  # scenes whose parameters are tried on the sentence's values
_LONG_PHRASE = 3  # words
_MOST_UNKNOWN = 4
_LEADING_STRANGER = 1.5
# Words for work that no scene does, whatever its subject.
_OTHER_QUESTIONS = {
    "history of": "its history",
    "invented": "its history",
    "inventor of": "its history",
    "who discovered": "its history",
    "biography of": "its history",
}
_PREPOSITIONS = frozenset("of for in on as to versus vs behind with".split())

# Coefficients of the logistic model, see `describe_evidence`; fitted by `python -m
# benchmarks.calibration` to tests/data/prompts, tests/data/sentences/development_* and given.
_INTERCEPT = -7.91
_WEIGHTS: dict[str, float] = {
    "example": 6.00,
    "keyword": 5.12,
    "known": 3.58,
    "lone qualifier": -0.93,
    "other head": -1.48,
    "qualifier": -0.69,
    "rival": -3.24,
    "stranger": -4.94,
    "subject": 3.52,
    "subject length": 1.15,
    "subject share": -0.42,
    "unknown": -0.25,
    "values left": -2.26,
    "values taken": 0.96,
    "words": 2.57,
}


@dataclass(frozen=True)
class Match:
    """A scene and how often such a match is right, 0 to 1.

    ``subject`` is the part of the sentence that names what the scene shows; ``reason`` why its file
    shows that the sentence is about something else.
    """

    scene: LibraryScene
    score: float
    subject: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _Document:
    """What is known of the words of one scene."""

    scene: LibraryScene
    counts: Counter[str]
    subjects: frozenset[tuple[str, ...]]
    keywords: frozenset[tuple[str, ...]]
    strangers: dict[tuple[str, ...], str]
    examples: tuple[frozenset[str], ...]


@dataclass
class Evidence:
    """The evidence for and against a scene; see `describe_evidence`."""

    scene: LibraryScene
    features: dict[str, float]
    subject: tuple[int, ...] = ()
    reason: str = ""
    values: float = field(default=1.0)


class SceneIndex:
    """The words of all scenes, weighed."""

    def __init__(self, scenes: Sequence[LibraryScene]) -> None:
        self._documents = [_build_document(scene) for scene in scenes]
        counts = [document.counts for document in self._documents]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths)
        self._norms = [_K1 * (1 - _B + _B * length / mean) for length in lengths]
        document_counts = Counter(word for count in counts for word in count)
        total = len(scenes)
        self._idf = {
            word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in document_counts.items()
        }
        self._unknown_idf = _UNKNOWN * math.log(1 + (total + 0.5) / 0.5)
        self._rarest_idf = math.log(1 + (total - 0.5) / 1.5)
        # A word that names another subject is spelt as it is meant.
        self._strange = frozenset(
            part for document in self._documents for phrase in document.strangers for part in phrase
        )
        # Only what names a subject is worth a guess at what was meant: 'of' and 'off' are not.
        self._names = sorted({word for d in self._documents for word in _list_names(d.scene)})

    def match(self, sentence: Sentence, fit_values: Callable[[LibraryScene], float]) -> list[Match]:
        """Return every scene with its score, the best first.

        Parameters
        ----------
        fit_values
            Returns which share of the sentence's values a scene's parameters could take.
        """
        found = self.find_evidence(sentence, fit_values)
        texts = [
            sentence.text[
                min(sentence.tokens[at].start for at in e.subject) : max(
                    sentence.tokens[at].end for at in e.subject
                )
            ]
            if e.subject
            else ""
            for e in found
        ]
        matches = [
            Match(e.scene, _weigh_evidence(e.features), text, e.reason)
            for e, text in zip(found, texts, strict=True)
        ]
        return sorted(matches, key=lambda match: -match.score)

    def find_evidence(
        self, sentence: Sentence, fit_values: Callable[[LibraryScene], float]
    ) -> list[Evidence]:
        """Return the evidence for and against each scene."""
        tokens = self._mend(sentence.tokens)
        stems = [token.stem for token in tokens]
        weights = [self._weigh(token) for token in tokens]
        found = [
            self._measure(at, document, tokens, stems, weights)
            for at, document in enumerate(self._documents)
        ]
        covered = sorted((e.features["subject share"] for e in found), reverse=True)
        first, second = covered[0], covered[1] if len(covered) > 1 else 0.0
        for evidence in found:
            own = evidence.features["subject share"]
            evidence.features["rival"] = max(0.0, (second if own == first else first) - own)
        best = sorted(found, key=lambda e: -_weigh_evidence(e.features))[:_MOST_LOOKED_AT]
        for evidence in best:
            share = fit_values(evidence.scene) if sentence.has_values else 1.0
            evidence.features["values left"] = 1.0 - share
            evidence.features["values taken"] = share if sentence.has_values else 0.0
        return found

    def _weigh(self, token: Token) -> float:
        """Return the weight of a word; words for another kind of work weigh most."""
        if not token.is_content:
            return 0.0
        known = self._idf.get(token.stem, self._unknown_idf)
        return 2 * self._unknown_idf if token.stem in OTHER_WORK else known

    def _measure(
        self,
        at: int,
        document: _Document,
        tokens: Sequence[Token],
        stems: Sequence[str],
        weights: Sequence[float],
    ) -> Evidence:
        whole = sum(weights) or 1.0
        phrases = _find_phrases(stems, tokens, document.subjects)
        covered = sorted({place for places in phrases for place in places})
        longest = max((len(places) for places in phrases), default=0)
        inside = set(covered)
        known = [at in inside or one in document.counts for at, one in enumerate(stems)]
        share = sum(w * self._fit(s, at) for s, w in zip(stems, weights, strict=True)) / whole
        keywords = _find_phrases(stems, tokens, document.keywords)
        reason, stranger = _find_stranger(stems, tokens, document, covered)
        features = {
            "subject": float(bool(covered)),
            "subject share": sum(weights[place] for place in covered) / whole,
            "subject length": min(longest, _LONG_PHRASE) / _LONG_PHRASE,
            "known": sum(w for w, k in zip(weights, known, strict=True) if k) / whole,
            "words": share,
            "keyword": max((self._rate(stems, places) for places in keywords), default=0.0),
            "example": _measure_likeness(stems, document.examples),
            "stranger": stranger,
            "qualifier": float(_count_qualifiers(tokens, known, covered)),
            "lone qualifier": float(longest == 1 and _count_qualifiers(tokens, known, covered) > 0),
            "other head": float(_has_other_head(tokens, known, covered)),
            "unknown": min(
                4.0, sum(not k and t.is_content for k, t in zip(known, tokens, strict=True))
            ),
            "values left": 0.0,
            "values taken": 0.0,
        }
        return Evidence(document.scene, features, tuple(covered), reason)

    def _fit(self, word: str, at: int) -> float:
        """Return BM25's saturating term frequency, scaled to 0..1."""
        count = self._documents[at].counts[word]
        return count / (count + self._norms[at])

    def _rate(self, stems: Sequence[str], places: Sequence[int]) -> float:
        """Return what a keyword is worth: how rare its words are, and how many."""
        rarity = sum(self._idf.get(stems[at], 0.0) for at in places) / len(places)
        return rarity / self._rarest_idf * (1.0 if len(places) > 1 else 0.6)

    def _mend(self, tokens: Sequence[Token]) -> list[Token]:
        """Return the tokens with misspellings corrected and split words joined."""
        mended: list[Token] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            both = tokens[at : at + 2]
            joined = stem("".join(part.word for part in both))
            if joined in self._idf and self._are_torn(both):
                mended.append(token.join(both[1], joined))
                at += 2
                continue
            mended.append(token.rename(self._correct(token)))
            at += 1
        return mended

    def _are_torn(self, parts: Sequence[Token]) -> bool:
        """Return whether two tokens may be one split word: one of them is no word by itself."""
        are_words = len(parts) > 1 and all(
            part.word.isalpha() and len(part.word) > _SHORTEST_WORD for part in parts
        )  # 'of f' is not 'off'
        return are_words and not all(part.stem in self._idf for part in parts)

    def _correct(self, token: Token) -> str:
        """Return a word's stem, or that of the scenes' word that it seems to misspell."""
        word = token.word
        is_known = token.stem in self._idf or token.stem in self._strange
        if is_known or len(word) < _SHORTEST_MISSPELT or not token.is_content:
            return token.stem
        limit = 2 if len(word) >= _LONG_WORD else 1
        # Of several, the longest: a letter is left out more often than one is added.
        near = [
            (count_edits(word, name, limit), -len(name), name)
            for name in self._names
            if name[0] == word[0]
        ]
        edits, _, name = min(near, default=(limit + 1, 0, ""))
        return stem(name) if edits <= limit else token.stem


def _weigh_evidence(features: dict[str, float]) -> float:
    """Return the probability that the logistic model gives."""
    total = _INTERCEPT + sum(_WEIGHTS.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _find_phrases(
    stems: Sequence[str], tokens: Sequence[Token], phrases: frozenset[tuple[str, ...]]
) -> list[tuple[int, ...]]:
    """Return where phrases stand: the places of their words."""
    present = set(stems)
    found = []
    for phrase in phrases:
        if present.issuperset(phrase):
            places = _find_phrase(stems, tokens, phrase)
            if places:
                found.append(places)
    return found


def _find_phrase(
    stems: Sequence[str], tokens: Sequence[Token], phrase: tuple[str, ...], gap: int = _GAP
) -> tuple[int, ...]:
    """Return the places of a phrase's words: side by side, or in order with few between."""
    size = len(phrase)
    for start in range(len(stems)):
        window = stems[start : start + size]
        # Another order means the same, but not around a small word: 'sine of', 'law of sines'.
        is_turned = "of" not in phrase and sorted(window) == sorted(phrase)
        if is_turned or tuple(window) == phrase:
            return tuple(range(start, start + size))
        if stems[start] != phrase[0]:
            continue
        places = [start]
        for at in range(start + 1, min(len(stems), start + size + gap)):
            if tokens[at].is_break:
                break
            if len(places) < size and stems[at] == phrase[len(places)]:
                places.append(at)
        if len(places) == size:
            return tuple(places)
    return ()


def _find_stranger(
    stems: Sequence[str], tokens: Sequence[Token], document: _Document, covered: Sequence[int]
) -> tuple[str, float]:
    """Return why the sentence is about another subject, and how clearly.

    A foreign subject that is part of a longer subject of the scene does not count; one with which
    the
        sentence begins does: 'divide 3 + 2i by 1 - i in the complex plane'.
    """
    present = set(stems)
    for phrase, reason in document.strangers.items():
        if not present.issuperset(phrase):
            continue
        places = _find_phrase(stems, tokens, phrase, gap=0)
        if places and not set(places) <= set(covered):
            is_asked = places[0] == 0 and all(tokens[at].is_content for at in places)
            return reason, _LEADING_STRANGER if is_asked else 1.0
    return "", 0.0


def _measure_likeness(stems: Sequence[str], examples: Sequence[frozenset[str]]) -> float:
    """Return how near the sentence comes to an example of the scene, beyond the half."""
    own = {one for one in stems if one.isalnum()}
    likest = max((len(own & e) / len(own | e) for e in examples if own | e), default=0.0)
    return max(0.0, 2 * likest - 1)


def _count_unknown(tokens: Sequence[Token], known: Sequence[bool]) -> int:
    return sum(not k and t.is_content for k, t in zip(known, tokens, strict=True))


def _count_qualifiers(
    tokens: Sequence[Token], known: Sequence[bool], covered: Sequence[int]
) -> int:
    """Count the words that stand right beside a subject and that the scene does not know."""
    beside = {place + step for place in covered for step in (-1, 1)} - set(covered)
    return sum(
        0 <= place < len(tokens) and tokens[place].is_content and not known[place]
        for place in beside
    )


def _has_other_head(tokens: Sequence[Token], known: Sequence[bool], covered: Sequence[int]) -> bool:
    """Return whether an unknown head stands before the subject: 'inverse of a matrix'."""
    if not covered:
        return False
    first = covered[0]
    start = max((at + 1 for at in range(first) if tokens[at].is_break), default=0)
    before = range(start, first)
    return any(
        tokens[at].word in _PREPOSITIONS
        and any(tokens[n].is_content and not known[n] for n in range(max(start, at - 2), at))
        for at in before
    )


def _build_document(scene: LibraryScene) -> _Document:
    fields = {
        "subjects": " ".join(scene.subjects),
        "keywords": " ".join(scene.keywords),
        "title": f"{scene.title} {scene.name.replace('_', ' ')}",
        "examples": " ".join(scene.examples),
        "summary": scene.summary,
    }
    counts: Counter[str] = Counter()
    for name, text in fields.items():
        for word in split_words(text):
            counts[stem(word)] += _WEIGHT_OF[name]
    return _Document(
        scene,
        counts,
        frozenset(_list_phrases(scene.subjects)),
        frozenset(_list_phrases((*scene.keywords, scene.name.replace("_", " ")))),
        {
            read_stems(name): reason
            for name, reason in (*scene.strangers.items(), *_OTHER_QUESTIONS.items())
        },
        tuple(frozenset(read_stems(example)) for example in scene.examples),
    )


def _list_phrases(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (phrase for text in texts if (phrase := read_stems(text)))


def _list_names(scene: LibraryScene) -> list[str]:
    return split_words(" ".join((scene.title, *scene.keywords, *scene.subjects)))
