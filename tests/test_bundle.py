"""What a notebook keeps of a run: everything escaped, playable anywhere, and never a widget."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.core.records import (
    Attempt,
    CheckedScene,
    ErrorReport,
    Generation,
    Options,
    Origin,
    Prompt,
    SceneCode,
)
from shaperotator_magic.notebook.card.bundle import MIME_TYPE, build_bundle
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.card.shown import ShownGeneration
from tests.fakes import build_checked, describe_video, make_video

ATTACKS = json.loads((Path(__file__).with_name("data") / "display_bad.json").read_text("utf-8"))
STATUSES = ("completed", "failed", "cancelled")


class Reader(HTMLParser):
    """Notes every tag with its attributes, and every tag that was not closed."""

    VOID = frozenset({"img", "br", "progress"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag, tag

    def find(self, tag: str) -> dict[str, str | None]:
        return next(attributes for name, attributes in self.tags if name == tag)


def build_generation(
    tmp_path: Path, *, value: str = "x", field: str = "prompt", **fields: Any
) -> Generation:
    """Return a finished run with a text of somebody's put where ``field`` says."""
    texts = {"prompt": "a circle", "code": "class S(Scene): pass", "error": "", "name": "S"}
    texts["prompt" if field in {"explanation", "video_name"} else field] = value
    code = SceneCode(
        source=texts["code"],
        scene_name=texts["name"],
        origin=Origin(
            writer="library", library_scene=value, score=0.5, parameters={"MATRIX": value}
        ),
    )
    report = ErrorReport(
        type="RenderError",
        message=texts["error"] or value,
        hint=value,
        details={"log_tail": value, "nearest": [value], "line": 1},
    )
    failed = Attempt(code=code, error=report)
    return Generation(
        prompt=Prompt(text=texts["prompt"], options=Options(model=value)),
        attempts=(failed, failed),
        scene=CheckedScene(code=code),
        video=describe_video(make_video(tmp_path)),
        **fields,
    ).model_copy(update={"error": report if texts["error"] else fields.get("error")})


def build(generation: Generation, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return build_bundle(generation, kernel_id="k", **options)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack["id"]))
def test_bundle_escapes_what_others_wrote(
    tmp_path: Path, attack: dict[str, str], status: str
) -> None:
    plain = build_generation(tmp_path, status=status)
    hostile = build_generation(
        tmp_path, value=attack["value"], field=attack["field"], status=status
    )
    notes = (attack["value"],)
    html = build(hostile, notes=notes)[0]["text/html"]
    expected = Reader(build(plain, notes=("x",))[0]["text/html"])
    found = Reader(html)
    assert not found.open
    # Exactly the tags and attributes that a harmless text gives: nothing was smuggled in.
    if attack["field"] != "error":
        assert [(t, set(a)) for t, a in found.tags] == [(t, set(a)) for t, a in expected.tags]
    assert {t for t, _ in found.tags} <= {
        "figure", "video", "img", "figcaption", "div", "b", "br", "ul", "li", "ol", "details",
        "summary", "pre", "code", "span",
    }  # fmt: skip
    assert not [a for _, attributes in found.tags for a in attributes if a.startswith("on")]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack["id"]))
def test_progress_escapes_what_others_wrote(attack: dict[str, str]) -> None:
    text = attack["value"]
    display = ResultDisplay("0badcafe", text, kernel_id="k")
    data = display._build_progress("Writing", text, "", "", text)
    assert {t for t, _ in Reader(data["text/html"]).tags} <= {"figure", "div", "progress", "pre"}
    if attack["must_not_match"].startswith("<"):
        assert not re.search(attack["must_not_match"], data["text/html"])


def test_markdown_of_hostile_texts_has_no_html_and_a_whole_fence(tmp_path: Path) -> None:
    code = "x = '''\n```\n<script>alert(1)</script>\n`````\n'''"
    generation = build_generation(tmp_path, field="code", value=code)
    markdown = build(generation)[0]["text/markdown"]
    assert markdown.count("``````") == 2
    title = build(build_generation(tmp_path, value="<script>[a](b)"))[0]["text/markdown"]
    assert title.startswith(r"**\<script\>\[a\]\(b\)**")


def test_bundle_of_a_video_holds_it_everywhere_it_is_looked_for(tmp_path: Path) -> None:
    data, metadata = build(build_generation(tmp_path))
    reader = Reader(data["text/html"])
    video = reader.find("video")
    address = str(video["src"])
    assert base64.b64decode(address.partition(",")[2]) == (tmp_path / "fake.mp4").read_bytes()
    assert str(video["poster"]).startswith("data:image/png") and "controls" in video
    # Hosts that strip <video> show what is in it; a <source> would be dead where untrusted.
    assert "source" not in {tag for tag, _ in reader.tags} and "img" in {t for t, _ in reader.tags}
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert metadata["image/png"]["alt"] and metadata["image/png"]["width"] == 64
    assert not [key for key in data if "widget" in key]


def test_bundle_facts_are_small_json_without_the_video(tmp_path: Path) -> None:
    generation = build_generation(tmp_path)
    facts = build(generation)[0][MIME_TYPE]
    assert json.loads(json.dumps(facts)) == facts and len(json.dumps(facts)) < 5000
    assert facts["id"] == generation.generation_id and facts["kernel"] == "k"
    assert facts["video"]["sha256"] == generation.video.sha256


def test_bundle_of_a_large_video_links_it_and_says_so(tmp_path: Path) -> None:
    html = build(build_generation(tmp_path), embed_limit_bytes=10)[0]["text/html"]
    assert not str(Reader(html).find("video")["src"]).startswith("data:")
    assert "linked, not embedded" in html


def test_bundle_of_a_video_that_is_gone_says_so(tmp_path: Path) -> None:
    generation = build_generation(tmp_path)
    generation.video.path.unlink()
    data, metadata = build(generation)
    assert "is gone" in data["text/html"] and "<video" not in data["text/html"]
    assert "image/png" not in data and metadata == {}


def test_bundle_of_a_still_is_a_picture(tmp_path: Path) -> None:
    generation = build_generation(tmp_path)
    poster = generation.video.poster
    still = generation.video.model_copy(
        update={"path": poster, "media_type": "image/png", "duration_s": 0.0}
    )
    html = build(generation.model_copy(update={"video": still}))[0]["text/html"]
    assert str(Reader(html).find("img")["src"]).startswith("data:image/png")
    assert "<video" not in html


def test_failed_card_says_what_and_what_to_do_and_marks_the_line(tmp_path: Path) -> None:
    generation = build_generation(tmp_path, field="error", value="boom", status="failed")
    html = build(generation.model_copy(update={"video": None}))[0]["text/html"]
    assert "<b>Line 1: boom</b>" in html and "What manim said" in html
    assert re.search(r"<span style=[^>]*>class S\(Scene\): pass</span>", html)
    assert re.search(r"<details open>", html)


def test_card_of_the_library_says_scene_score_and_what_was_read(tmp_path: Path) -> None:
    generation = build_generation(tmp_path, value="[[2, 1], [1, 2]]")
    html = build(generation)[0]["text/html"]
    assert "Built-in\u00a0library" in html and "0.50" in html
    assert "MATRIX = [[2, 1], [1, 2]]" in html.replace("\u00a0", " ")


def test_card_without_a_kernel_gets_no_buttons() -> None:
    generation = Generation(prompt=Prompt(text="x"), scene=build_checked("class S: pass"))
    html = build_bundle(generation, kernel_id="")[0]["text/html"]
    assert 'data-sr-kernel=""' in html


def test_shown_generation_is_its_own_card(tmp_path: Path) -> None:
    shown = ShownGeneration(**dict(build_generation(tmp_path)))
    data, _ = shown._repr_mimebundle_()
    assert shown._repr_html_() == data["text/html"] and "<video" in data["text/html"]
