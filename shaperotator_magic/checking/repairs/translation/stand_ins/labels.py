"""Words on, in and beside things: labels, boxes, parts of a text."""

from manim import (
    DOWN,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Circle,
    Line,
    RoundedRectangle,
    Square,
    Text,
    VGroup,
)


def put_label(mobject, words="", direction=None, **options):
    """Show words above a thing, as a part of it; they replace earlier ones."""
    if words is None or isinstance(words, (list, tuple)):
        return mobject
    is_mobject = hasattr(words, "submobjects")
    size = options.get("font_size", 28)
    color = options.get("color", WHITE)
    label = words if is_mobject else Text(str(words), font_size=size, color=color)
    for old in [part for part in mobject.submobjects if part.name == "label beside"]:
        mobject.remove(old)
    side = UP if direction is None or hasattr(direction, "submobjects") else direction
    label.next_to(mobject, side, buff=options.get("buff", 0.2))
    label.name = "label beside"
    mobject.add(label)
    return mobject


def graph_label(axes, *given, **options):
    """Return words beside the end of a graph, or beside the axes."""
    words = [part for part in given if isinstance(part, str)]
    near = [part for part in given if hasattr(part, "submobjects")]
    text = words[0] if words else options.get("label", options.get("text", ""))
    label = Text(str(text), font_size=options.get("font_size", 28))
    label.set_color(options.get("color", near[0].get_color() if near else WHITE))
    if near and len(near[0].points):
        label.next_to(near[0].get_end(), options.get("direction", UP), buff=0.15)
    else:
        label.next_to(axes, UP, buff=0.2)
    axes.add(label)
    return label


def rewrite_text(mobject, words="", **options):
    """Change the words of a text where it stands."""
    is_plain = isinstance(mobject, Text)
    size = options.get("font_size", getattr(mobject, "font_size", 48))
    new = Text(str(words), font_size=size) if is_plain else type(mobject)(str(words))
    if not is_plain and hasattr(mobject, "font_size"):
        new.scale_to_fit_height(mobject.height) if mobject.height else None
    new.set_color(options.get("color", mobject.get_color())).move_to(mobject)
    return mobject.become(new)


def color_words(text, *given, **options):
    """Colour parts of a text: a word and its colour, or a dictionary of them."""
    pairs = {}
    if given and isinstance(given[0], dict):
        pairs = given[0]
    elif given:
        color = given[1] if len(given) > 1 else options.get("color", YELLOW)
        pairs = {str(given[0]): color}
    written = "".join(str(getattr(text, "text", "")).split())
    for words, color in pairs.items():
        wanted = "".join(str(words).split())
        at = written.find(wanted)
        while wanted and at >= 0:
            text[at : at + len(wanted)].set_color(color)
            at = written.find(wanted, at + len(wanted))
    return text


def part_or_whole(mobject, words="", **options):
    """Return the part that shows some words, or all of it where there is no such part."""
    try:
        found = mobject.get_part_by_tex(words)
    except (AttributeError, IndexError, TypeError, ValueError):
        found = None
    written = "".join(str(getattr(mobject, "text", "")).split())
    wanted = "".join(str(words).split())
    if found is None and wanted and wanted in written:
        at = written.find(wanted)
        found = mobject[at : at + len(wanted)]
    return mobject if found is None or not len(found.get_all_points()) else found


def TextBox(words="", **options):
    """Return words in a frame."""
    is_mobject = hasattr(words, "submobjects")
    size = options.get("font_size", 32)
    label = words if is_mobject else Text(str(words), font_size=size)
    if not is_mobject and "text_color" in options:
        label.set_color(options["text_color"])
    width = max(options.get("width", 0), label.width + 0.5)
    height = max(options.get("height", 0), label.height + 0.4)
    box = RoundedRectangle(width=width, height=height, corner_radius=0.1)
    box.set_stroke(options.get("stroke_color", options.get("color", WHITE)))
    if "fill_color" in options or "fill_opacity" in options:
        box.set_fill(
            options.get("fill_color", options.get("color")), options.get("fill_opacity", 1)
        )
    return VGroup(box, label.move_to(box))


def Node(words="", radius=0.4, **options):
    """Return a circle with words in it."""
    circle = Circle(radius=radius, color=options.get("color", WHITE))
    if "fill_color" in options or "fill_opacity" in options:
        circle.set_fill(options.get("fill_color"), options.get("fill_opacity", 1))
    label = Text(str(options.get("label", words)), font_size=28)
    if label.width > 1.5 * radius:
        label.scale_to_fit_width(1.5 * radius)
    return VGroup(circle, label.move_to(circle)).move_to(options.get("position", [0, 0, 0]))


def Edge(start, end, **options):
    """Return the line between two things."""
    ends = [e.get_center() if hasattr(e, "get_center") else e for e in (start, end)]
    return Line(*ends, buff=0.4, color=options.get("color", WHITE))


def Array(values=(), **options):
    """Return values in a row of boxes."""
    side = options.get("side_length", options.get("square_size", 0.9))
    color = options.get("color", WHITE)
    cells = VGroup()
    for value in options.get("elements", options.get("data", values)):
        box = Square(side, color=color)
        words = Text(str(value), font_size=28)
        if words.width > 0.8 * side:
            words.scale_to_fit_width(0.8 * side)
        cells.add(VGroup(box, words.move_to(box)))
    return cells.arrange(RIGHT, buff=0)


def Stack(values=(), **options):
    """Return values in boxes, the last one on top."""
    cells = Array(list(options.get("elements", values))[::-1], **options)
    return cells.arrange(DOWN, buff=0)


def LinkedList(values=(), **options):
    """Return values in boxes that are joined by lines."""
    cells = Array(values, **options).arrange(RIGHT, buff=0.6)
    pairs = list(zip(cells[:-1], cells[1:]))  # noqa: RUF007 - scenes have no itertools
    return cells.add(*[Line(a.get_right(), b.get_left()) for a, b in pairs])


def NeuralNetwork(sizes=(3, 4, 2), **options):
    """Return layers of circles, every one joined to those of the next."""
    counts = [n if isinstance(n, int) else 4 for n in options.get("layer_sizes", sizes)]
    layers = VGroup()
    for count in counts:
        column = [Circle(radius=0.2, color=options.get("color", WHITE)) for _ in range(count)]
        layers.add(VGroup(*column).arrange(DOWN, buff=0.25))
    layers.arrange(RIGHT, buff=1.4)
    lines = VGroup()
    for left, right in zip(layers[:-1], layers[1:]):  # noqa: RUF007 - scenes have no itertools
        for a in left:
            for b in right:
                lines.add(Line(a.get_right(), b.get_left(), stroke_width=1, stroke_opacity=0.6))
    return VGroup(lines, layers)


def framed(name, *given, **options):
    """Return what an unknown class was given in a frame; where that is nothing, its name."""
    shown = [part for part in given if hasattr(part, "submobjects")]
    words = [Text(str(part), font_size=28) for part in given if isinstance(part, str)]
    parts = [*shown, *words] or [Text(name, font_size=24)]
    inside = VGroup(*parts).arrange(DOWN) if len(parts) > 1 else parts[0]
    width = max(float(options.get("width", 0)), inside.width + 0.5)
    height = max(float(options.get("height", 0)), inside.height + 0.4)
    box = RoundedRectangle(width=width, height=height, corner_radius=0.1)
    box.set_stroke(options.get("color", WHITE)).move_to(inside)
    return VGroup(box, inside)


def words_of(text):
    """Return the words of a text, each a group of its letters."""
    words, at = VGroup(), 0
    for word in str(getattr(text, "original_text", getattr(text, "text", ""))).split():
        words.add(VGroup(*text.submobjects[at : at + len(word)]))
        at += len(word)
    return words


def entry_of(matrix, row=0, column=None, *more):
    """Return an entry of a matrix by its row and column, or by its number."""
    if column is None:
        return matrix.get_entries()[row]
    return matrix.get_mob_matrix()[row][column]
