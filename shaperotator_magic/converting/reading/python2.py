"""What only Python 2 could read, put into words of today. Pure.

Rules work on lines, since such a source has no syntax tree. They are tried only on a source that
Python refuses, and kept only if it is read afterwards.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re

from shaperotator_magic.converting.reading.bindings import parse_source

_PRINT = re.compile(r"^(\s*(?:.*:\s+)?)print\s+(?!\()(.*?)(,?)\s*$")
_PRINT_BARE = re.compile(r"^(\s*)print\s*$")
_PRINT_PAREN = re.compile(r"^(\s*)print\s+(\(.*\)\s*[%+].*)$")
_EXCEPT = re.compile(r"^(\s*except\s+[\w.()\s,]+?)\s*,\s*(\w+)\s*:")
_RAISE = re.compile(r"^(\s*raise\s+[\w.]+)\s*,\s*(.+)$")
_LAMBDA = re.compile(r"\blambda\s*\(([\w\s,]+)\)\s*:\s*")
_DEF = re.compile(r"^(\s*)def\s+\w+\s*\((?:[^()]|\([\w\s,]+\))*\)\s*:\s*$")
_TUPLE = re.compile(r"(?<=[(,\s])\(([\w\s,]+)\)(?=\s*[,)])")
_SIMPLE = (
    (re.compile(r"<>"), "!="),
    (re.compile(r"`([^`\n]+)`"), r"repr(\1)"),
    (re.compile(r"\b(0x[0-9A-Fa-f]+|\d+)[lL]\b"), r"\1"),
    (re.compile(r"(?<![\w.])0([0-7]+)(?![\w.])"), r"0o\1"),
    (re.compile(r"(?<![\w'\"])[uU][rR](?=['\"])"), "r"),
    (re.compile(r"^(\s*)exec\s+(?!\()(.+)$"), r"\1exec(\2)"),
)


def modernise(source: str) -> tuple[str, list[int]]:
    """Return a source that Python 3 reads, and the lines that were changed.

    Raises
    ------
    SyntaxError
        It is neither Python 3 nor a Python 2 that the rules know.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if _is_read(source):
        return source, []
    old = source.split("\n")
    new = [_modernise_line(line.expandtabs(8)) for line in old]
    text = "\n".join(_unpack_parameters(new))
    parse_source(text)
    return text, [n for n, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b]


def _is_read(source: str) -> bool:
    try:
        parse_source(source)
    except SyntaxError:
        return False
    return True


def _modernise_line(line: str) -> str:
    if line.lstrip().startswith("#"):
        return line
    if found := _PRINT_PAREN.match(line):
        line = f"{found[1]}print({found[2]})"
    elif found := _PRINT.match(line):
        end = ", end=' '" if found[3] else ""
        line = f"{found[1]}print({found[2]}{end})"
    elif found := _PRINT_BARE.match(line):
        line = f"{found[1]}print()"
    line = _EXCEPT.sub(r"\1 as \2:", line)
    line = _RAISE.sub(r"\1(\2)", line)
    line = _unpack_lambda(line)
    for pattern, new in _SIMPLE:
        line = pattern.sub(new, line)
    return line


def _unpack_lambda(line: str) -> str:
    """``lambda (x, y): x + y`` becomes ``lambda x_y: (lambda x, y: x + y)(*x_y)``."""
    found = _LAMBDA.search(line)
    if found is None:
        return line
    names = [name.strip() for name in found[1].split(",") if name.strip()]
    end = _find_end(line, found.end())
    pair, bound = "_".join(names), ", ".join(names)
    body = line[found.end() : end].strip()
    unpacked = f"lambda {pair}: (lambda {bound}: {body})(*{pair})"
    return line[: found.start()] + unpacked + _unpack_lambda(line[end:])


def _find_end(line: str, start: int) -> int:
    """Return where an expression ends: at a comma or a closing bracket of what is around it."""
    depth = 0
    for at in range(start, len(line)):
        if line[at] in "([{":
            depth += 1
        elif line[at] in ")]}":
            depth -= 1
        if depth < 0 or (depth == 0 and line[at] == ","):
            return at
    return len(line)


def _unpack_parameters(lines: list[str]) -> list[str]:
    """``def f(a, (b, c)):`` becomes ``def f(a, b_c):`` and ``b, c = b_c``."""
    made: list[str] = []
    for line in lines:
        found = _DEF.match(line)
        tuples = _TUPLE.findall(line) if found else []
        if not found or not tuples:
            made.append(line)
            continue
        for inner in tuples:
            names = [name.strip() for name in inner.split(",") if name.strip()]
            line = line.replace(f"({inner})", "_".join(names), 1)  # noqa: PLW2901 - in place
        made.append(line)
        for inner in tuples:
            names = [name.strip() for name in inner.split(",") if name.strip()]
            made.append(f"{found[1]}    {', '.join(names)} = {'_'.join(names)}")
    return made
