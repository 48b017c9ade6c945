"""The built-in library: which scene a sentence finds, what it reads, when it declines."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Options, Prompt
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.matching import THRESHOLD
from shaperotator_magic.writing.library.scene_files import LibraryScene, load_scenes
from shaperotator_magic.writing.library.subjects import list_without_subject
from shaperotator_magic.writing.wording import split_stems

PROMPTS = Path(__file__).with_name("data") / "prompts"
# For each scene sentences that are not in its file.
PARAPHRASES: dict[str, list[str]] = json.loads((PROMPTS / "paraphrases.json").read_text("utf-8"))
UNRELATED: list[str] = json.loads((PROMPTS / "unrelated.json").read_text("utf-8"))
SCENES = {scene.name: scene for scene in load_scenes()}
# Prompts that nobody tuned to: the shares that find their scene, that also get it, and that are
# declined. The first set was written before the matching was improved, the second afterwards, and
# the third when the keywords had been widened once more; the fourth is by somebody who had not seen
# the keywords.
MEASURED = {
    "measured_first": (0.9, 0.9, 0.95),
    "measured_second": (0.9, 0.8, 0.95),
    "measured_third": (0.9, 0.8, 0.95),
    "measured_fourth": (0.9, 0.9, 0.9),
}
FITTING = [
    (name, text)
    for name, scene in SCENES.items()
    for text in (*scene.examples, *PARAPHRASES.get(name, ()))
]


@pytest.fixture(scope="module")
def library() -> SceneLibrary:
    return SceneLibrary.load()


def test_paraphrases_are_three_a_scene_and_not_in_its_file() -> None:
    assert len(PARAPHRASES) >= 16 and len(set(UNRELATED)) >= 30
    for name, texts in PARAPHRASES.items():
        assert len(set(texts) - set(SCENES[name].examples)) >= 3, name


@pytest.mark.parametrize(("name", "text"), FITTING)
def test_fitting_sentence_finds_its_scene(library: SceneLibrary, name: str, text: str) -> None:
    draft = library.write(Prompt(text=text))
    assert draft.code.origin.library_scene == name
    assert draft.code.origin.score is not None and draft.code.origin.score >= THRESHOLD


@pytest.mark.parametrize("text", UNRELATED)
def test_unrelated_sentence_is_declined_with_the_nearest_or_what_there_is(
    library: SceneLibrary, text: str
) -> None:
    with pytest.raises(NothingFitsError) as caught:
        library.write(Prompt(text=text))
    declined = caught.value
    examples = {example for scene in library.scenes for example in scene.examples}
    assert len(declined.nearest) <= 3 and set(declined.nearest) <= examples
    assert bool(declined.nearest) != bool(declined.subjects)
    assert "ShapeRotatorMagics.model" in caught.value.hint


def test_sentence_without_a_known_word_is_told_what_there_is_in_two_lines(
    library: SceneLibrary,
) -> None:
    with pytest.raises(NothingFitsError) as caught:
        library.write(Prompt(text="What is the capital of France?"))
    first, second = caught.value.subjects
    assert first.startswith("Mathematics: vectors and matrices (")
    assert second.startswith("Computing and physics: ") and max(len(first), len(second)) < 160


def test_every_scene_belongs_to_a_subject(library: SceneLibrary) -> None:
    assert list_without_subject([scene.name for scene in library.scenes]) == []


@pytest.mark.parametrize("text", ["", "?!", "the of and", "x" * 20_000, "ℝ → ℝ²", "\x00\n\t"])
def test_sentence_without_a_known_word_is_declined(library: SceneLibrary, text: str) -> None:
    with pytest.raises(NothingFitsError):
        library.write(Prompt(text=text))


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Show what [[3, 1], [0, 2]] does to the plane", "MATRIX", [[3, 1], [0, 2]]),
        ("derivative of x^3 - 2x as the limit of secants at 1.5", "POINT", 1.5),
        ("Taylor polynomials of exp up to degree 7", "DEGREE", 7),
        ("softmax of 2, 1, 0.1 with temperature", "LOGITS", [2, 1, 0.1]),
        ("Riemann sums of sin(x) from 0 to 3 with 12 rectangles", "RECTANGLES", 12),
        ("selection sort of 5, 3, 8, 1", "ALGORITHM", "selection sort"),
        ("dfs on a graph from node 4", "ALGORITHM", "depth first search"),
        ("Bayes theorem with a prior of 5 %", "PRIOR", 0.05),
        ("gaussian distribution: how much lies within 1.5 sigma", "WITHIN", 1.5),
        ("cross product of (1, 2, 0) and (2, 0, 1)", "VECTOR_B", [2, 0, 1]),
        ("towers of Hanoi with 4 disks", "DISKS", 4),
        ("bell curve with sigma 3 and mean 12", "MEAN", 12),
    ],
)
def test_parameter_is_read_from_the_sentence(
    library: SceneLibrary, text: str, name: str, wanted: object
) -> None:
    assert library.write(Prompt(text=text)).code.origin.parameters[name] == wanted


@pytest.mark.parametrize(("name", "scene"), SCENES.items(), ids=list(SCENES))
def test_filled_scene_passes_the_checks_and_says_where_it_is_from(
    library: SceneLibrary, name: str, scene: LibraryScene
) -> None:
    code = library.write(Prompt(text=scene.examples[1])).code
    assert check_scene(code).findings == ()
    assert code.source.startswith(f"# Built-in scene '{name}'")


def test_name_option_names_the_class(library: SceneLibrary) -> None:
    prompt = Prompt(text="rotating tesseract", options=Options(name="Hyper"))
    code = library.write(prompt).code
    classes = [n.name for n in ast.parse(code.source).body if isinstance(n, ast.ClassDef)]
    assert code.scene_name == "Hyper" and "Hyper" in classes


@pytest.mark.parametrize(
    "function",
    [
        '__import__("os")',
        "(lambda: 1)()",
        "9**9**9**9",
        "x.__class__",
        "[x for x in (1).__class__.__bases__]",
    ],
)
def test_function_that_is_no_formula_never_reaches_the_scene(
    library: SceneLibrary, function: str
) -> None:
    text = f"the derivative of f(x) = {function} as the limit of secants, slope of the tangent"
    code = library.write(Prompt(text=text)).code
    assert function not in code.source and "__" not in code.source
    check_scene(code)


def test_split_stems_joins_what_people_call_the_same() -> None:
    assert split_stems("hypercubes") != split_stems("the")
    assert split_stems("hypercube") == split_stems("tesseract") == split_stems("4d")
    assert split_stems("Regularization") == split_stems("regularisation")


@pytest.mark.parametrize(("name", "floors"), MEASURED.items())
def test_prompts_that_nobody_tuned_the_keywords_to_are_told_apart(
    library: SceneLibrary, name: str, floors: tuple[float, float, float]
) -> None:
    found, given, declined = floors
    measured = json.loads((PROMPTS / f"{name}.json").read_text("utf-8"))
    asked = [(wanted, text) for wanted, texts in measured["in_scope"].items() for text in texts]
    best = [(wanted, library.match(text)[0]) for wanted, text in asked]
    strangers = [library.match(text)[0].score for text in measured["out_of_scope"]]
    right = [match for wanted, match in best if match.scene.name == wanted]
    assert len(right) >= found * len(asked)
    assert sum(match.score >= THRESHOLD for match in right) >= given * len(asked)
    assert sum(score < THRESHOLD for score in strangers) >= declined * len(strangers)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("derivitive of x^2 at x=1", "derivative_secant"),
        ("centrel limit theroem", "central_limit"),
        ("eigen vectors of a matrix", "matrix_on_plane"),
        (r"\int_0^2 x^2 dx with rectangles", "riemann_sums"),
        ("why does 1 + 3 + 5 + 7 make 16", "odd_squares"),
    ],
)
def test_slips_and_notation_are_read(library: SceneLibrary, text: str, name: str) -> None:
    assert library.write(Prompt(text=text)).code.origin.library_scene == name


def test_scene_that_uses_shared_definitions_stands_on_its_own(library: SceneLibrary) -> None:
    source = library.write(Prompt(text="unit circle, sine and cosine")).code.source
    assert "shaperotator_magic.writing" not in source
    assert "def label(" in source and "def node(" not in source
    assert source.index("ANGLE = ") < source.index("def label(")
