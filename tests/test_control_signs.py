"""Control characters of foreign text are shown as signs wherever it is printed or drawn."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.utils.capture import capture_output

import shaperotator_magic.cli
from shaperotator_magic.cli import main
from shaperotator_magic.cli.progress import ProgressBar
from shaperotator_magic.cli.terminal import LogFormatter, print_source
from shaperotator_magic.core.control_characters import (
    RANGES,
    escape_shown,
    show_controls,
    show_controls_of_page,
)
from shaperotator_magic.core.errors import RenderError, build_error
from shaperotator_magic.core.records import (
    Attempt,
    ErrorReport,
    Generation,
    Origin,
    Prompt,
    SceneCode,
)
from shaperotator_magic.learning.grading.figures import build_page
from shaperotator_magic.notebook.card.bundle import MIME_TYPE, build_bundle
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.card.removed import build_removed
from shaperotator_magic.notebook.card.table import Table
from shaperotator_magic.notebook.sharing.exporting import EXPORTS

ROOT = Path(__file__).parents[1]
HIDDEN = re.compile(
    f"[{''.join(f'{chr(a)}-{chr(b)}' for a, b in RANGES if a != 0)}\0-\x08\x0b-\x1f]"
)
# A colour, a link and the clipboard of a terminal; C1; directions; a line of its own; invisibles.
ATTACK = (
    "\x1b[31mred\x1b]8;;http://127.0.0.1/\x07link\x1b]8;;\x07\x1b]52;c;aGk=\x07\x9b31m\u202eabc"
    "\u2066x\u2069\u200f\rshaperotator: fine\u200b\ufeff\u2028\x00\x7f\x85\U000e0041"
)
READABLE = (
    "שלום עולם, النص العربي",
    "می\u200cخواهم",  # a letter that must not join the next one
    "👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥",
    "naïve Ω ∑ 1\u00a0km, 数学",
)


@pytest.mark.parametrize("text", READABLE)
def test_readable_text_stays(text: str) -> None:
    assert show_controls(text) == text
    assert show_controls_of_page(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\rb\0c\x7f", "a␍b␀c␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("if x\u202e # safe\u2066", "if x⟨U+202E⟩ # safe⟨U+2066⟩"),
        ("pass\u200dword \u200c", "pass⟨U+200D⟩word ⟨U+200C⟩"),
        ("א\u200fב\u061c", "א⟨U+200F⟩ב⟨U+061C⟩"),
        ("\ud800\U000e0041", "⟨U+D800⟩⟨U+E0041⟩"),
    ],
)
def test_control_characters_become_signs(text: str, shown: str) -> None:
    assert show_controls(text) == shown
    assert show_controls(shown) == shown


def test_lines_and_tabs_stay_where_there_are_several_lines() -> None:
    assert show_controls("a\tb\r\nc\rd\n", is_multiline=True) == "a\tb\nc␍d\n"
    assert show_controls("a\tb\nc") == "a␉b␊c"


def test_page_spells_no_control_character_either() -> None:
    page = "<p>&#8238;&#x202e;&rlm;&shy; &amp;lt; &lt; &nbsp; &copy; \u202e</p>"
    assert show_controls_of_page(page) == (
        "<p>⟨U+202E⟩⟨U+202E⟩⟨U+200F⟩⟨U+00AD⟩ &amp;lt; &lt; &nbsp; &copy; ⟨U+202E⟩</p>"
    )


# --- where it is shown ----------------------------------------------------------------


def build_generation() -> Generation:
    origin = Origin(writer="model", model=ATTACK)
    code = SceneCode(source=f"# {ATTACK}\nx = 1", scene_name=ATTACK, origin=origin)
    error = ErrorReport(type="RenderError", message=ATTACK, hint=ATTACK, details={
        "log_tail": ATTACK, "nearest": [ATTACK], "line": 2,
    })  # fmt: skip
    attempts = (Attempt(code=code, error=error),) * 2
    return Generation(prompt=Prompt(text=ATTACK), status="failed", attempts=attempts, error=error)


def test_card_shows_signs_in_every_form() -> None:
    version = {"id": "1", "prompt": ATTACK, "status": "failed"}
    data, _ = build_bundle(build_generation(), kernel_id="", notes=[ATTACK], versions=[version] * 2)
    facts = data.pop(MIME_TYPE)
    for name in ("prompt", "code"):  # they go back into cells, and are shown by signs.ts
        facts.pop(name)
    facts["scene_name"] = ""
    for kind, text in {**data, "facts": json.dumps(facts, ensure_ascii=False)}.items():
        assert HIDDEN.search(text) is None, kind
        assert "⟨U+202E⟩" in text, kind
    assert data["text/html"].count("background:") >= 1


def test_card_marks_the_failed_line_of_the_source() -> None:
    html = build_bundle(build_generation(), kernel_id="")[0]["text/html"]
    assert re.search(r"<span[^>]*>x = 1</span>", html)


@pytest.mark.usefixtures("shell")
def test_progress_of_a_cell_shows_signs() -> None:
    with capture_output() as captured:
        display = ResultDisplay("1", ATTACK)
        display.show_progress("Repairing", detail=ATTACK, code_tail=ATTACK)
        display.show(build_removed("1", ATTACK, kernel_id=""), {})
    assert len(captured.outputs) == 3
    for output in captured.outputs:
        assert HIDDEN.search(json.dumps(output.data, ensure_ascii=False)) is None


def test_errors_show_signs_in_tracebacks_and_terminals() -> None:
    for error in (
        RenderError(ATTACK, hint=ATTACK, line=3),
        build_error({"type": "ServiceError", "message": ATTACK, "hint": ATTACK}),
    ):
        lines = [str(error), error.hint, *error._render_traceback_()]
        assert HIDDEN.search("\n".join(lines)) is None
        assert "␛[31mred␛]8;;" in lines[0]


def test_table_of_the_line_magic_shows_signs() -> None:
    table = Table(ATTACK, [(ATTACK, "b")])
    assert HIDDEN.search(repr(table) + table._repr_html_()) is None


def test_page_of_an_evaluation_shows_signs() -> None:
    assert HIDDEN.search(build_page([build_generation()], {})) is None


@pytest.mark.parametrize("form", [name for name in EXPORTS if name not in {"pdf", "chapters"}])
def test_pages_of_a_strangers_notebook_show_signs(form: str, tmp_path: Path) -> None:
    data, metadata = build_bundle(build_generation(), kernel_id="")
    forged = {**data, "text/html": f"<b>{ATTACK}&#8238;</b>"}
    forged[MIME_TYPE] = {**data[MIME_TYPE], "title": ATTACK, "video": {}}
    code = nbformat.v4.new_code_cell(f"print('{ATTACK}')")
    code.outputs = [
        nbformat.v4.new_output("display_data", data=data, metadata=metadata),
        nbformat.v4.new_output("display_data", data=forged),
        nbformat.v4.new_output("stream", text=ATTACK),
    ]
    prose = nbformat.v4.new_markdown_cell(f"# {ATTACK}\n\n&#8238; {ATTACK}")
    notebook = nbformat.v4.new_notebook(cells=[prose, code])
    for path in EXPORTS[form][1](notebook, tmp_path / "page"):
        text = path.read_text(encoding="utf-8")
        assert HIDDEN.search(text) is None
        assert not re.search("&#(8238|x202e)", text)
        assert "⟨U+202E⟩" in text


# --- the terminal ---------------------------------------------------------------------


@pytest.mark.render
def test_exception_of_a_scene_reaches_the_terminal_as_signs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = tmp_path / "scene.py"
    scene.write_text(
        "from manim import *\nclass A(Scene):\n    def construct(self):\n"
        f"        raise ValueError({ATTACK!r})\n"
    )
    assert main(["render", str(scene), "-r", "128x72", "--fps", "5"]) == 3
    written = capsys.readouterr().err
    assert HIDDEN.search(written) is None
    assert "line 4: ValueError: ␛[31mred␛]8;;http://127.0.0.1/␇link" in written


def test_name_of_a_file_reaches_the_terminal_as_signs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = tmp_path / "n\x1b[31m\u202e.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), notebook)
    assert main(["share", str(notebook), "--to", "gallery"]) == 0
    written = capsys.readouterr().out
    assert HIDDEN.search(written) is None
    assert "n␛[31m⟨U+202E⟩.gallery.html" in written


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_bar_shows_signs() -> None:
    stream = Terminal()
    ProgressBar(stream).say(f"mending: {ATTACK}\n")
    assert HIDDEN.search(stream.getvalue().removeprefix("\r\x1b[K")) is None


def test_source_goes_to_a_pipe_as_it_is_and_to_a_terminal_with_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for stream, expected in ((io.StringIO(), "x\u202e\n"), (Terminal(), "x⟨U+202E⟩\n")):
        monkeypatch.setattr("sys.stdout", stream)
        print_source("x\u202e\n")
        assert stream.getvalue() == expected


def test_log_has_one_line_a_record_and_signs() -> None:
    formatter = LogFormatter("%(levelname)s %(name)s: %(message)s")
    record = logging.LogRecord("a", logging.INFO, "", 0, f"x\nINFO a: {ATTACK}", None, None)
    line = formatter.format(record)
    assert "\n" not in line
    assert HIDDEN.search(line) is None


def test_commands_print_through_one_module_only() -> None:
    folder = Path(shaperotator_magic.cli.__file__).parent
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        written = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        found = {name for name in written if re.fullmatch(r"print|(sys\.)?std\w+\.write", name)}
        assert not found or path.name == "terminal.py", path


# --- the pages ------------------------------------------------------------------------

SCRIPTS = {
    "page.js": ROOT / "shaperotator_magic" / "service" / "http" / "page" / "page.js",
    "signs.ts": ROOT / "labextension" / "src" / "signs.ts",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_pages_hide_the_same_characters(script: str) -> None:
    wanted = "".join(f"\\u{{{first:x}}}-\\u{{{last:x}}}" for first, last in RANGES)
    assert f"const HIDDEN = /[{wanted}]/gu;" in SCRIPTS[script].read_text(encoding="utf-8")


def test_page_of_the_service_shows_the_same_signs() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    source = SCRIPTS["page.js"].read_text(encoding="utf-8")
    function = source[source.index("const HIDDEN") : source.index("class ServiceError")]
    texts = [ATTACK, "a\tb\r\nc", "pass\u200dword", "\ud800", *READABLE]
    program = f"{function}\nconsole.log(JSON.stringify({json.dumps(texts)}.map(showControls)));"
    done = subprocess.run([node, "-e", program], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == [show_controls(text, is_multiline=True) for text in texts]


def test_page_of_the_service_sets_text_in_two_places_only() -> None:
    source = SCRIPTS["page.js"].read_text(encoding="utf-8")
    assigned = re.findall(r"\.(?:textContent|innerHTML|innerText) = (.*);", source)
    assert assigned == ['showControls(text ?? ""); }', "showControls(text)"]


def test_html_of_a_text_has_neither_markup_nor_control_characters() -> None:
    assert escape_shown("<b>\u202e&\n") == "&lt;b&gt;⟨U+202E⟩&amp;\n"


_LOG_OF_UVICORN = r"""
import logging
from uvicorn.config import LOGGING_CONFIG
logging.config.dictConfig(LOGGING_CONFIG)  # as whoever starts uvicorn by itself
from shaperotator_magic.cli.serve import _configure_logging
_configure_logging()
logging.getLogger("uvicorn.error").error("a path %s", "/\x1b]0;owned\x07\nINFO: forged")
"""


def test_loggers_of_uvicorn_write_signs() -> None:
    source = f"import logging.config\n{_LOG_OF_UVICORN}"
    said = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    ).stderr
    assert "ERROR uvicorn.error: a path /␛]0;owned␇␊INFO: forged" in said
    assert "\x1b" not in said and len(said.splitlines()) == 1
