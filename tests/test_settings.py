"""The one table of settings, and how its layers merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.options import build_options, merge_settings, read_variable_names
from shaperotator_magic.core.records import Options
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.core.settings.reading import read_environment
from shaperotator_magic.core.settings.table import SETTINGS
from shaperotator_magic.core.settings.video import read_pixel_size


def test_merge_settings_first_layer_that_speaks_wins() -> None:
    merged = merge_settings({"quality": None, "fps": 10}, {"quality": "h", "fps": 20}, {})
    assert (merged["quality"], merged["fps"], merged["attempts"]) == ("h", 10, 3)


def test_merge_settings_seed_zero_is_a_seed() -> None:
    assert merge_settings({"seed": 0}, {"seed": 5})["seed"] == 0


def test_build_options_defaults_equal_the_records_defaults() -> None:
    assert build_options(merge_settings()) == Options()


@pytest.mark.parametrize(("letter", "word"), [("l", "low"), ("k", "fourk"), ("high", "high")])
def test_build_options_quality_letter_is_spelled_out(letter: str, word: str) -> None:
    assert build_options(merge_settings({"quality": letter})).quality == word


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"fps": 500}, "fps"),
        ({"fps": -1}, "fps"),
        ({"attempts": 99}, "attempts"),
        ({"timeout_s": -5.0}, "timeout"),
        ({"resolution": "banana"}, "banana"),
        ({"resolution": "10p"}, "10p"),
    ],
)
def test_build_options_out_of_range_names_the_option(said: dict[str, object], name: str) -> None:
    with pytest.raises(ConfigurationError, match=name) as caught:
        build_options(merge_settings(said))
    assert caught.value.hint


@pytest.mark.parametrize("name", ["bad name", "'bad name'", "2nd", "class"])
def test_build_options_name_that_no_class_can_have_is_blamed(name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name of a class") as caught:
        build_options(merge_settings({"name": name}))
    assert caught.value.setting == "name"
    assert build_options(merge_settings({"name": "'Good'"})).name == "Good"


def test_build_options_manim_flags_with_worker_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="kernel renderer"):
        build_options(merge_settings({"renderer": "worker"}), manim_args=("-t",))


@pytest.mark.parametrize(
    ("resolution", "size"),
    [
        (None, (854, 480)),
        ("720p", (1280, 720)),
        ("720P", (1280, 720)),
        ("720", (1280, 720)),
        ("1280x720", (1280, 720)),
        ("640X360", (640, 360)),
        ("101x101", (102, 102)),
    ],
)
def test_read_pixel_size_understands_heights_and_sizes(
    resolution: str | None, size: tuple[int, int]
) -> None:
    assert read_pixel_size("low", resolution) == size


@pytest.mark.parametrize("resolution", ["1280X720", " 1280×720"])
def test_build_options_resolution_is_spelled_as_the_service_takes_it(resolution: str) -> None:
    assert build_options(merge_settings({"resolution": resolution})).resolution == "1280x720"


def test_read_environment_converts_and_skips_empty() -> None:
    said = read_environment(
        {"SHAPEROTATOR_FPS": "24", "SHAPEROTATOR_OFFLINE": "yes", "SHAPEROTATOR_MODEL": ""}
    )
    assert said == {"fps": 24, "offline": True}


@pytest.mark.parametrize(
    "environ",
    [{"SHAPEROTATOR_FPS": "many"}, {"SHAPEROTATOR_QUALITY": "best"}, {"SHAPEROTATOR_OFFLINE": "?"}],
)
def test_read_environment_bad_value_names_the_variable(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(environ))):
        read_environment(environ)


def test_find_data_dir_from_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHAPEROTATOR_DATA_DIR", str(tmp_path))
    assert find_data_dir() == tmp_path
    assert find_data_dir("/elsewhere") == Path("/elsewhere")


def test_read_variable_names_keeps_order_and_drops_repeats() -> None:
    assert read_variable_names(" A, df,A ,") == ("A", "df")


def test_read_variable_names_not_a_name_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="2x"):
        read_variable_names("A,2x")


def test_settings_flags_and_environment_are_unique() -> None:
    flags = [flag for row in SETTINGS for flag in row.flags]
    variables = [row.env for row in SETTINGS if row.env]
    assert len(flags) == len(set(flags))
    assert len(variables) == len(set(variables))
