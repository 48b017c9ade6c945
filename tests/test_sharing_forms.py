"""What every shared form says: its title, why a cell failed, and nothing over what others made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.core.records import Generation
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.sharing.exporting import EXPORTS, find_title
from shaperotator_magic.notebook.sharing.pages import build_gallery_page
from tests.test_sharing import build_generation

FORMS = [form for form in EXPORTS if form not in {"pdf", "chapters"}]
DECLINED = {
    "type": "NothingFitsError",
    "message": "The library has no scene for this sentence.",
    "hint": "A language model can write it.",
    "details": {"understood": "It understood <b>tea</b>.", "nearest": ["a unit circle"]},
}


def build_declined() -> tuple[dict[str, Any], dict[str, Any]]:
    failed = Generation.model_validate(
        {"prompt": {"text": "the price of tea"}, "status": "failed", "error": DECLINED}
    )
    return build_bundle(failed, kernel_id="k")


def write_lesson(folder: Path, *cells: Any) -> Path:
    source = folder / "my_lesson.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), source)
    return source


def show(source: str, *bundles: tuple[dict[str, Any], dict[str, Any]]) -> Any:
    outputs = [
        nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        for data, metadata in bundles
    ]
    return nbformat.v4.new_code_cell(source, outputs=outputs)


@pytest.mark.parametrize("form", FORMS)
def test_declined_cell_keeps_its_explanation(form: str, tmp_path: Path) -> None:
    source = write_lesson(tmp_path, show("%%shaperotate\nthe price of tea", build_declined()))
    target = tmp_path / "out"
    assert main(["share", str(source), "--to", form, "-o", str(target)]) in (0, 2)
    raw = target.read_text("utf-8")
    text = raw.replace("\\", "")
    for said in ("no scene for this sentence", "It understood", "unit circle", "can write it"):
        assert said in text, said
    assert "<b>tea</b>" not in raw


def test_text_of_a_declined_result_explains_it_on_paper() -> None:
    data, _ = build_declined()
    assert "It can draw: a unit circle" in data["text/markdown"]


@pytest.mark.parametrize("form", FORMS)
def test_python_error_is_said(form: str, tmp_path: Path) -> None:
    if form == "gallery":
        pytest.skip("a gallery has results only")
    cell = nbformat.v4.new_code_cell("1 / 0")
    cell.outputs = [
        nbformat.v4.new_output(
            "error", ename="ZeroDivisionError", evalue="division by zero", traceback=[]
        )
    ]
    cell.outputs[0].traceback = ["ZeroDivisionError: division by zero"]
    source, target = write_lesson(tmp_path, cell), tmp_path / "out"
    main(["share", str(source), "--to", form, "-o", str(target)])
    assert "division by zero" in target.read_text("utf-8")


@pytest.mark.parametrize("form", ["notebook", *FORMS])
def test_share_writes_over_what_it_made_and_nothing_else(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = write_lesson(tmp_path, show("1", build_declined())), tmp_path / "out"
    command = ["share", str(source), "--to", form, "-o", str(target)]
    target.write_text("mine")
    assert main(command) == 2
    assert target.read_text() == "mine" and "--force" in capsys.readouterr().err
    main([*command, "--force"])
    first = target.read_text("utf-8")
    assert first != "mine"
    main(command)
    assert target.read_text("utf-8") == first


def test_video_with_chapters_is_known_as_ours(tmp_path: Path) -> None:
    bundle = build_bundle(build_generation(tmp_path), kernel_id="k")
    source, target = write_lesson(tmp_path, show("A square", bundle)), tmp_path / "out.mp4"
    command = ["share", str(source), "--to", "chapters", "-o", str(target)]
    assert [main(command), main(command)] == [0, 0]
    target.write_bytes(b"mine")
    assert main(command) == 2 and target.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("cells", "metadata", "expected"),
    [
        ([], {}, "my lesson"),
        (["intro", "## Vectors ##"], {}, "Vectors"),
        (["# Heading"], {"title": "Called so"}, "Called so"),
    ],
)
def test_title_of_a_page_is_the_notebooks(
    cells: list[str], metadata: dict[str, str], expected: str, tmp_path: Path
) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text) for text in cells], metadata=metadata
    )
    assert find_title(notebook, "my lesson") == expected
    source, target = tmp_path / "my_lesson.ipynb", tmp_path / "page.html"
    nbformat.write(notebook, source)
    main(["share", str(source), "--to", "slides", "-o", str(target)])
    assert f"<title>{expected}</title>" in target.read_text("utf-8")


def test_prompt_in_the_gallery_is_in_its_card() -> None:
    facts = {"title": "a circle", "prompt": "a circle\nthat grows <b>"}
    page = build_gallery_page("T", [(facts, "<figure><figcaption>a circle</figcaption></figure>")])
    assert "<p><small>a circle\nthat grows &lt;b&gt;</small></p></figcaption></figure>" in page
    refined = {"title": "a circle", "change": "red", "prompt": "red"}
    assert "<small>" not in build_gallery_page("T", [(refined, "<figure></figure>")])


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    """Three slides: a heading, and two results of which much is said."""
    notes = ("The reply ended early.", "A label was moved.", "A line was repaired.")
    bundle = build_bundle(build_generation(tmp_path), notes=notes, kernel_id="k")
    source = write_lesson(
        tmp_path,
        nbformat.v4.new_markdown_cell("# Squares"),
        nbformat.v4.new_code_cell("%load_ext shaperotator_magic\n%config X.quality = 'low'"),
        show("%%shaperotate\nA square", bundle),
        show("%%shaperotate\nA square", bundle),
    )
    target = tmp_path / "talk.html"
    assert main(["share", str(source), "--to", "slides", "-o", str(target)]) == 0
    return target


def test_slides_have_numbers_and_no_setting_up(slides: Path) -> None:
    text = slides.read_text("utf-8")
    assert "load_ext" not in text
    assert [f"{at} / 3" in text for at in (1, 2, 3)] == [True] * 3


# Every slide with its number is on one screen, once its video has come.
ALL_FIT = """() => [...document.querySelectorAll('video')].every((video) => video.videoWidth)
  && [...document.querySelectorAll('section')]
    .every((slide) => slide.offsetHeight <= innerHeight)"""


@pytest.mark.browser
def test_keys_turn_the_slides_and_a_video_stops_when_its_slide_goes(
    slides: Path, browser: Any
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(slides.as_uri())
    states = "() => [...document.querySelectorAll('video')].map((video) => video.paused)"

    def wait_for(expected: list[bool]) -> None:
        for _ in range(100):
            if page.evaluate(states) == expected:
                return
            page.wait_for_timeout(50)
        raise AssertionError(page.evaluate(states))

    wait_for([True, True])
    page.wait_for_function(ALL_FIT)
    page.keyboard.press("ArrowRight")
    wait_for([False, True])
    page.keyboard.press("ArrowRight")
    wait_for([True, False])
    page.keyboard.press("Home")
    wait_for([True, True])
    page.close()
