"""What models and users write is shown, never run: in JupyterLab, with and without the extension,
in pages that are shared, and in the notebooks of strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.filters import markdown2html
from playwright.sync_api import Browser, Page

from shaperotator_magic.core.records import (
    Attempt,
    ErrorReport,
    Generation,
    Origin,
    Prompt,
    SceneCode,
)
from shaperotator_magic.notebook.card.bundle import MIME_TYPE, build_bundle
from shaperotator_magic.notebook.sharing.exporting import EXPORTS
from tests.attacks import ATTACKS
from tests.browser import LabPage, LabServer

pytestmark = pytest.mark.browser


def build_attacked(attack: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a failed run's bundle with the attack wherever a text comes from somebody."""
    code = SceneCode(source=attack, scene_name=attack, origin=Origin(writer="model", model=attack))
    details = {"log_tail": attack, "nearest": [attack], "line": 1}
    generation = Generation(
        prompt=Prompt(text=attack),
        status="failed",
        attempts=(Attempt(code=code),) * 2,
        error=ErrorReport(type=attack, message=attack, hint=attack, details=details),
    )
    version = {"id": attack, "prompt": attack, "status": "completed"}
    return build_bundle(generation, kernel_id=attack, notes=(attack,), versions=(version,) * 2)


def forge_facts(attack: str, data: dict[str, Any], *, has_html: bool) -> dict[str, Any]:
    """Return a bundle as a stranger may write it: facts that are not ours, addresses outside.

    JupyterLab itself loads the pictures of any text/html, so such HTML is for our own pages only.
    """
    facts = dict(data[MIME_TYPE])
    forged = dict.fromkeys(("id", "title", "alt", "making", "model", "writer"), attack)
    video = {"mime": attack, "bytes": attack, "duration": 1, "href": attack, "width": attack}
    segment = {"index": 0, "media_type": attack, "base64": attack}
    facts |= {**forged, "status": "completed", "video": video, "segment": segment, "error": None}
    html = f'<video src="{attack}"></video>{attack}' if has_html else data["text/html"]
    return {**data, MIME_TYPE: facts, "text/html": html, "image/png": attack}


def build_notebook(*, has_html: bool) -> Any:
    """Return a notebook that holds every attack: in results of ours, and in forged ones."""
    cells = []
    for attack in ATTACKS:
        data, metadata = build_attacked(attack)
        forged = forge_facts(attack, data, has_html=has_html)
        cell = nbformat.v4.new_code_cell("%%shaperotate\n" + attack)
        cell.outputs = [
            nbformat.v4.new_output("display_data", data=data, metadata=metadata),
            nbformat.v4.new_output("display_data", data=forged),
        ]
        cells.append(cell)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return nbformat.from_dict(nbformat.v4.new_notebook(cells=cells, metadata=metadata))


class Watch:
    """What a page was seen doing that it must not."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        self.page = page
        page.on("dialog", self._answer)
        page.on("requestfinished", self._note)
        page.on("requestfailed", self._note)

    def _answer(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":  # JupyterLab asks whether to leave an unsaved notebook
            dialog.accept()
            return
        self.seen.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def _note(self, request: Any) -> None:
        # What the page's policy or the rule of one origin has stopped never left it.
        is_stopped = request.failure in {"csp", "origin"}
        if "evil.test" in request.url[:30] and not is_stopped:
            self.seen.append(f"{request.url} {request.failure}")

    def check(self) -> None:
        assert self.page.evaluate("window.pwned") is None
        assert self.seen == [], str(self.seen)


def show_everything(page: LabPage) -> None:
    """Bring every cell onto the page, open what is folded, and touch what is there."""
    for index in range(0, page.count_cells(), 3):
        page.output(index)
        page.page.evaluate(
            """() => { for (const fold of document.querySelectorAll('details')) fold.open = true;
            for (const type of ['mouseover', 'focus', 'error', 'load'])
              for (const one of document.querySelectorAll('.jp-OutputArea *'))
                one.dispatchEvent(new Event(type, {bubbles: true})); }"""
        )


def test_attacks_in_lab_with_the_extension_are_inert(
    lab_server: LabServer, extension_page: LabPage
) -> None:
    watch = Watch(extension_page.page)
    notebook = build_notebook(has_html=False)
    extension_page.open(lab_server.save_notebook("attacks.ipynb", notebook))
    show_everything(extension_page)
    cards = extension_page.page.locator(".sr-card")
    assert cards.count() > 0
    assert cards.locator("script, iframe, object, embed, link, style, a").count() == 0
    watch.check()


def test_attacks_in_lab_without_the_extension_are_inert(
    lab_server: LabServer, lab_page: LabPage
) -> None:
    watch = Watch(lab_page.page)
    notebook = build_notebook(has_html=False)
    lab_page.open(lab_server.save_notebook("attacks_plain.ipynb", notebook))
    show_everything(lab_page)
    assert lab_page.page.locator("figure.shaperotator").count() > 0
    watch.check()


def test_code_of_a_forged_result_is_not_inserted_as_commands(
    lab_server: LabServer, extension_page: LabPage
) -> None:
    data, _ = build_attacked("\n%%bash\ntouch pwned")
    facts = {**data[MIME_TYPE], "title": "x\n%%bash\nid", "status": "completed", "error": None}
    cell = nbformat.v4.new_code_cell("1")
    cell.outputs = [nbformat.v4.new_output("display_data", data={**data, MIME_TYPE: facts})]
    forged = nbformat.v4.new_notebook(cells=[cell])
    forged.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    extension_page.open(lab_server.save_notebook("forged.ipynb", forged))
    card = extension_page.output(0).locator(".sr-card")
    card.get_by_role("button", name="Code to cell").click()
    card.get_by_text("Not inserted").wait_for()
    assert extension_page.count_cells() == 1


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(
    "form", [name for name in EXPORTS if name not in {"gif-markdown", "pdf", "chapters"}]
)
def test_attacks_in_a_shared_page_are_inert(form: str, plain_page: Page, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    EXPORTS[form][1](build_notebook(has_html=True), target)
    watch = Watch(plain_page)
    plain_page.goto(target.as_uri())
    plain_page.wait_for_timeout(300)
    watch.check()
    assert plain_page.url == target.as_uri()


def test_attacks_in_shared_markdown_are_inert_where_nobody_cleans_it(
    plain_page: Page, tmp_path: Path
) -> None:
    notebook = build_notebook(has_html=True)
    # Links wait for a click, and every host of Markdown decides about those.
    prose = [attack for attack in ATTACKS if "[x](" not in attack]
    notebook.cells += [
        nbformat.from_dict(nbformat.v4.new_markdown_cell(attack)) for attack in prose
    ]
    EXPORTS["gif-markdown"][1](notebook, tmp_path / "page.md")
    target = tmp_path / "page.html"
    target.write_text(markdown2html((tmp_path / "page.md").read_text("utf-8")), "utf-8")
    watch = Watch(plain_page)
    plain_page.goto(target.as_uri())
    plain_page.wait_for_timeout(300)
    watch.check()
    assert plain_page.url == target.as_uri()
