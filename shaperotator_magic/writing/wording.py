r"""The words of a sentence that describe its subject. Pure.

Notation is read as the words that it stands for (``\int`` as 'integral'), framing ('please show my
students') is left out, and what remains is reduced to stems, so that 'derivatives' and 'derivative'
are one word.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import re

_WORD = re.compile(r"[a-zα-ωλ][a-z0-9'α-ω]*|\d+d\b")
_SHORTEST_WORD = 2
# Notation that names its subject. Searched in order; what is found is replaced.
_NOTATION: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), f" {words} ")
    for pattern, words in (
        (r"f\(x ?\+ ?(h|\\delta x|δx)\)", "difference quotient"),
        (r"\\[pbv]matrix|\\begin\{[pbv]?matrix\}.*?\\end\{[pbv]?matrix\}", "matrix"),
        (r"\\det\b", "determinant"),
        (r"\ba ?d ?- ?b ?c\b", "determinant"),
        (r"\bd[yz]/du\b(?:.{0,12}\bdu/dx\b)?", "chain rule"),
        (r"\\o?int\b|∫|\bdx\b", "integral"),
        (r"\\lim\b", "limit"),
        (r"\\nabla\b|∇", "gradient"),
        (r"\\binom\b", "binomial coefficient"),
        (r"\b1 ?\+ ?3 ?\+ ?5\b(?: ?\+ ?\d+)*(?: ?= ?\d+)?", "sum of odd numbers"),
        (r"\b1/\d ?\+ ?1/\d+(?: ?\+ ?1/\d+)*", "geometric series"),
        (r"\b0?\.5 ?\+ ?0?\.25(?: ?\+ ?0?\.125)?", "geometric series"),
        (r"\b68 ?[-–,] ?95 ?[-–,] ?99[.,]7", "empirical rule"),
        (r"\b(?:4|four)-cubes?\b|\b8-cell\b", "tesseract"),
        (r"\b16-cells?\b", "hexadecachoron"),
        (r"\b24-cells?\b", "icositetrachoron"),
        (r"\bp\(\w+ ?(\||\\mid) ?\w+\)", "conditional probability"),
        (r"\ba(\^\{?2\}?|²) ?\+ ?b(\^\{?2\}?|²)( ?= ?c(\^\{?2\}?|²)?)?", "pythagoras"),
        (r"\be ?\^ ?\{? ?\(?i ?(x|t|\\theta|θ|\\pi|π|pi|\\phi|φ)\b ?\)? ?\}?", "euler formula"),
        (r"\bexp ?\( ?i\b", "euler formula"),
        (r"\b\(?f ?(\*|\\ast) ?g\b", "convolution"),
        (r"([abuvxyw]\}?) ?(\\cdot|·) ?(\\\w+ ?\{)?[abuvxyw]\b", "dot product"),
        (r"\b([abuvw]\}?) ?(\\times|×) ?(\\\w+ ?\{)?[abuvw]\b", "cross product"),
        (r"\bb(?:in(?:om)?)?\( ?\d+ ?[,;] ?(?:0?[.,]\d+|\d+/\d+) ?\)", "binomial distribution"),
        (
            r"(?<!point )(?<!points )(?<!\), )\bn\( ?[-−]?[\d.]+ ?[,;] ?[\d.]+(?:²|\^2)? ?\)",
            "normal distribution",
        ),
        (r"\bn\( ?μ ?, ?σ(?:²|\^2) ?\)", "normal distribution"),
        (r"\bpo(?:is?)?\( ?(?:[\d.]+|λ) ?\)", "poisson distribution"),
        *((rf"\b{name}sorts?\b", f"{name} sort") for name in ("bubble", "insertion", "selection")),
        (r"\\(lambda)\b", "lambda"),
        (r"\\(theta|phi|alpha)\b", "angle"),
        (r"\\begin\{\w+\}|\\end\{\w+\}|\\[a-z]+", ""),
    )
)
# Each piece of notation has one of these.
_MAY_BE_NOTATION = re.compile(r"[\\^²+*·×∫∇|(]|\bdx\b|\bdu\b|\ba ?d\b|\d ?-|-cube|[ne]sort")
_STOP_WORDS = frozenset(
    # Names of functions too: they stand in prompts for any of the scenes about functions.
    "a about acts actually again all also always am an and animate animated animation animations "
    "any anything are around as at basic basics be because become been below better between but by "
    "can case class clear clearly come comes compute concept cos could cs101 course demo "
    "demonstrate demonstration did different display do does doesn't doing don't dont draw drawing "
    "drawn each easy effect every everything exactly example examples exp explain explained "
    "explaining explanation explains find for from general geometric "
    "geometrically get gets give go goes going good has have hello help her hey hi high his how i "
    "i'm idea if illustrate im in inside interactive intro introduction into intuition "
    "intuitive intuitively is it it's its itself just keep kind know law learn lecture lesson let "
    "like little ln log long look looks lot low make makes making many may maybe me mean meaning "
    "means more most movie much must my need never new nice nontrivial not now number of "
    "often ok on once one only or other our out over own people picture pictures "
    "please plot pls point properly question quick quickly real really s same say school see "
    "should show showing shown shows simple simply sin small so some something sometimes "
    "sort sqrt start steps step still stuff student students such t tan teach teacher tell than "
    "thank thanks that the their them then theory there these they "
    "thing things this those through to together too topic treated try turn turns two "
    "under understand university until up us use used using version very video "
    "visual visualisation visualise visualised visualising visualization visualize visualized "
    "visually want was watch way we well what what's when where whether which while who why will "
    "with without wonder work working works would write x y you you're your".split()
)
# What people call it: what the scene files call it.
_SYNONYMS = {
    "arrows": "vector", "arrow": "vector", "slope": "derivative", "tangent": "derivative",
    "steepness": "derivative", "rectangles": "rectangle", "strips": "rectangle",
    "slices": "rectangle", "lasso": "l1",
    "ridge": "l2", "regulariser": "regularisation", "regularizer": "regularisation",
    "regularization": "regularisation", "regularized": "regularisation",
    "regularised": "regularisation", "regularize": "regularisation", "hypercube": "tesseract",
    "4d": "tesseract", "fourth": "four", "dimensional": "dimension",
    "optimiser": "descent", "optimizer": "descent", "steepest": "descent",
    "downhill": "descent", "multidimensional": "tensor",
    "ndarray": "tensor", "epicycles": "fourier", "harmonics": "fourier",
    "polynomial": "polynomials", "convolve": "convolution", "convolving": "convolution",
    "convolved": "convolution", "differentiate": "derivative", "differentiation": "derivative",
    "integrate": "integral", "integration": "integral", "antiderivative": "integral",
    "shadow": "projection", "shadows": "projection", "project": "projection",
    "projecting": "projection", "projected": "projection",
    "perpendicular": "orthogonal", "eigen": "eigenvector",
    "eigenvectors": "eigenvector", "eigenvalues": "eigenvalue", "maclaurin": "taylor",
    "llms": "llm", "gpt": "llm", "chatgpt": "llm", "sines": "sine", "cosines": "cosine",
    "sinus": "sine",
    "summed": "sum", "summing": "sum", "sums": "sum", "forever": "infinite",
    "endless": "infinite", "weights": "weight", "scaling": "scale", "matrices": "matrix",
    "axes": "axis", "vertices": "vertex", "thrown": "throw", "throws": "throw", "threw": "throw",
    "colours": "color", "colour": "color", "bases": "basis", "spinning": "spin", "laws": "law",
    "pythagorean": "pythagoras", "pythagorus": "pythagoras", "gaussian": "gauss",
    "bayesian": "bayes", "flipping": "flip", "flips": "flip", "tossing": "toss",
    "multiplying": "multiply", "multiplication": "multiply", "multiplied": "multiply",
    "summation": "sum", "swings": "swing", "dots": "dot", "disc": "disk", "discs": "disk",
    "linearly": "linear", "dependence": "dependent", "independence": "independent",
    "convergence": "converge", "halves": "half", "sorted": "sort", "sorting": "sort",
}  # fmt: skip
# Words for work that no scene does.
_OTHER_WORK = (
    "install installing upgrade download buy sell price cheap book fix bug debug traceback csv "
    "excel pandas dataframe database sql website app homework assignment essay poem email recipe "
    "accuracy benchmark dataset logo translate summarise summarize weather"
)
_ENDINGS = ("isation", "ization", "ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed",
            "es", "s", "e", "y")  # fmt: skip
_SHORTEST_STEM = 4


def split_words(text: str) -> list[str]:
    """Return the words of a text that may describe its subject, unchanged."""
    text = text.lower()
    for pattern, words in _NOTATION if _MAY_BE_NOTATION.search(text) else ():
        text = pattern.sub(words, text)
    return [
        word
        for word in (found.removesuffix("'s").strip("'") for found in _WORD.findall(text))
        if len(word) >= _SHORTEST_WORD and word not in _STOP_WORDS
    ]


def is_content(word: str) -> bool:
    """Return whether a word may describe a subject; framing and function words do not."""
    return len(word) >= _SHORTEST_WORD and word not in _STOP_WORDS


def find_notation(text: str) -> list[tuple[int, int, str]]:
    """Return where notation names a subject, and the words that it stands for."""
    if not _MAY_BE_NOTATION.search(text):
        return []
    lowered = text.lower()
    found: list[tuple[int, int, str]] = []
    for pattern, words in _NOTATION:
        for match in pattern.finditer(lowered):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), words))
    return found


def split_stems(text: str) -> list[str]:
    """Return the stems of a text's words, those that people call the same as one."""
    return [stem(word) for word in split_words(text)]


@functools.lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without its ending; of synonyms that of the scene files' own word."""
    word = _SYNONYMS.get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


OTHER_WORK = frozenset(stem(word) for word in _OTHER_WORK.split())


def count_edits(first: str, second: str, limit: int) -> int:
    """Return how many letters differ: inserted, left out, replaced, or two exchanged.

    The distance of Damerau (1964), restricted; counting stops beyond ``limit``.
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        row = [i]
        for j, b in enumerate(second, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
        if min(row) > limit:
            return limit + 1
    return last[-1]
