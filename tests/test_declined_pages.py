"""A declined card on a real page: its sentences run in the same place by one press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import LabPage, LabServer

pytestmark = pytest.mark.browser

SENTENCE = "determinant of [[1, 2, 3], [4, 5, 6], [7, 8, 10]] by cofactors"
CELLS = [
    "%load_ext shaperotator_magic",
    f"%%shaperotate --offline --still\n{SENTENCE}",
    "print('went on')",
]
TIMEOUT_MS = 90_000


@pytest.fixture(scope="module")
def shown(lab_server: LabServer, extension_page: LabPage) -> Iterator[LabPage]:
    extension_page.open(lab_server.write_notebook("declined", CELLS))
    extension_page.run_all()
    yield extension_page


def is_inside(inner: Locator, outer: Locator) -> bool:
    small, large = inner.bounding_box(), outer.bounding_box()
    assert small is not None and large is not None
    return (
        small["x"] >= large["x"] and small["x"] + small["width"] <= large["x"] + large["width"] + 1
    )


def test_declined_cell_stops_no_run_all_and_proposes_sentences(shown: LabPage) -> None:
    card = shown.output(1).locator(".sr-card")
    expect(card).to_contain_text("no scene for this sentence", timeout=TIMEOUT_MS)
    expect(shown.output(2)).to_contain_text("went on")
    assert card.get_by_role("button", name="Copy").count() == card.locator(".sr-sentence").count()


def test_long_sentence_stays_inside_a_narrow_card(shown: LabPage) -> None:
    shown.page.set_viewport_size({"width": 600, "height": 900})
    card = shown.output(1).locator(".sr-card")
    for button in card.locator(".sr-sentence").all():
        assert is_inside(button, card)
        assert is_inside(button.locator("span").last, button)
    shown.page.set_viewport_size({"width": 1280, "height": 900})


def test_proposed_sentence_runs_in_the_same_place(shown: LabPage) -> None:
    card = shown.output(1).locator(".sr-card")
    first = card.locator(".sr-sentence").first
    said = first.locator("span").last.inner_text()
    first.click()
    expect(card.locator(".sr-title")).to_have_text(said, timeout=TIMEOUT_MS)
    expect(card.locator("img").first).to_be_visible(timeout=TIMEOUT_MS)


def test_proposed_sentence_runs_in_the_same_place_without_the_extension(
    lab_server: LabServer, lab_page: LabPage
) -> None:
    lab_page.open(lab_server.write_notebook("declined_plain", CELLS))
    lab_page.run_all()
    output = lab_page.output(1)
    choice = output.get_by_role("button", name="determinant").first
    said = choice.inner_text()
    choice.click()
    expect(output.locator("figcaption > div").first).to_have_text(said, timeout=TIMEOUT_MS)
    expect(output.locator("img").first).to_be_visible(timeout=TIMEOUT_MS)
