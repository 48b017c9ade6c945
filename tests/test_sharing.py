"""A notebook that is sent: its videos in it, its keys and paths out of it, its pages inert."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import IPython.display
import nbconvert
import nbformat
import numpy as np
import pytest
from PIL import Image

from shaperotator_magic.cli import main
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Attempt as _Attempt
from shaperotator_magic.core.records import Generation, Origin, Prompt, RenderedVideo, SceneCode
from shaperotator_magic.keeping.privacy import clean_text
from shaperotator_magic.notebook.card.bundle import MIME_TYPE, build_bundle
from shaperotator_magic.notebook.sharing import sharing
from shaperotator_magic.notebook.sharing.exporting import EXPORTS, export_gif_markdown
from shaperotator_magic.notebook.sharing.pages import guard_page
from shaperotator_magic.notebook.sharing.recording import read_recording
from shaperotator_magic.notebook.sharing.sharing import clean_notebook, read_video
from shaperotator_magic.writing.library.library import SceneLibrary

KEY = "sk-" + "proj-Abc123def456ghi789jkl"


def write_video(path: Path, *, frames: int = 30, noise: bool = False) -> Path:
    """Write a small MP4 of a moving square, or of noise that does not compress."""
    import av
    import numpy as np

    random = np.random.default_rng(1)
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = 854, 480, "yuv420p"
        stream.options = {"crf": "5"} if noise else {}
        for number in range(frames):
            picture = np.zeros((480, 854, 3), np.uint8)
            if noise:
                picture[:] = random.integers(0, 255, picture.shape, np.uint8)
            picture[200:260, 10 * number : 10 * number + 60] = 200
            target.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        target.mux(stream.encode(None))
    return path


def build_generation(
    folder: Path, *, title: str = "A square", frames: int = 30, noise: bool = False
) -> Generation:
    video = write_video(folder / "square.mp4", frames=frames, noise=noise)
    poster = folder / "square.png"
    Image.new("P", (640, 360)).save(poster)
    code = SceneCode(source="class A: ...", scene_name="A", origin=Origin(writer="user"))
    return Generation(
        prompt=Prompt(text=title),
        attempts=(_Attempt(code=code),),
        video=RenderedVideo(
            path=video, sha256="0" * 64, size_bytes=video.stat().st_size, duration_s=2.0,
            width_px=854, height_px=480, fps=15, poster=poster, renderer="worker",
        ),
    )  # fmt: skip


def build_notebook(*bundles: tuple[dict[str, Any], dict[str, Any]]) -> Any:
    cells = [nbformat.v4.new_markdown_cell("# A lesson\n\nwith words")]
    for data, metadata in bundles:
        cell = nbformat.v4.new_code_cell("%%shaperotate\na square")
        cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
        cells.append(cell)
    return nbformat.from_dict(nbformat.v4.new_notebook(cells=cells))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"%env OPENAI_API_KEY={KEY}", KEY),
        (f'client = OpenAI(api_key="{KEY}")', KEY),
        ("%env OPENAI_BASE_URL=https://me:hunter22@models.example/v1", "hunter22"),
        ("https://models.example/v1?token=abcd1234efgh", "abcd1234efgh"),
        ('os.environ["HF_TOKEN"] = "hf_abcdefghijklmnopqrstuvwxyz"', "hf_abcdef"),
        ("os.environ['SHAPEROTATOR_TOKEN'] = 'letters-and-9'", "letters-and-9"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
        ("--api-key 0a1b2c3d4e5f", "0a1b2c3d4e5f"),
        ("open('/home/ada/thesis/data.csv')", "ada"),
        (r"C:\Users\Ada\notes.txt", "Ada"),
        ("AKIA" + "ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNOP"),
    ],
)
def test_clean_text_hides(text: str, secret: str) -> None:
    cleaned, found = clean_text(text)
    assert secret not in cleaned and found >= 1
    assert clean_text(cleaned)[0] == cleaned


@pytest.mark.parametrize("is_output", [False, True])
def test_clean_text_leaves_shapes_that_can_be_turned(is_output: bool) -> None:
    shapes = base64.b64encode(b"SRG1").decode()[:5] + "Y/ab/cd/ef+/home/me/x" + 20 * "QUJD"
    held = f'{{&quot;geometry&quot;:&quot;{shapes}&quot;}} {shapes} "{shapes}"'
    assert clean_text(held, is_output=is_output) == (held, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Show how attention turns tokens into queries and keys",
        "the secret of the Fourier transform",
        "password hashing with a salt: the idea",
        "max_tokens=4096",
        "$\\frac{1}{2}$ and A/B/C, see https://docs.manim.community/en/stable/index.html",
        "<b>bold</b></div></figure>",
    ],
)
def test_clean_text_leaves_prose_and_mathematics(text: str) -> None:
    assert clean_text(text, is_output=True) == (text, 0)


def test_clean_text_keeps_only_the_name_of_a_path_in_an_output() -> None:
    assert clean_text('File "/opt/venv/lib/x.py", line 3', is_output=True)[0] == (
        'File "…/x.py", line 3'
    )


def test_shared_notebook_embeds_a_linked_video(tmp_path: Path) -> None:
    generation = build_generation(tmp_path)
    bundle = build_bundle(generation, kernel_id="k", embed_limit_bytes=10)
    assert bundle[0][MIME_TYPE]["notes"]
    bundle[0]["text/html"] = bundle[0]["text/html"].replace(f"{tmp_path}/", "")
    notebook = build_notebook(bundle)
    report = clean_notebook(notebook, tmp_path)
    data = notebook.cells[1].outputs[0].data
    assert read_video(data) == generation.video.path.read_bytes()  # type: ignore[union-attr]
    assert (report.embedded, report.missing) == (["square.mp4"], [])
    assert data[MIME_TYPE]["kernel"] == "" and data[MIME_TYPE]["notes"] == []
    assert str(tmp_path) not in json.dumps(notebook)


def test_shared_notebook_shrinks_then_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = build_generation(tmp_path, frames=5, noise=True)
    assert generation.video is not None
    size = generation.video.size_bytes
    monkeypatch.setattr(sharing, "EMBED_LIMIT_BYTES", size - 1)
    shrunk = build_notebook(build_bundle(generation, kernel_id="", embed_limit_bytes=10))
    assert clean_notebook(shrunk, tmp_path).shrunk == ["square.mp4"]
    assert len(read_video(shrunk.cells[1].outputs[0].data) or b"") < size
    monkeypatch.setattr(sharing, "EMBED_LIMIT_BYTES", 1000)
    linked = build_notebook(build_bundle(generation, kernel_id="", embed_limit_bytes=10))
    report = clean_notebook(linked, tmp_path)
    data = linked.cells[1].outputs[0].data
    assert report.linked == [generation.video.path]
    assert 'src="square.mp4"' in data["text/html"] and "keep square.mp4" in data["text/html"]
    assert data[MIME_TYPE]["video"]["href"] == "square.mp4"


@pytest.mark.parametrize("is_embedded", [True, False])
def test_shared_notebook_gives_manims_own_video_a_poster(tmp_path: Path, is_embedded: bool) -> None:
    path = write_video(tmp_path / "Stretch@1.mp4")
    video = IPython.display.Video(str(path), embed=is_embedded, html_attributes="controls loop")
    html = video._repr_html_().replace(str(path), path.name)
    notebook = build_notebook()
    data = {"text/html": html, "text/plain": "<IPython.core.display.Video object>"}
    cell = nbformat.v4.new_code_cell("%manim -ql Stretch")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    notebook.cells.append(nbformat.from_dict(cell))
    report = clean_notebook(notebook, tmp_path)
    assert report.embedded == ([] if is_embedded else ["Stretch@1.mp4"])
    data = notebook.cells[1].outputs[0].data
    # On <video> itself, for in untrusted notebooks a <source> loses its address.
    assert read_video(data) == path.read_bytes() and "<source" not in data["text/html"]
    assert 'poster="data:image/png' in data["text/html"]
    poster = np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("L"))
    assert poster.max() > 150
    page = tmp_path / "page.md"
    assert len(export_gif_markdown(notebook, page)) == 2 and ".gif)" in page.read_text("utf-8")


def test_shared_notebook_takes_no_video_from_elsewhere(tmp_path: Path) -> None:
    write_video(tmp_path / "private.mp4")
    folder = tmp_path / "lesson"
    folder.mkdir()
    for address in ("../private.mp4", str(tmp_path / "private.mp4")):
        data = {"text/html": f'<video src="{address}"></video>', "text/plain": ""}
        cell = nbformat.v4.new_code_cell("1")
        cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
        notebook = nbformat.from_dict(nbformat.v4.new_notebook(cells=[cell]))
        assert clean_notebook(notebook, folder).embedded == []
        assert read_video(notebook.cells[0].outputs[0].data) is None


def test_shared_notebook_says_what_is_missing_and_takes_widgets_out(tmp_path: Path) -> None:
    data, _ = build_bundle(build_generation(tmp_path), kernel_id="k")
    del data["image/png"]
    notebook = build_notebook((data, {}))
    widget = {sharing.WIDGET_VIEW: {"model_id": "1"}, "text/plain": "VBox(…)"}
    notebook.cells[1].outputs.append(nbformat.v4.new_output("display_data", data=widget))
    notebook.metadata["widgets"] = {"state": {}}
    report = clean_notebook(notebook, tmp_path)
    assert report.missing == ["image/png of 'A square'"]
    assert len(notebook.cells[1].outputs) == 1 and "widgets" not in notebook.metadata
    assert set(report.removed) == {
        "saved widget states",
        "widgets that would show as 'model not found'",
    }


@pytest.mark.parametrize("form", [form for form in EXPORTS if form not in {"pdf", "chapters"}])
def test_share_command_writes_every_form(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "lesson.ipynb"
    notebook = build_notebook(build_bundle(build_generation(tmp_path), kernel_id="k"))
    nbformat.write(notebook, source)
    assert main(["share", str(source), "--to", form, "-o", str(tmp_path / "out" / "x.out")]) == 0
    text = (tmp_path / "out" / "x.out").read_text()
    assert "A square" in text and "1 results" in capsys.readouterr().out
    if form == "gif-markdown":
        (gif,) = (tmp_path / "out").glob("x_media/*.gif")
        assert gif.read_bytes()[:6] == b"GIF89a" and f"x_media/{gif.name}" in text
    else:
        assert "data:video/mp4;base64," in text and "://" not in _without_comments(text)


@pytest.mark.skipif(
    shutil.which("xelatex") is None or shutil.which("pandoc") is None,
    reason="a PDF needs pandoc and texlive-xetex",
)
def test_share_command_writes_a_pdf_with_the_poster_that_reads_no_other_file(
    tmp_path: Path,
) -> None:
    source, secret = tmp_path / "lesson.ipynb", tmp_path / "secret.tex"
    secret.write_text("a private line")
    notebook = build_notebook(build_bundle(build_generation(tmp_path), kernel_id="k"))
    nbformat.write(notebook, source)
    target = tmp_path / "lesson.pdf"
    assert main(["share", str(source), "--to", "pdf"]) == 0
    content = target.read_bytes()
    assert content[:5] == b"%PDF-" and b"/Subtype/Image" in content.replace(b" ", b"")
    notebook.cells.append(nbformat.from_dict(nbformat.v4.new_markdown_cell(f"\\input{{{secret}}}")))
    nbformat.write(notebook, source)
    target.unlink()
    assert main(["share", str(source), "--to", "pdf"]) == 2 and not target.exists()


def test_share_as_pdf_names_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    source = tmp_path / "lesson.ipynb"
    nbformat.write(build_notebook(), source)
    assert main(["share", str(source), "--to", "pdf"]) == 2
    said = capsys.readouterr().err
    assert "needs pandoc and xelatex" in said and "apt-get install pandoc texlive-xetex" in said


def test_slides_have_no_anchors_and_spell_plain_formulas(tmp_path: Path) -> None:
    prose = (
        "# A $2 \\times 2$ matrix\n\nwhere $(1, 0)$ and $x^2$ go, `$a$`, $\\frac{1}{2}$, 5$ or 6$"
    )
    cells = [nbformat.v4.new_markdown_cell(prose), nbformat.v4.new_code_cell("1 + 1")]
    cells[1].outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "2 <b>"})]
    notebook = nbformat.from_dict(nbformat.v4.new_notebook(cells=cells))
    for form in ("slides", "html"):
        page = tmp_path / f"{form}.html"
        EXPORTS[form][1](notebook, page)
        text = page.read_text("utf-8").replace("&#215;", "×")
        assert "¶" not in text and "2 × 2" in text and "x²" in text and "(1, 0)</em>" in text
        assert "<code>$a$</code>" in text and "\\frac{1}{2}" in text and "5$ or 6$" in text
        assert "2 &lt;b&gt;" in text


def _without_comments(page: str) -> str:
    return re.sub(r"/\*.*?\*/", "", page, flags=re.DOTALL).replace("http://www.w3.org/", "")


def test_share_command_refuses_to_write_over_the_notebook(tmp_path: Path) -> None:
    source = tmp_path / "a.ipynb"
    nbformat.write(build_notebook(), source)
    assert main(["share", str(source), "-o", str(source)]) == 2
    assert main(["share", str(tmp_path / "none.ipynb")]) == 2


def test_guarded_page_has_no_script_and_a_policy() -> None:
    page = guard_page("<html><head><script src='https://x/y.js'></script></head><body></body>")
    assert "<script" not in page and "default-src 'none'" in page


@pytest.mark.parametrize(
    ("exporter", "expected"),
    [
        ("HTMLExporter", "data:video/mp4"),
        ("MarkdownExporter", "data:video/mp4"),
        ("LatexExporter", "includegraphics"),
    ],
)
def test_nbconvert_shows_the_picture(exporter: str, expected: str, tmp_path: Path) -> None:
    notebook = build_notebook(build_bundle(build_generation(tmp_path), kernel_id="k"))
    del notebook.cells[0]  # LaTeX takes prose through pandoc, which may not be here
    written, _ = getattr(nbconvert, exporter)().from_notebook_node(notebook)
    assert expected in written


def test_saved_result_of_five_seconds_stays_small(tmp_path: Path) -> None:
    generation = build_generation(tmp_path)
    data, metadata = build_bundle(generation, kernel_id="k")
    video = generation.video
    assert video is not None
    overhead = len(json.dumps([data, metadata])) - len(base64.b64encode(video.path.read_bytes()))
    # A 5 s 480p15 video has about 42 kB, 56 kB as base64; the poster is in the bundle three times.
    assert overhead < 25_000


@pytest.mark.parametrize("name", ["teaching", "gallery"])
def test_library_writes_every_scene_of_the_notebooks(name: str) -> None:
    path = Path(__file__).parents[1] / "notebooks" / f"{name}.ipynb"
    library = SceneLibrary.load()
    prompts = [
        cell.source.split("\n", 1)[1]
        for cell in nbformat.read(path, as_version=4).cells
        if cell.source.startswith("%%shaperotate") and "--refine" not in cell.source
    ]
    assert len(prompts) >= 3
    for prompt in prompts:
        assert library.write(Prompt(text=prompt)).code.origin.library_scene


@pytest.mark.parametrize(
    "asked", ["RATE", "RATE=1", "RATE=2:1:5", "RATE=0:1:1", "RATE=0:1:99", "=0:1:5", "RATE=a:b:3"]
)
def test_values_that_cannot_be_drawn_beforehand_are_refused_with_the_way_to_write_them(
    asked: str,
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_recording(asked)
    assert "--explore RATE=0.1:2:9" in refused.value.hint


def test_values_of_a_recording_are_evenly_spaced() -> None:
    assert read_recording("RATE=0.1:0.5:5").values == [0.1, 0.2, 0.3, 0.4, 0.5]
