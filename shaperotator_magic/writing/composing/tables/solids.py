"""The table of three-dimensional mobjects: their dimensions, words and source. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math

from shaperotator_magic.writing.composing.tables.rows import (
    Measure,
    Measures,
    ThingRow,
    add_article,
)


def _ball(m: Measures) -> tuple[float, ...]:
    return 2 * m["radius"], 2 * m["radius"], 2 * m["radius"]


def _standing(m: Measures) -> tuple[float, ...]:
    return 2 * m["radius"], 2 * m["radius"], m["height"]


_UPRIGHT = {"radius": Measure(1.3, 0.2, 2.5), "height": Measure(3.0, 0.2, 5.0)}


def _platonic(name: str, words: str, edge: float, reach: float) -> ThingRow:
    """``reach`` is the diameter of the solid over its edge."""
    return ThingRow(
        name, tuple(words.split("|")), f"{name.capitalize()}(edge_length={{edge}}).faces",
        {"edge": Measure(edge, 0.2, round(4.9 / reach, 1))},
        box=lambda m: (m["edge"] * reach,) * 3, family="solid",
        examples=(f"rotate {add_article(words.split('|', maxsplit=1)[0])}",),
    )  # fmt: skip


PLATONIC = ("tetrahedron", "cube", "octahedron", "dodecahedron", "icosahedron")

SOLIDS: tuple[ThingRow, ...] = (
    ThingRow("cube", ("cube",), "Cube(side_length={side})", {"side": Measure(2.6, 0.2, 4.0)},
             box=lambda m: (m["side"],) * 3, family="solid",
             examples=("rotate a cube around its diagonal", "a red cube")),
    ThingRow("cuboid", ("cuboid", "rectangular prism", "brick", "3d box", "block"),
             "Prism(dimensions=[{width}, {depth}, {height}])",
             {"width": Measure(3.8, 0.2, 5.0), "depth": Measure(2.0, 0.2, 5.0),
              "height": Measure(1.6, 0.2, 4.0)},
             box=lambda m: (m["width"], m["depth"], m["height"]), family="solid",
             examples=("a cuboid",)),
    ThingRow("sphere", ("sphere", "globe", "3d ball"),
             "Sphere(radius={radius}, resolution=(18, 18))",
             {"radius": Measure(1.9, 0.2, 3.0)}, box=_ball, family="solid",
             examples=("sphere in 3D",)),
    ThingRow("hemisphere", ("hemisphere", "half sphere", "dome"),
             "Sphere(radius={radius}, resolution=(18, 9), v_range=[0, PI / 2]).move_to(ORIGIN)",
             {"radius": Measure(2.2, 0.2, 3.0)},
             box=lambda m: (2 * m["radius"], 2 * m["radius"], m["radius"]), family="solid",
             examples=("a hemisphere",)),
    ThingRow("cylinder", ("cylinder", "tube"),
             "Cylinder(radius={radius}, height={height}, resolution=(8, 18))", _UPRIGHT,
             box=_standing, family="solid", examples=("a green cylinder",)),
    ThingRow("cone", ("cone",),
             "Cone(base_radius={radius}, height={height}, show_base=True, resolution=(8, 18))"
             ".move_to(ORIGIN)", _UPRIGHT, box=_standing, family="solid", examples=("a cone",)),
    ThingRow("torus", ("torus", "donut", "doughnut", "tori"),
             "Torus(major_radius={radius}, minor_radius={radius} * 0.4, resolution=(24, 12))",
             {"radius": Measure(1.9, 0.3, 2.4)},
             box=lambda m: (2.8 * m["radius"], 2.8 * m["radius"], 0.8 * m["radius"]),
             family="solid", examples=("draw a torus",)),
    ThingRow("pyramid", ("pyramid",), "Polyhedron({corner_list}, {face_list}).faces",
             {"radius": Measure(2.0, 0.2, 3.0), "height": Measure(2.8, 0.2, 5.0),
              "corners": Measure(4, 3, 12, is_length=False)},
             box=_standing, family="solid",
             examples=("rotate a pyramid", "a pyramid with 6 sides")),
    ThingRow("triangular_pyramid", ("triangular pyramid",),
             "Polyhedron({corner_list}, {face_list}).faces",
             {"radius": Measure(2.0, 0.2, 3.0), "height": Measure(2.8, 0.2, 5.0),
              "corners": Measure(3, 3, 12, is_length=False)},
             box=_standing, family="solid", examples=("a triangular pyramid",)),
    *(
        ThingRow(f"{word}_prism", words, "Polyhedron({corner_list}, {face_list}).faces",
                 {"radius": Measure(1.6, 0.2, 3.0), "height": Measure(2.8, 0.2, 5.0),
                  "corners": Measure(corners, 3, 12, is_length=False)},
                 box=_standing, family="solid", examples=(add_article(words[0]),))
        for word, corners, words in (
            ("triangular", 3, ("triangular prism", "prism")),
            ("pentagonal", 5, ("pentagonal prism",)),
            ("hexagonal", 6, ("hexagonal prism",)),
            ("octagonal", 8, ("octagonal prism",)),
        )
    ),
    _platonic("tetrahedron", "tetrahedron|tetrahedra", 3.2, 1.3),
    _platonic("octahedron", "octahedron|octahedra", 2.8, 1.42),
    _platonic("dodecahedron", "dodecahedron|dodecahedra", 1.4, 2.8),
    _platonic("icosahedron", "icosahedron|icosahedra", 2.0, 1.9),
)  # fmt: skip


def build_faces(name: str, measures: Measures) -> tuple[str, str]:
    """Return the corners and faces of a pyramid or prism, as Python lists."""
    count = round(measures["corners"])
    radius, half = measures["radius"], measures["height"] / 2
    turns = [2 * math.pi * (k + 0.5) / count for k in range(count)]
    base = [(radius * math.cos(t), radius * math.sin(t), -half) for t in turns]
    ring = list(range(count))
    if name.endswith("pyramid"):
        corners = [*base, (0.0, 0.0, half)]
        faces = [ring, *([k, (k + 1) % count, count] for k in ring)]
    else:
        corners = [*base, *((x, y, half) for x, y, _ in base)]
        sides = ([k, (k + 1) % count, (k + 1) % count + count, k + count] for k in ring)
        faces = [ring, [k + count for k in ring], *sides]
    listed = ", ".join(f"[{x:.2f}, {y:.2f}, {z:.2f}]" for x, y, z in corners)
    return f"[{listed}]", str(faces)
