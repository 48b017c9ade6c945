"""From sentence to scene and values: subjects, languages, variables, and what is not used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.sentences import FOLDER, Sentence, read_set
from benchmarks.wanted_values import compare_values
from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.writing.languages import detect_language, list_languages, load_language
from shaperotator_magic.writing.library.library import LibraryDraft, SceneLibrary
from tests.sentence_generator import generate

LIBRARY = SceneLibrary.load()
SCENES = {scene.name: scene for scene in LIBRARY.scenes}


def write(text: str, **variables: Any) -> LibraryDraft:
    return LIBRARY.write(Prompt(text=text), variables)


def find_faults(sentences: list[Sentence]) -> Iterator[str]:
    """Yield the sentences whose scene or values are not those that are wanted."""
    for sentence in sentences:
        try:
            draft = LIBRARY.write(Prompt(text=sentence.text))
        except NothingFitsError:
            if sentence.wanted != {"none"}:
                yield f"{sentence.text}: declined"
            continue
        scene = SCENES.get(draft.code.origin.library_scene or "")
        if scene is None or scene.name not in sentence.wanted:
            yield f"{sentence.text}: {scene and scene.name}"
        elif wrong := compare_values(draft.code, scene, sentence.values, draft.notes).wrong:
            yield f"{sentence.text}: {wrong}"


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("development_in_scope", 3),
        ("development_second_in_scope", 3),
        ("development_near_strangers", 2),
        ("development_second_near_strangers", 2),
        ("development_third", 3),
        ("languages", 2),
    ],
)
def test_sentences_of_a_set_find_scene_and_values(name: str, most: int) -> None:
    faults = list(find_faults(read_set(FOLDER / f"{name}.tsv")))
    assert len(faults) <= most, faults


def test_generated_sentences_read_back_as_they_were_written() -> None:
    made = generate(300, seed=11)
    sentences = [Sentence(m.text, frozenset({m.scene}), m.values) for m in made]
    faults = list(find_faults(sentences))
    assert len(faults) <= 3, faults


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("projectile motion 30 m/s at 45 degrees", {"SPEED": 30, "ANGLE": 45}),
        ("projectile motion at 45 degrees with 30 m/s", {"SPEED": 30, "ANGLE": 45}),
        ("unit circle at 3π/4", {"ANGLE": 135}),
        ("rotate a vector by 90 degrees", {"MATRIX": [[0, -1], [1, 0]]}),
        ("rotation matrix for 90° clockwise", {"MATRIX": [[0, 1], [-1, 0]]}),
        ("shear by 2 along the x axis as a matrix", {"MATRIX": [[1, 2], [0, 1]]}),
        ("reflection in the line y = x", {"MATRIX": [[0, 1], [1, 0]]}),
        ("scaling matrix with factor 3", {"MATRIX": [[3, 0], [0, 3]]}),
        ("taylor series of e^x", {"FUNCTION": "exp"}),
        ("Taylor series of sine up to x^5", {"FUNCTION": "sin", "DEGREE": 5}),
        ("gradient descent on x^2 + 2y^2", {"CURVATURES": [2, 4]}),
        ("fit a line to (0, 1), (1, 3), (2, 4)", {"POINTS": [[0, 1], [1, 3], [2, 4]]}),
        ("chain rule for sin(x^2)", {"OUTER": "sin", "INNER": "x^2"}),
        ("Bayes: prior 2 %, specificity 90 %", {"PRIOR": 0.02, "FALSE_POSITIVE": 0.1}),
        ("integral of x^2 over [1, 3]", {"F": "x²", "START": 1, "END": 3}),
        ("Newton's method for x^2 = 7", {"F": "x² − 7"}),
        ("normal distribution, mean 1, variance 4", {"MEAN": 1, "SIGMA": 2}),
        ("double pendulum from 120 and 90 degrees", {"ANGLE_1": 120, "ANGLE_2": 90}),
        ("standing waves third harmonic", {"HARMONIC": 3}),
        ("regression through 1,2; 2,3; 3,5", {"POINTS": [[1, 2], [2, 3], [3, 5]]}),
        ("integration by parts of x*exp(x)", {"INTEGRAND": "x e^x"}),
        (
            "maximize xy subject to x + y = 4",
            {"OBJECTIVE": "x y", "CONSTRAINT": "line", "LEVEL": 4},
        ),
        ("a = 6, b = 8 Pythagorean theorem", {"LEGS": [6, 8]}),
        ("gradient descent starting at x = 3, y = 1", {"START": [3, 1]}),
        (
            "coordinates of the vector (3, 2) in the basis {(1, 1), (-1, 2)}",
            {"VECTOR": [3, 2], "BASIS_1": [1, 1], "BASIS_2": [-1, 2]},
        ),
        ("area of the parallelogram spanned by (3, 1), (1, 2)", {"MATRIX": [[3, 1], [1, 2]]}),
        ("infinite geometric series: 1/4 + 1/16 + ...", {"RATIO": "1/4"}),
        ("chain rule on (2x+1)^3", {"OUTER": "cube", "INNER": "2x + 1"}),
        ("chain rule for e^(3x)", {"OUTER": "exp", "INNER": "3x"}),
        ("double pendulum θ1 = 90° θ2 = 45°", {"ANGLE_1": 90, "ANGLE_2": 45}),
        ("Poisson(5), P(X = 2)", {"RATE": 5, "EVENTS": 2}),
        ("Mars orbit with a = 1.52 AU and e = 0.09", {"AXIS": 1.52, "ECCENTRICITY": 0.09}),
        ("first overtone of a vibrating string", {"HARMONIC": None}),
        ("selction sort 5 2 8 1", {"ALGORITHM": "selection sort"}),
        ("complex multiplication: z = -i, w = 1 - 2i", {"Z": [0, -1], "W": [1, -2]}),
        ("multiply 1+2i by the imaginary number -2i", {"Z": [1, 2], "W": [0, -2]}),
        ("X ~ B(15, 0.2)", {"TRIALS": 15, "PROBABILITY": 0.2}),
        ("bell curve of N(5, 4)", {"MEAN": 5, "SIGMA": 2}),
        ("Po(3)", {"RATE": 3}),
        ("unit circle at two thirds of pi", {"ANGLE": 120}),
        ("pendulum released at a sixth of pi", {"ANGLE": 30}),
        ("normal distribution with mean 65 kg, sd 10 kg", {"MEAN": 65, "SIGMA": 10}),
        ("normal distribution with mean 1.7 m, sd 8 cm", {"MEAN": None, "SIGMA": None}),
        ("why is 1 + 3 + 5 + 7 + 9 a square", {"COUNT": 5}),
        ("the odd numbers 1 + 3 + 5 + …", {"COUNT": None}),
        ("two tones of nearly the same frequency", {"FREQUENCY_1": None, "FREQUENCY_2": None}),
        ("superposition of waves, one of three times the frequency", {"FREQUENCY_1": None}),
        ("projection of a = (2, 3) onto b = (4, 0)", {"VECTOR_A": [4, 0], "VECTOR_B": [2, 3]}),
        (
            "project u onto v, where u = (1, 3) and v = (4, 1)",
            {"VECTOR_A": [4, 1], "VECTOR_B": [1, 3]},
        ),
        ("convolution: signal 4 1 2 and kernel 1 -1", {"SIGNAL": [4, 1, 2], "KERNEL": [1, -1]}),
    ],
)
def test_values_go_to_the_parameters_that_they_mean(text: str, wanted: dict[str, Any]) -> None:
    found = write(text).code.origin.parameters
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pythagorean theorem with legs 5 and 12", "5 and 12 (legs may be 8 at most)"),
        ("Hanoi with 3 pegs", "Not used: 3;"),
        ("taylor series of x^3", "x^3 (function is one of sin, cos"),
        ("determinant of [[9, 1], [0, 2]]", "(matrix may be 5 at most)"),
        ("projectile at 95 degrees with 10 m/s", "95 degrees (angle may be 85 at most)"),
    ],
)
def test_value_that_no_parameter_takes_is_named(text: str, said: str) -> None:
    draft = write(text)
    assert any(said in note for note in draft.notes), draft.notes
    assert draft.code.origin.reading is not None and draft.code.origin.reading.unused


def test_what_the_scene_shows_itself_is_part_of_the_question() -> None:
    asked = "Show what [[2, 1], [1, 2]] does to the plane, and why (1, 1) and (1, -1) are special"
    reading = write(asked).code.origin.reading
    assert reading is not None and not reading.unused
    other = write(asked.replace("(1, -1)", "(1, 2)")).code.origin.reading
    assert other is not None and [value.text for value in other.unused] == ["(1, 2)"]
    values = write("eigenvalues 3 and 2 of [[2, 1], [1, 2]]").code.origin.reading
    assert values is not None and [value.text for value in values.unused] == ["2"]


def test_size_that_the_scene_has_anyway_is_no_value_left_over() -> None:
    reading = write("what the 2x2 matrix [[1, 2], [3, 4]] does to the plane").code.origin.reading
    assert reading is not None and not reading.unused


def test_note_says_in_words_what_was_read_from_where() -> None:
    draft = write("rotate a vector by 90 degrees")
    assert draft.notes[0] == (
        'matrix_on_plane, MATRIX = [[0, -1], [1, 0]] from "rotate a vector by 90 degrees".'
    )
    reading = draft.code.origin.reading
    assert reading is not None and reading.subject == "rotate a vector"


@pytest.mark.parametrize(
    ("text", "scene", "reason"),
    [
        ("torsion pendulum", "pendulum", "twists a wire"),
        ("gradient boosting", "gradient_contour", "trees"),
        ("determinant of a 3x3 matrix", "determinant_area", "two columns only"),
        ("inverse trig functions", "unit_circle", "the way back"),
        ("dot product of (1, 2, 3, 4) and (2, 0, 1, 1)", "dot_product", "vectors have 2 entries"),
        ("cross product of (1, 2) and (3, 4)", "cross_product", "vectors have 3 entries"),
        ("divide 3+2i by 1-i in the complex plane", "complex_multiplication", "the inverse"),
        ("quotient of two complex numbers", "complex_multiplication", "the inverse"),
        ("pendulum with friction", "pendulum", "friction"),
        ("projectile motion with air resistance", "projectile", "drag"),
        ("history of the dot product", "dot_product", "its history"),
        ("who invented the pythagorean theorem", "pythagoras", "its history"),
    ],
)
def test_near_stranger_is_declined_with_the_reason_of_the_scene(
    text: str, scene: str, reason: str
) -> None:
    with pytest.raises(NothingFitsError) as caught:
        write(text)
    assert reason in caught.value.understood
    assert SCENES[scene].examples[0] in caught.value.nearest


def test_values_of_a_declined_sentence_are_named() -> None:
    with pytest.raises(NothingFitsError) as caught:
        write("inverse of the matrix [[1, 2], [3, 4]]")
    assert "[[1, 2], [3, 4]]" in caught.value.understood


def test_variable_of_the_kernel_is_read_like_a_value_in_the_sentence() -> None:
    text = "What does the matrix A do to the plane?"
    draft = write(text, A=[[0, -1], [1, 0]])
    assert draft.code.origin.parameters == {"MATRIX": [[0, -1], [1, 0]]}
    assert draft.notes[0].endswith('from "A".')
    assert write(text).code.origin.parameters == {}


def test_variable_that_cannot_be_used_is_named() -> None:
    draft = write("determinant", rows=[[3, 1], [0, 2]], table={"a": 1}, n=7.5, nan=float("nan"))
    assert draft.code.origin.parameters == {"MATRIX": [[3, 1], [0, 2]]}
    assert draft.notes[0].endswith('from "rows".') and "Not used: n" in draft.notes[1]


@pytest.mark.parametrize(
    "text",
    ["central limit theorem for 1e999 dice", "dot product of (9" + "9" * 400 + ", 1) and π/0",
     "derivative of x^9^9^9 at 1/0", "matrix [[" * 500, "softmax of " + "1, " * 900, "x" * 5000],
)  # fmt: skip
def test_numbers_beyond_all_bounds_break_nothing(text: str) -> None:
    try:
        draft = write(text, n=10**400, z=complex("nan"))
    except NothingFitsError:
        return
    assert "inf" not in str(draft.code.origin.parameters)


def test_array_of_numpy_is_read_as_its_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    draft = write("determinant of M", M=numpy.array([[2.0, 1.0], [0.0, 3.0]]))
    assert draft.code.origin.parameters == {"MATRIX": [[2, 1], [0, 3]]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Was ist die Ableitung von x^3?", "de"),
        ("¿Qué es la distribución normal?", "es"),
        ("la distribuzione normale con media 5", "it"),
        ("théorème de Pythagore", "fr"),
        ("Como funciona a descida do gradiente?", "pt"),
        ("贝叶斯定理", "zh"),
        ("ハノイの塔", "ja"),
        ("projectile motion 30 m/s at 45 degrees", "en"),
        ("binomial distribution, eight trials", "en"),
    ],
)
def test_language_is_told_from_the_words(text: str, code: str) -> None:
    assert detect_language(text).code == code


def test_sentence_in_another_language_is_told_that_titles_stay_english() -> None:
    notes = write("Türme von Hanoi mit vier Scheiben").notes
    assert "Read as German; titles and captions stay English." in notes


def test_languages_are_complete_and_say_the_same_things() -> None:
    others = [load_language(code) for code in list_languages() if code != "en"]
    assert len(others) == 7
    subjects = [set(other.words.values()) for other in others]
    # Chinese and Japanese have one word for the noun and the adjective.
    assert all(own ^ subjects[0] <= {"linearly independent"} for own in subjects)


@pytest.mark.parametrize("scene", LIBRARY.scenes, ids=lambda scene: scene.name)
def test_every_scene_names_its_subjects_and_near_strangers(scene: Any) -> None:
    assert len(scene.subjects) >= 3 and scene.strangers
    assert all(scene.strangers.values()) and len(scene.slots) == len(scene.parameters)


def test_plain_request_is_composed_and_a_named_subject_wins() -> None:
    assert write("draw a torus").code.origin.library_scene == "composed"
    assert write("unit circle").code.origin.library_scene == "unit_circle"


def test_data_files_of_the_package_are_where_the_code_looks() -> None:
    folder = Path(FOLDER.parents[2], "shaperotator_magic", "writing")
    assert {p.stem for p in (folder / "languages").glob("*.toml")} == set(list_languages())
