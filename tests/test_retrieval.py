"""A learner's words find what of manim is meant."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.kernels import start_kernel
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.notebook.commands.manual import run_docs
from shaperotator_magic.writing.retrieval import index as index_module
from shaperotator_magic.writing.retrieval.index import Index, load_index
from shaperotator_magic.writing.retrieval.manual import Entry
from shaperotator_magic.writing.retrieval.terms import split_question, split_terms

QUESTIONS = Path(__file__).parent / "data" / "retrieval"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return load_index(tmp_path_factory.mktemp("cache"))


def find_names(index: Index, question: str, most: int = 3) -> list[str]:
    return [hit.entry.name for hit in index.search(question, most)]


@pytest.mark.parametrize("name", ["questions", "fresh", "others"])
def test_right_name_is_among_the_first_three(index: Index, name: str) -> None:
    lines = (QUESTIONS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    right = [bool({*find_names(index, said)} & {*names.split("|")}) for said, names in rows]
    assert sum(right) / len(right) >= 0.9


def test_a_name_finds_itself_first(index: Index) -> None:
    for name in ("Circle", "NumberPlane", "FadeIn", "always_redraw", "ThreeDAxes"):
        assert find_names(index, name)[0] == name
    assert find_names(index, "Mobject.next_to")[0] == "Mobject.next_to"


def test_words_that_manim_does_not_know_find_nothing(index: Index) -> None:
    assert index.search("zxqwv") == []
    assert index.search("") == []


def test_words_of_learners_are_those_of_names_that_exist(index: Index) -> None:
    names = {entry.name for entry in index.entries}
    assert not index_module._read_also_called().keys() - names


def test_entry_has_signature_summary_and_example(index: Index) -> None:
    entries = {entry.name: entry for entry in index.entries}
    circle, rotate = entries["Circle"], entries["Mobject.rotate"]
    assert circle.signature.startswith("Circle(radius=")
    assert circle.summary == "A circle."
    assert circle.example.startswith("class CircleExample(Scene):")
    assert rotate.signature.startswith("Mobject.rotate(angle, axis=OUT")
    assert not any(name.startswith(("OpenGL", "_")) for name in entries)


def test_example_of_another_serves_where_a_name_has_none() -> None:
    used = Entry(
        "User", "User()", "", "", "class A(Scene):\n    def construct(self):\n        own()"
    )
    index = Index([Entry("own", "own()", "", "", ""), Entry("no", "no()", "", "", ""), used])
    assert index.find_example(index.entries[0]) == used.example
    assert index.find_example(index.entries[1]) == ""


def test_text_is_split_as_names_are() -> None:
    assert split_terms("FadeIn") == ["fade"]
    assert split_terms("get_riemann_rectangles") == ["get", "riemann", "rectangl"]
    assert "3d" in split_terms("a 3D scene")
    assert "color" in split_question("colour")


def test_entries_are_cached_and_a_damaged_cache_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def read_few(folder: Path) -> list[Entry]:
        read.append(folder)
        return [Entry("Circle", "Circle()", "A circle.", "", "")]

    monkeypatch.setattr(index_module, "read_manual", read_few)
    for damage, times in (("", 1), ("", 1), ("{", 2), ("[{}]", 3)):
        load_index.cache_clear()
        for cached in tmp_path.iterdir() if damage else ():
            cached.write_text(damage)
        assert [entry.name for entry in load_index(tmp_path).entries] == ["Circle"]
        assert len(read) == times
    load_index.cache_clear()


def test_question_without_words_or_answer_says_what_to_write(tmp_path: Path) -> None:
    session = SimpleNamespace(settings={"data_dir": str(tmp_path)})
    with pytest.raises(ConfigurationError, match="Say what you look for"):
        run_docs(session, [])  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="Nothing in manim's reference fits 'zxqwv'"):
        run_docs(session, ["zxqwv"])  # type: ignore[arg-type]


@pytest.mark.kernel
def test_docs_in_a_kernel_lists_signatures_and_draws_the_example(tmp_path: Path) -> None:
    with start_kernel(tmp_path) as kernel:
        kernel.run("%load_ext shaperotator_magic")
        found = kernel.run("%shaperotate docs shade the area under a curve")
        assert found.reply["status"] == "ok"
        texts = [
            str(message["content"]["data"].get("text/html", ""))
            for _, message in found.messages
            if "data" in message["content"]
        ]
        assert "CoordinateSystem.get_area(graph" in texts[-1]
        assert "manim&#x27;s example of CoordinateSystem.get_area" in texts[0]
        assert any("<img" in text for text in texts)  # it plays nothing: a still
        refused = kernel.run("%shaperotate docs zxqwv")
        assert refused.reply["ename"] == "ConfigurationError"
