"""A text that is copied from an earlier one is the text that manim would have set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shaperotator_magic.rendering.drawing.texts import outlines
from shaperotator_magic.rendering.drawing.texts import repeated as texts
from tests.alike import assert_alike, make_twice

__all__ = ["make_twice"]
pytestmark = pytest.mark.render

OPTIONS: list[dict[str, Any]] = [
    {},
    {"font_size": 24},
    {"color": "#FF0000"},
    {"color": None, "weight": "BOLD", "slant": "ITALIC"},
    {"t2c": {"a": "#00FF00"}},
    {"disable_ligatures": True},
    {"height": 1.5, "fill_opacity": 0.5, "stroke_width": 1},
    {"gradient": ("#FF0000", "#0000FF")},
    {"line_spacing": 1},
]


@pytest.fixture
def set_twice(
    make_twice: Callable[..., tuple[Any, Any]], tmp_path: Any
) -> Callable[[Callable[[], list[Any]]], list[Any]]:
    """Compares the texts of a function before and after the installation, and returns them."""
    from manim import Text, tempconfig

    def set_twice(build: Callable[[], list[Any]]) -> list[Any]:
        with tempconfig({"media_dir": str(tmp_path)}):
            expected, made = make_twice(build, texts, Text)
        assert type(expected) is type(made) is list, made
        for one, other in zip(expected, made, strict=True):
            assert_alike(one, other, {})
        return made

    return set_twice


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_repeated_text_is_the_one_that_manim_sets(set_twice: Any, options: Any) -> None:
    from manim import Text

    set_twice(lambda: [Text(f"a b\n{i % 2}", **options) for i in range(8)])


def test_repeated_text_is_changed_by_nothing_that_was_done_to_another(set_twice: Any) -> None:
    from manim import Text

    def build() -> list[Any]:
        made = []
        for number in range(5):
            made.append(Text("ab"))
            made[-1].set_color("#123456").shift([number, 0, 0])[0].points[:] = number
            made[-1].chars[1].fill_rgbas[:] = 0.5
            made[-1].submobjects.pop()
        return made

    set_twice(build)


def test_repeated_text_takes_the_defaults_of_the_moment(set_twice: Any) -> None:
    from manim import SVGMobject, Text, VMobject, tempconfig

    def build() -> list[Any]:
        made = [Text("ab") for _ in range(3)]
        for kind in (VMobject, SVGMobject):
            kind.set_default(color="#FF0000", stroke_width=3)
            made += [Text("ab"), Text("ab")]
            kind.set_default()
        Text.set_default(font_size=20)
        made += [Text("ab") for _ in range(4)]
        Text.set_default()
        with tempconfig({"pixel_width": 300}):
            made.append(Text("ab"))
        return made

    sizes = [text.font_size for text in set_twice(build)]
    assert sizes[8] == pytest.approx(20) != sizes[0]


def test_subclasses_and_second_constructions_are_set_by_manim(set_twice: Any) -> None:
    from manim import Text

    class Own(Text):
        def _text2svg(self, color: Any) -> str:
            self.seen = color
            return super()._text2svg(color)

    def build() -> list[Any]:
        again = Text("ab")
        again.mark = 1
        for _ in range(3):
            again.__init__("ab")  # type: ignore[misc]
        return [*[Own("ab") for _ in range(4)], again]

    assert hasattr(set_twice(build)[3], "seen")


def test_who_watches_what_is_made_sees_every_letter(
    make_twice: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import Mobject, Text, tempconfig

    made: list[Any] = []
    construct = Mobject.__init__

    def note(mobject: Any, *args: Any, **options: Any) -> None:
        made.append(type(mobject).__name__)
        construct(mobject, *args, **options)

    def build() -> list[int]:
        [Text("ab") for _ in range(4)]
        monkeypatch.setattr(Mobject, "__init__", note)
        made.clear()
        Text("ab")
        monkeypatch.setattr(Mobject, "__init__", construct)
        return made.copy()

    with tempconfig({"media_dir": str(tmp_path)}):
        expected, seen = make_twice(build, texts, Text)
    assert expected == seen
    assert seen.count("VMobjectFromSVGPath") == len("ab")


def test_third_text_is_not_set_again(
    make_twice: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import Text, tempconfig

    def build() -> int:
        calls: list[str] = []
        set_text = Text._text2svg
        with monkeypatch.context() as patch:
            patch.setattr(Text, "_text2svg", lambda *args: calls.append("") or set_text(*args))
            [Text("abc") for _ in range(5)]
        return len(calls)

    with tempconfig({"media_dir": str(tmp_path)}):
        assert make_twice(build, texts, Text) == (5, 2)


# --- letters ----------------------------------------------------------------------------

WORDS: list[tuple[str, str, dict[str, Any]]] = [
    ("Text", "Hello, world", {}),
    ("Text", "a  b\ncd", {}),
    ("Text", "fi ffl \u00bc \u03a9 \u2248 \u221a2 \u2192", {}),
    ("Text", "", {}),
    ("Text", "q" * 40, {"font_size": 99}),
    ("Text", "abc abc", {"t2c": {"b": "#FF0000"}, "t2w": {"c": "BOLD"}}),
    ("Text", "abc", {"gradient": ("#FF0000", "#0000FF")}),
    ("Text", "ab fi", {"disable_ligatures": True, "slant": "ITALIC"}),
    ("Text", "a b", {"stroke_width": 2, "fill_opacity": 0.5, "color": None}),
    ("Text", "abc", {"use_svg_cache": True, "height": 2}),
    ("MarkupText", "a <b>b</b> <span foreground='red' size='x-large'>cd</span>", {}),
    ("MarkupText", "a <sub>2</sub> <u>under</u> <s>through</s>", {}),
]


@pytest.fixture
def set_letters(make_twice: Any, tmp_path: Any) -> Callable[..., tuple[Any, Any]]:
    """Builds with manim's import of SVG files, and with that of this package."""
    from manim import SVGMobject, tempconfig
    from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP

    def set_letters(build: Callable[[], Any]) -> tuple[Any, Any]:
        def build_anew() -> Any:
            SVG_HASH_TO_MOB_MAP.clear()
            return build()

        with tempconfig({"media_dir": str(tmp_path)}):
            return make_twice(build_anew, outlines, SVGMobject)  # type: ignore[no-any-return]

    return set_letters


def forget_paths(made: Any) -> Any:
    """Drop what manim parsed: it is never read again, and is not kept with our letters."""
    for group in [made, made.__dict__.get("chars", made), *made.id_to_vgroup_dict.values()]:
        for member in group.get_family():
            member.__dict__.pop("path_obj", None)
    return made


@pytest.mark.parametrize(("kind", "words", "options"), WORDS)
def test_letters_are_those_that_manim_imports(
    set_letters: Any, kind: str, words: str, options: dict[str, Any]
) -> None:
    import manim

    expected, made = set_letters(lambda: forget_paths(getattr(manim, kind)(words, **options)))
    assert_alike(expected, made, {})


def test_letters_take_the_defaults_of_the_moment(set_letters: Any) -> None:
    from manim import Text, VGroup, VMobject

    def build() -> list[Any]:
        made = [forget_paths(Text("ab"))]
        for kind in (VMobject, VGroup):
            kind.set_default(stroke_width=3, z_index=2)
            made.append(forget_paths(Text("ab")))
            kind.set_default()
        return [*made, forget_paths(Text("ab"))]

    assert_alike(*set_letters(build), {})


def test_letters_of_a_class_with_its_own_import_are_manims(set_letters: Any) -> None:
    from manim import Text

    class Own(Text):
        def path_to_mobject(self, path: Any) -> Any:
            return super().path_to_mobject(path).set(mark=path.d())

    expected, made = set_letters(lambda: [letter.mark for letter in Own("ab")])
    assert expected == made


def test_who_watches_sees_the_same_letters_and_groups_made(
    set_letters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import Mobject, Text

    construct = Mobject.__init__

    def build() -> list[str]:
        made: list[str] = []
        Text("abc")
        with monkeypatch.context() as patch:
            patch.setattr(
                Mobject,
                "__init__",
                lambda m, *args, **o: made.append(type(m).__name__) or construct(m, *args, **o),
            )
            Text("abccab")  # of a space manim makes a letter, too, and drops it
        return made

    expected, seen = set_letters(build)
    assert expected == seen


def test_glyph_is_parsed_once(set_letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import svgelements
    from manim import Text

    def build() -> int:
        parsed: list[str] = []
        parse = svgelements.Path.parse
        with monkeypatch.context() as patch:
            patch.setattr(svgelements.Path, "parse", lambda p, d: parsed.append(d) or parse(p, d))
            Text("abab")
            parsed.clear()
            Text("babab")
        return len(parsed)

    expected, made = set_letters(build)
    assert expected >= len("babab")
    assert made == 0
