"""Every word and phrase that the grammar knows, made from the tables. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from shaperotator_magic.writing.composing.scanning.words import (
    NUMBERS,
    Spelling,
    list_nouns,
    list_verbs,
)
from shaperotator_magic.writing.composing.tables.happenings import HAPPENINGS
from shaperotator_magic.writing.composing.tables.looks import COLOURS, COMPARED, LOOKS
from shaperotator_magic.writing.composing.tables.places import ARRANGEMENTS, RELATIONS, SIDES
from shaperotator_magic.writing.composing.tables.solids import PLATONIC
from shaperotator_magic.writing.composing.tables.things import THINGS


@dataclass(frozen=True)
class Entry:
    """What a word is: the kind of token, and its value."""

    kind: str
    value: object = None


# word or phrase, several with |: the kind of token and its value.
_GRAMMAR: dict[str, tuple[str, object]] = {
    "a|an|another|any": ("article", "a"),
    "the|this|that|these|those|its|their|both|all|each|every|all of|both of|all the|his|our|"
    "each of|every one of|the two|the three|the same": ("article", "the"),
    "it|itself|them|they|themselves|both of them|all of them|everything|each one|everyone|"
    "all of it|"
    "each other|one another|all the things|all objects|the whole thing|the object|the objects|"
    "the shape|the shapes|the figure|the first one and the second one": ("pronoun", "it"),
    "one|ones": ("one", None),
    "first": ("ordinal", 0), "second": ("ordinal", 1), "third": ("ordinal", 2),
    "fourth": ("ordinal", 3), "fifth": ("ordinal", 4), "last": ("ordinal", -1),
    "other": ("ordinal", "other"), "leftmost": ("ordinal", 0), "rightmost": ("ordinal", -1),
    "then|after that|afterwards|and then|next|finally|after this|later|thereafter|followed by|"
    "at last|in the end|at the end|lastly|subsequently|and finally|and next|once done|"
    "and after that|when done|eventually": ("then", None),
    "while|as|whilst|meanwhile|during which|and meanwhile|and simultaneously": ("while", None),
    "at the same time|simultaneously|together|at once|in parallel|concurrently|"
    "all at once": ("together", None),
    "after|once|when|as soon as": ("after", None),
    "before": ("before", None),
    "and|plus|as well as|also|and also": ("and", None), "where|in which": ("comma", None),
    "by": ("by", None), "to": ("to", None), "into": ("into", None),
    "about|around": ("about", None), "along": ("along", None), "from": ("from", None),
    "with|having|has|have|using": ("with", None), "of": ("of", None),
    "in|on|onto|upon": ("in", None), "at": ("at", None), "for|during|over": ("for", None),
    "through": ("through", None), "than": ("filler", None), "away": ("filler", None),
    "between": ("relation", "between"), "out": ("particle", "out"),
    "towards|toward|onto": ("to", None),
    "radius": ("measure", "radius"), "diameter": ("measure", "diameter"),
    "side|side length|sides of length|edge|edge length|edges of length": ("measure", "side"),
    "sides|corners|corner|vertices|vertex|sided|cornered|edges|faces": ("measure", "corners"),
    "pointed|tips|spikes|points": ("measure", "corners"),
    "petals|petal|leaves": ("measure", "petals"), "rows|row": ("measure", "rows"),
    "columns|column|cols": ("measure", "columns"),
    "width|wide": ("measure", "width"), "height|high|tall|altitude": ("measure", "height"),
    "length|long": ("measure", "length"), "depth|deep": ("measure", "depth"),
    "size": ("measure", "size"), "font size": ("measure", "font"),
    "values|heights|data|numbers|bars|bar": ("filler", None),
    "degrees|degree|deg|°": ("unit", "degrees"), "radians|radian|rad": ("unit", "radians"),
    "seconds|second|secs|sec|s": ("unit", "seconds"),
    "minutes|minute": ("unit", "minutes"), "%|percent|per cent": ("unit", "percent"),
    "units|unit|cm|centimetres|steps": ("unit", "length"),
    "times|time|x": ("unit", "times"), "rotations|revolutions": ("unit", "turns"),
    "full turn|full rotation|full circle|complete turn|whole turn|full revolution|"
    "a full turn|once around|all the way around|completely": ("turned", 360.0),
    "half turn|a half turn|half a turn|upside down": ("turned", 180.0),
    "quarter turn|a quarter turn": ("turned", 90.0),
    "right angle": ("turned", 90.0),
    "clockwise": ("sense", -1), "counterclockwise|anticlockwise|counter clockwise|"
    "anti clockwise": ("sense", 1),
    "twice": ("times", 2), "thrice": ("times", 3), "again": ("times", 1),
    "repeatedly|continuously|forever|endlessly|over and over|in a loop|non stop": ("times", 2),
    "slowly|slow|gently|gradually|smoothly": ("speed", 4.0),
    "quickly|fast|rapidly|swiftly|suddenly": ("speed", 0.6),
    "x axis|horizontal axis|the x axis|x-axis": ("axis", (1, 0, 0)),
    "y axis|the y axis": ("axis", (0, 1, 0)),
    "z axis|vertical axis|the z axis|vertical|own axis|its axis|its own axis|"
    "axis of symmetry": ("axis", (0, 0, 1)),
    "diagonal|space diagonal|main diagonal|body diagonal|long diagonal": ("axis", (1, 1, 1)),
    "own centre|own center|its centre|its center": ("axis", ()),
    "roots|root|zeros|zeroes|zero|x intercepts|x intercept|intercepts|zero crossings|"
    "where it crosses the x axis|where it meets the x axis|where it cuts the x axis|"
    "where it crosses zero|x axis crossings|where the graph crosses the x axis|"
    "where it touches the x axis|where it is zero":
        ("mark", "roots"),
    "extrema|extremum|extreme points|turning points|maxima|minima|maximum|minimum|max|min|"
    "maximum and minimum|vertex of the parabola|peaks|local extrema|maxima and minima|"
    "high and low points|turning point|maximums|minimums": ("mark", "extrema"),
    "asymptotes|asymptote|vertical asymptotes|vertical asymptote|horizontal asymptotes|"
    "horizontal asymptote|poles": ("mark", "asymptotes"),
    "intersections|intersection|intersection points|points of intersection|intersection point|"
    "point of intersection|where they meet|where they cross|where they intersect|intersect|"
    "crossing points|crossings": ("mark", "intersections"),
    "semi axes|semiaxes|half axes|semi axis": ("measure", "semi axes"),
    "semi major axis|major semi axis": ("measure", "semi major"),
    "semi minor axis|minor semi axis": ("measure", "semi minor"),
    "connect|connects|connected|connecting|join|joins|joined|joining|link|links|linked|linking|"
    "polyline|polygonal chain": ("joins", None),
    "slices|wedges": ("measure", "slices"),
    "opens|open|opening|opened": ("opens", None),
    "platonic solids|regular polyhedra|regular polyhedrons|regular solids":
        ("collection", PLATONIC),
    "colours|colors": ("rainbow", None),
    "label|labels|labelled|labeled|named|called|name|caption": ("label", None),
    "says|saying|reading|that says|that reads|with the words|with the word|reads": ("says", None),
    # Subjects of their own, though each word is known.
    "square wave|square waves|triangle wave|box plot|box plots|line plot|line graph|line chart|"
    "golden spiral|golden rectangle|golden triangle|point cloud|star graph|circle graph|"
    "heart rate|square number|square numbers|triangle number|dot plot|word cloud|word problem|"
    "cone cell|ring road|plane wave|line up|star sign|torus link|unit square|unit cube|"
    "floating point|data cube|end of the line|end of line|hollow point|vanishing point|"
    "eight ball|number line up|"
    "magic square|square matrix|power line|time line|bar code|text book|table tennis":
        ("unknown", None),
    "the letter|the number|the digit|the letters|the numbers|the digits": ("thing", "text"),
    "mark|marks|marked|marking|and mark|find|compute|calculate|identify": ("filler", None),
    "background|backdrop": ("background", None),
    "outline|border|contour|stroke|edge colour": ("part", "stroke"),
    "coloured|colored|colour|color|in the colour|in the color|painted": ("coloured", None),
    "rainbow colours|rainbow colors|rainbow|different colours|different colors|"
    "colourful|colorful|various colours|all colours|various colors|multicoloured|"
    "multicolored|each in a different colour|each in a different color": ("rainbow", None),
    "one second|a second|for a second|for one second": ("duration", 1.0),
    "randomly": ("filler", None),
    "pointing|pointing to|pointing at|points to|facing|directed|"
    "pointing towards": ("pointing", None),
    "horizontal": ("orient", (1, 0)), "vertical": ("orient", (0, 1)),
    "3d|in 3d|three dimensional|3 d|in three dimensions|in space|in 3 d|3 dimensional":
        ("in space", None),
    "2d|in 2d|two dimensional|in the plane|flat": ("filler", None),
    "default|standard|normal|regular|equal|equally spaced|evenly spaced|identical|simple|plain|"
    "nice|beautiful|pretty|basic|random|cute|little bit|single|separate|given|"
    "same size": ("filler", None),
    "please|show|show me|display|animate|make|let|have|has|give|give me|i want|i would like|"
    "i'd like|want|"
    "can you|could you|would you|can i|will you|may i|need|i need|we|us|me|you|i|my|"
    "video|animation|diagram|one diagram|in one diagram|in one picture|animated|animating|"
    "visualise|visualize|picture|image|clip|scene|movie|gif|short|"
    "of a|is|are|being|get|gets|just|now|so|that|which|there|here|do|does|should|must|"
    "and|or|add|insert|include|see|look|looks like|look like|start|starts|starting|begin|"
    "begins|beginning|"
    "end|ends|ending|stop|first of all|render|produce|generate|depict|illustrate|present|"
    "screen|frame|canvas|scenes|with|side|on screen|on the screen|to the screen|from the screen|"
    "it's|some kind of|kind of|thing|things|object|objects|shape|shapes|figure|figures|"
    "up to|only|each time|was|will|would|like|want to|to be|try|then also|what does|"
    "quick|quickie|thanks|thank you|hello|hi|hey|manim|using manim|with manim|in manim|pls|"
    "degrees each|each|every|out of|against|own|new|shown|drawn|visible|value|"
    "position|positions|place|places|location|spot|coordinates|located|placed|positioned|centred|"
    "centered|standing|sitting|lying|somewhere|both|of the|labelled with|too|together with|"
    "arranged|ordered|evenly|spread|spread out|corresponding|shaped|edges|lines|continue|"
    "keep|keeps|keeping|it all|one by one|one after another|"
    "one after the other|one at a time|in turn|smooth": ("filler", None),
    "graph of|the graph of|graphs of|plot of|plots of|curve of|curve|function|functions|"
    "the function|the curve|equation|given by|defined by|with equation|described by|"
    "with the equation|satisfying": ("graph of", None),
    "back and forth": ("there and back", None),
    "back again|and back|and back again|back": ("back", None),
    "to and fro": ("there and back", None),
    "back to the centre|back to the center|back to the middle": ("side", (0, 0)),
    "from nothing|from a point|from zero": ("from nothing", None),
    "to a point|to nothing|to zero|to a dot": ("away", None),
    "range|domain|interval": ("filler", None),
    "wait|pause": ("act", "wait"),
}  # fmt: skip


@cache
def build_lexicon() -> dict[str, Entry]:
    """Return every phrase in lower case with what it is; a table of things comes last."""
    entries: dict[str, Entry] = {}
    for words, (kind, value) in _GRAMMAR.items():
        for word in words.split("|"):
            entries.setdefault(word, Entry(kind, value))
    for kind, table in _TABLES.items():
        entries.update({word: Entry(kind, value) for word, value in table.items()})
    for form, act in _list_acts():
        entries.setdefault(form, Entry("act", act))
    for form, thing in _list_things():
        if entries.get(form, _NOTHING).kind not in _STRONGER:
            entries[form] = Entry("thing", thing)
    # 'around' may be of an axis, a thing, or nothing: the grammar decides.
    entries.update({"around": Entry("about"), "over": Entry("relation", "above")})
    for one, other in _SPELLINGS:
        entries.update({k.replace(one, other): v for k, v in list(entries.items()) if one in k})
    return {phrase.replace("-", " "): entry for phrase, entry in entries.items()}


def _list_acts() -> Iterator[tuple[str, str]]:
    for act in HAPPENINGS:
        for phrase in act.words:
            for form in list_verbs(phrase):
                yield form, act.name


def _list_things() -> Iterator[tuple[str, str]]:
    for thing in THINGS.values():
        for phrase in thing.words:
            for form in list_nouns(phrase):
                yield form, thing.name


_TABLES: dict[str, dict[str, Any]] = {
    "number": NUMBERS, "side": SIDES, "colour": COLOURS, "look": LOOKS, "compared": COMPARED,
    "relation": RELATIONS, "arrange": ARRANGEMENTS,
}  # fmt: skip
_NOTHING = Entry("")
# What these words mean is decided by what stands beside them, not by the table of things.
_STRONGER = frozenset({"measure", "mark", "unit"})
# Only words that name something are corrected: a small word is as good as an unknown one.
_CORRECTED = frozenset({"thing", "act", "colour", "side", "arrange", "measure", "mark", "rainbow"})
_SPELLINGS = (("colour", "color"), ("centre", "center"), ("grey", "gray"), ("ised", "ized"))


@cache
def build_spelling() -> Spelling:
    """Return the corrector for single words of the lexicon."""
    known: dict[str, set[str]] = {}
    for phrase, entry in build_lexicon().items():
        if entry.kind in _CORRECTED:
            for word in phrase.split():
                known.setdefault(word, set()).add(entry.kind)
    return Spelling(known, (word for word, kinds in known.items() if kinds & {"thing", "colour"}))


@cache
def measure_longest() -> int:
    """Return how many words the longest phrase has."""
    return max(len(phrase.split()) for phrase in build_lexicon())
