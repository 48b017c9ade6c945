"""The sets of sentences and the generated ones are well formed; a benchmark measures with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sentences import PLAIN, list_sets, read_set
from benchmarks.wanted_values import is_same_function
from shaperotator_magic.writing.library.library import SceneLibrary
from tests.sentence_generator import generate


@pytest.mark.parametrize("path", list_sets(), ids=lambda path: path.stem)
def test_every_sentence_of_a_set_says_what_is_wanted(path: Path) -> None:
    sentences = read_set(path)
    assert len(sentences) >= 30
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    for sentence in sentences:
        assert sentence.text.strip() and all(sentence.wanted)
        assert all(v[0] == "!" or "=" in v or sentence.is_plain for v in sentence.values)
        assert not (sentence.wanted & PLAIN) or sentence.values


def test_generated_sentences_are_the_same_for_a_seed_and_have_parameters_of_their_scene() -> None:
    made = list(generate(200, seed=3))
    assert made == list(generate(200, seed=3)) != list(generate(200, seed=4))
    scenes = {s.name: {row.name for row in s.parameters} for s in SceneLibrary.load().scenes}
    for sentence in made:
        names = {value.partition("=")[0] for value in sentence.values}
        assert names and names <= scenes[sentence.scene]


def test_functions_agree_where_both_are_defined() -> None:
    assert is_same_function("x^2 - 3x", lambda x: x * (x - 3))
    assert not is_same_function("x^2 - 3x", lambda x: x * (x + 3))
