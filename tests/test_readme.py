"""README says what is true: its options are those of the settings table, its links lead somewhere.

    python -m tests.test_readme

writes the table of options anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shaperotator_magic.core.records import Generation, Prompt
from shaperotator_magic.core.settings.table import SETTINGS, Setting
from shaperotator_magic.notebook.card.bundle import MIME_TYPE, build_bundle
from shaperotator_magic.notebook.commands.commands import COMMANDS
from shaperotator_magic.notebook.session.card_messages import _HANDLERS
from tests.fakes import describe_video, make_video

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
START = "<!-- options: made by `python -m tests.test_readme`, compared by a test -->\n"
END = "<!-- end of options -->"


def build_table() -> str:
    rows = [_build_row(row) for row in SETTINGS]
    head = ("option", "what it does", "default", "environment")
    return "\n".join(["| " + " | ".join(row) + " |" for row in (head, ["---"] * 4, *rows)]) + "\n"


def _build_row(row: Setting) -> tuple[str, str, str, str]:
    option = ", ".join(f"`{flag}`" for flag in row.flags) or f"`%config` only: `{row.name}`"
    unit = f" ({row.unit})" if row.unit else ""
    default = "" if row.default in (None, "", False) else f"`{row.default}`"
    # In markdown a percent sign needs no doubling, as argparse asks for.
    return option, row.help.replace("%%", "%") + unit, default, f"`{row.env}`" if row.env else ""


def read_table() -> str:
    return README.read_text("utf-8").partition(START)[2].partition(END)[0]


def test_readme_options_are_those_of_the_settings() -> None:
    assert read_table() == build_table(), "run: python -m tests.test_readme"


def test_readme_names_every_command_of_the_line_magic() -> None:
    text = README.read_text("utf-8").partition("| command | what it does |")[2]
    assert [name for name in COMMANDS if name != "help" and f"{name}" not in text] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_to_files_that_are_there(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    missing = [t for t in targets if "://" not in t and not (ROOT / t).exists()]
    assert missing == []


def test_contributing_names_every_benchmark_and_what_make_bench_runs() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Measure")[2]
    said, _, table = text.partition("## ")[0].partition("| about |")
    bench = (ROOT / "Makefile").read_text("utf-8").partition("\nbench:")[2].partition("\n\n")[0]
    run = re.findall(r"benchmarks\.(\w+)", bench)
    assert run == re.findall(r"`([a-z_]+)`", said)
    runnable = [
        path.stem for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text()
    ]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(set(runnable) - {"isolation_entry"})


def test_protocol_lists_every_kind_that_the_kernel_takes() -> None:
    text = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    said = text.partition("| kind |")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", said, re.MULTILINE)) == {"hello", *_HANDLERS}


def test_protocol_lists_every_field_of_an_output(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "protocol.md").read_text("utf-8").partition("## What an output")[2]
    video = describe_video(make_video(tmp_path))
    facts = build_bundle(Generation(prompt=Prompt(text="x"), video=video), kernel_id="k")[0][
        MIME_TYPE
    ]
    named = set(re.findall(r"`(\w+)`", text))
    assert set(facts) | set(facts["video"]) <= named


def test_picture_of_the_card_is_small() -> None:
    assert (ROOT / "docs" / "card.png").stat().st_size < 150_000


def _write_table() -> None:
    text = README.read_text("utf-8")
    before, _, after = text.partition(START)
    README.write_text(f"{before}{START}{build_table()}{END}{after.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    _write_table()
