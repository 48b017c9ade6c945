"""Values and texts that people write for them: numbers, angles, vectors, matrices, functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

# A value as benchmarks/wanted_values.py writes it, and the text that a person may write for it.
Written = tuple[str, str]
Maker = Callable[[Random], Written]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OPEN_CLOSE = (("(", ")"), ("[", "]"), ("<", ">"), ("⟨", "⟩"), ("{", "}"))


def spell(number: int) -> str:
    """Return the English words for a number from 0 to 99."""
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = _TENS[number // 10 - 2], number % 10
    return f"{tens}-{_ONES[ones]}" if ones else tens


def whole(lowest: int, highest: int) -> Maker:
    """Return a maker of whole numbers, in digits or words."""

    def make(random: Random) -> Written:
        number = random.randint(lowest, highest)
        words = [spell(number)] if 0 <= number < 100 else []
        return str(number), random.choice([str(number), str(number), *words])

    return make


def decimal(lowest: float, highest: float, places: int = 1) -> Maker:
    """Return a maker of decimal numbers."""

    def make(random: Random) -> Written:
        number = round(random.uniform(lowest, highest), places)
        text = f"{number:g}"
        return text, random.choice([text, text, text.replace("-", "−"), text.replace("0.", ".")
                                    if text.startswith("0.") else text])  # fmt: skip

    return make


def measured(values: tuple[float, ...], units: tuple[tuple[str, float], ...]) -> Maker:
    """Return a maker of quantities; a unit is written as ' km/h' and counts 1/3.6 of the value."""

    def make(random: Random) -> Written:
        value = random.choice(values)
        unit, size = random.choice(units)
        number = value / size
        text = f"{number:.4g}"
        if number == int(number) and 0 <= number < 100 and unit[1:].isalpha():
            text = random.choice([text, spell(int(number))])
        return f"{value:g}", f"{text}{unit}"

    return make


def share(*values: str) -> Maker:
    """Return a maker of shares such as 0.05: '5%', '5 percent', '0.05', '1 in 20', '1/20'."""

    def make(random: Random) -> Written:
        value = random.choice(values)
        exact = Fraction(value)
        forms = [value, f"{float(exact * 100):g}%", f"{float(exact * 100):g} percent",
                 f"{float(exact * 100):g} %"]  # fmt: skip
        if exact.numerator == 1:
            forms += [f"1 in {exact.denominator}", f"1/{exact.denominator}"]
        return value, random.choice(forms)

    return make


def angle(*degrees: int) -> Maker:
    """Return a maker of angles in degrees: '45°', 'π/4', '0.785 rad', 'forty-five degrees'."""

    def make(random: Random) -> Written:
        value = random.choice(degrees)
        turn = Fraction(value, 180)
        over = "" if turn.numerator == 1 else str(turn.numerator)
        under = "" if turn.denominator == 1 else f"/{turn.denominator}"
        forms = [f"{value}°", f"{value} degrees", f"{value} deg", f"{over}π{under}",
                 f"{over or 1}*pi{under}" if over else f"pi{under}",
                 f"{float(turn) * 3.14159265:.3f} rad"]  # fmt: skip
        words = [f"{spell(value)} degrees"] if value < 100 else []
        return str(value), random.choice([*forms, *words])

    return make


# --- vectors, matrices, lists, complex numbers ----------------------------------------


def vector(size: int, limit: int) -> Maker:
    """Return a maker of vectors with small whole entries."""

    def make(random: Random) -> Written:
        entries = [random.randint(-limit, limit) for _ in range(size)]
        if not any(entries):
            entries[0] = 1
        return ",".join(map(str, entries)), _write_vector(entries, random)

    return make


def _write_vector(entries: list[int], random: Random) -> str:
    left, right = random.choice(_OPEN_CLOSE)
    rows = r" \\ ".join(map(str, entries))
    return random.choice(
        [f"{left}{', '.join(map(str, entries))}{right}", f"({', '.join(map(str, entries))})",
         f"[{' '.join(map(str, entries))}]", f"({'; '.join(map(str, entries))})",
         _add_terms(entries, "ijk"), rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"]
    )  # fmt: skip


def _add_terms(entries: list[int], names: str) -> str:
    terms = ""
    for entry, name in zip(entries, names, strict=False):
        if entry:
            size = "" if abs(entry) == 1 and name else str(abs(entry))
            sign = " - " if entry < 0 else " + "
            terms += f"{sign}{size}{name}"
    first = terms.removeprefix(" + ")
    return f"-{first[3:]}" if first.startswith(" - ") else first


def matrix(limit: int) -> Maker:
    """Return a maker of 2x2 matrices."""

    def make(random: Random) -> Written:
        a, b, c, d = (random.randint(-limit, limit) for _ in range(4))
        environment = random.choice(["pmatrix", "bmatrix", "matrix"])
        text = random.choice(
            [f"[[{a}, {b}], [{c}, {d}]]", f"[[{a},{b}],[{c},{d}]]", f"[{a} {b}; {c} {d}]",
             f"(({a}, {b}), ({c}, {d}))", f"{{{{{a}, {b}}}, {{{c}, {d}}}}}",
             f"[{a}, {b}; {c}, {d}]", f"with rows ({a}, {b}) and ({c}, {d})",
             f"with the rows {a} {b} and {c} {d}", f"{a} {b} / {c} {d}",
             rf"\begin{{{environment}}} {a} & {b} \\ {c} & {d} \end{{{environment}}}"]
        )  # fmt: skip
        return f"[[{a},{b}],[{c},{d}]]", text

    return make


def numbers(fewest: int, most: int, limit: int = 99) -> Maker:
    """Return a maker of lists of different numbers."""

    def make(random: Random) -> Written:
        entries = list(map(str, random.sample(range(1, limit), random.randint(fewest, most))))
        left, right = random.choice(_OPEN_CLOSE)
        commas = ", ".join(entries)
        text = random.choice(
            [commas, " ".join(entries), f"{left}{commas}{right}", "; ".join(entries),
             f"{', '.join(entries[:-1])} and {entries[-1]}", ",".join(entries),
             f"[{' '.join(entries)}]"]
        )  # fmt: skip
        return ",".join(entries), text

    return make


def complex_number(limit: int) -> Maker:
    """Return a maker of complex numbers with a real and an imaginary part."""

    def make(random: Random) -> Written:
        real = random.randint(-limit, limit)
        imaginary = random.choice([n for n in range(-limit, limit + 1) if n])
        size = "" if abs(imaginary) == 1 else str(abs(imaginary))
        sign = "-" if imaginary < 0 else "+"
        if not real:
            return f"0,{imaginary}", f"{'-' * (imaginary < 0)}{size}i"
        forms = [f"{real}{sign}{size}i", f"{real} {sign} {size}i", f"({real}{sign}{size}i)",
                 f"{real}{sign}{abs(imaginary)}i"]  # fmt: skip
        return f"{real},{imaginary}", random.choice(forms)

    return make


def shape(random: Random) -> Written:
    """Make the shape of a tensor."""
    sizes = [str(random.randint(2, 4)) for _ in range(3)]
    joined = random.choice(["x", "×", " x ", " × ", " by "]).join(sizes)
    return ",".join(sizes), random.choice(
        [joined, f"({', '.join(sizes)})", f"[{', '.join(sizes)}]"]
    )


# --- expressions and choices ----------------------------------------------------------


def expression(random: Random) -> Written:
    """Make an expression in x: a polynomial or a product with a function."""
    if random.random() < 0.5:
        return _write_polynomial(random)
    value, texts = random.choice(_FUNCTIONS)
    return value, random.choice(texts)


_FUNCTIONS = (
    ("sin(x)", ("sin(x)", "sin x", r"\sin(x)", r"\sin x")),
    ("cos(2*x)", ("cos(2x)", "cos(2*x)", r"\cos(2x)")),
    ("exp(x)", ("e^x", "exp(x)", "e**x", "eˣ")),
    ("exp(-x^2)", ("e^(-x^2)", "exp(-x²)", "e^{-x^2}", "exp(-x**2)")),
    ("1/(1+x^2)", ("1/(1+x^2)", "1/(1 + x²)", r"\frac{1}{1+x^2}")),
    ("sqrt(x+4)", ("sqrt(x + 4)", "√(x+4)", r"\sqrt{x+4}")),
    ("x*sin(x)", ("x sin(x)", "x*sin(x)", "x·sin(x)", r"x \sin(x)")),
    ("2^x", ("2^x", "2**x", "2^{x}")),
)


def _write_polynomial(random: Random) -> Written:
    degree = random.randint(2, 4)
    coefficients = [random.randint(-5, 5) for _ in range(degree)] + [random.choice([1, 1, 2, -1])]
    terms = [(n, power) for power, n in reversed(list(enumerate(coefficients))) if n]
    plain = "".join(f"{n:+d}*x^{power}" for n, power in terms)
    style = random.choice(["^", "**", "unicode", "latex"])
    text = ""
    for n, power in terms:
        sign = (" - " if n < 0 else " + ") if text else ("-" if n < 0 else "")
        size = "" if abs(n) == 1 and power else str(abs(n))
        text += sign + size + ("*" if style == "**" and size and power else "")
        text += _write_power(power, style)
    return plain, text


def _write_power(power: int, style: str) -> str:
    if power < 2:
        return "x" * power
    if style == "unicode":
        return "x" + str(power).translate(_SUPERSCRIPTS)
    return f"x^{{{power}}}" if style == "latex" else f"x{style}{power}"


def choice(**texts: tuple[str, ...]) -> Maker:
    """Return a maker of one of several names; underscores in a name stand for spaces."""

    def make(random: Random) -> Written:
        value = random.choice(list(texts))
        return value.replace("_", " "), random.choice(texts[value])

    return make


def pair(lowest: int, highest: int) -> Maker:
    """Return a maker of two whole numbers."""

    def make(random: Random) -> Written:
        return _write_pair(random, lowest, highest)

    return make


def _write_pair(random: Random, lowest: int, highest: int) -> Written:
    a, b = random.randint(lowest, highest), random.randint(lowest, highest)
    forms = [f"{a} and {b}", f"({a}, {b})", f"{a}, {b}", f"{a} & {b}"]
    if lowest >= 0:
        forms += [f"{spell(a)} and {spell(b)}", f"{a} cm and {b} cm"]
    return f"{a},{b}", random.choice(forms)
