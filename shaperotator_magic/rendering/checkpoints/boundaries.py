"""Where a scene can be checkpointed, as far as its source shows: pure, without manim.

A scene can be checkpointed between two statements of construct() and restored by another process,
if only its own objects and its local variables have changed until then. ``find_boundaries`` rejects
statements that may change anything else, and functions that would see another variable after the
restore. ``choose_useful`` selects the boundaries that save most. ``divide`` builds the construct()
that calls ``restoring`` between its statements.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Sequence

AT_STATEMENT = "__at_statement__"
"""What a divided construct() calls between its statements: with the next one's index, and its
local variables by their names."""

RESUME = "__resume__"
"""What a construct() that starts at a checkpoint calls first: it returns the local variables."""

HOLD = "__hold__"
"""What a construct() whose end is not known yet calls last, with its local variables."""

# They change what outlives the scene: manim's defaults, its settings, its file writer.
_CHANGES_MORE = frozenset(
    "set_default setattr delattr exec eval compile globals vars next_section add_sound "
    "add_subcaption subcaption register_font init_background set_background __dict__ __class__ "
    "interactive_embed embed".split()
)

_SEES_VARIABLES = frozenset("locals exec eval vars super __class__ dir".split())
_AT_ONCE = frozenset({"listcomp", "setcomp", "dictcomp"})

_PLAYS_NOTHING = frozenset(
    "add remove clear bring_to_front bring_to_back add_foreground_mobjects mobjects camera time "
    "remove_foreground_mobjects set_camera_orientation add_fixed_in_frame_mobjects "
    "add_fixed_orientation_mobjects add_updater begin_ambient_camera_rotation renderer".split()
)


def find_boundaries(
    source: str, tree: ast.Module, nodes: Sequence[ast.AST], construct: ast.FunctionDef
) -> tuple[int, ...]:
    """Return the statements of construct() before which a scene can be checkpointed.

    Parameters
    ----------
    tree, nodes, construct
        Of ``source``, the whole, all that is in it, and the function.
    """
    keeps_to_itself = all(map(_changes_its_own, nodes)) and _stores_in_variables(nodes)
    if not keeps_to_itself or not _has_constants(tree, nodes) or _passes_config_on(nodes):
        return ()
    return _find_separable(source, construct)


def find_cuts(source: str, construct: ast.FunctionDef) -> frozenset[int]:
    """Return the statements with which construct() may be continued as another function.

    In the process that has run the statements before: it keeps all its objects, and only the
    variables that its functions share with construct() would be others.
    """
    if any(map(_shares_variables, ast.walk(construct))):
        return frozenset()
    return frozenset(_find_separable(source, construct, have_run=True))


def _shares_variables(node: ast.AST) -> bool:
    is_named = isinstance(node, ast.Name) and node.id in _SEES_VARIABLES
    return is_named or isinstance(node, ast.Nonlocal | ast.Global | ast.Yield | ast.Await)


def _find_separable(
    source: str, construct: ast.FunctionDef, *, have_run: bool = False
) -> tuple[int, ...]:
    table = _find_table(symtable.symtable(source, "<scene>", "exec"), construct.lineno)
    captured = _find_captured(table, have_run=have_run)
    later: set[str] = set()
    found = []
    body = construct.body
    for statement in range(len(body) - 1, 0, -1):
        later |= _find_set(body[statement])
        begins_at, ended_at = body[statement].lineno, body[statement - 1].end_lineno
        # A function that was made before refers to the variable of that moment; after a restore, a
        # new value would be in another variable.
        is_seen = any(name in later for name, line in captured if line < begins_at)
        if not is_seen and begins_at > (ended_at or begins_at):
            found.append(statement)
    return tuple(reversed(found))


def choose_useful(boundaries: Sequence[int], construct: ast.FunctionDef) -> tuple[int, ...]:
    """Return those boundaries which nothing has to be drawn before to reach them from another.

    That is where the statement before may have played something, and the next one is more than a
    plain wait: a user who changes the wait alone has little to draw.
    """
    arguments = construct.args.args
    scene = arguments[0].arg if arguments else ""
    functions = _find_functions(construct)
    body = construct.body
    return tuple(
        statement
        for statement in boundaries
        if _may_play(body[statement - 1], scene, functions) and not _is_wait(body[statement], scene)
    )


def _find_functions(construct: ast.FunctionDef) -> set[str]:
    """Return the names of the functions that are made in construct()."""
    made: set[str] = set()
    for node in ast.walk(construct):
        if isinstance(node, ast.FunctionDef) and node is not construct:
            made.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            made.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return made


def _may_play(statement: ast.stmt, scene: str, functions: set[str]) -> bool:
    """Return whether a statement uses the scene for more than what is known to play nothing."""
    nodes = list(ast.walk(statement))
    silent = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in _PLAYS_NOTHING
    }
    used = [node for node in nodes if isinstance(node, ast.Name) and id(node) not in silent]
    return any(node.id == scene or node.id in functions for node in used)


def _is_wait(statement: ast.stmt, scene: str) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) == f"{scene}.wait"
    )


def divide(
    source: str, construct_line: int, *, begin: int = 0, names: Sequence[str] = ()
) -> ast.Module:
    """Return the tree of a scene's source whose construct() reports when a statement begins.

    Parameters
    ----------
    construct_line
        Line of construct() in ``source``, from 1.
    begin
        The statement to begin with; 0 for all of them.
    names
        The local variables that the statements before it have left.
    """
    tree = ast.parse(source)
    construct = find_function(tree, construct_line)
    body = construct.body
    made: list[ast.stmt] = []
    if begin:
        made.append(_build_restoring(names, body[begin]))
    for number, statement in enumerate(body[begin:], start=begin):
        if number > begin:
            made.append(_build_notifying(number, statement))
        made.append(statement)
    construct.body = made
    return tree


def hold_at_end(tree: ast.Module, construct_line: int) -> None:
    """Let the construct() of a tree hand over its local variables when its statements end."""
    construct = find_function(tree, construct_line)
    construct.body.append(_move(ast.parse(f"{HOLD}(locals())").body[0], construct.body[-1]))


def find_function(tree: ast.Module, line: int) -> ast.FunctionDef:
    """Return the function that begins at a line."""
    return next(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.lineno == line
    )


def _build_notifying(number: int, statement: ast.stmt) -> ast.stmt:
    call = ast.parse(f"{AT_STATEMENT}({number}, locals())").body[0]
    return _move(call, statement)


def _build_restoring(names: Sequence[str], statement: ast.stmt) -> ast.stmt:
    targets = f"({', '.join(names)},) = " if names else ""
    return _move(ast.parse(f"{targets}{RESUME}()").body[0], statement)


def _move(made: ast.stmt, statement: ast.stmt) -> ast.stmt:
    for node in ast.walk(made):
        if hasattr(node, "lineno"):
            ast.copy_location(node, statement)
    return made


# --- what would change more -----------------------------------------------------------


def _changes_its_own(node: ast.AST) -> bool:
    if isinstance(node, ast.Global | ast.Nonlocal):
        return False
    if isinstance(node, ast.Name | ast.Attribute):
        chain = _find_chain(node)
        return chain[0] not in _CHANGES_MORE and chain[:2] != ["background", "camera"]
    if isinstance(node, ast.keyword):
        return node.arg not in _CHANGES_MORE
    if isinstance(node, ast.Call) and "config" in _find_chain(node.func):
        return False
    if isinstance(node, ast.arguments):
        defaults = [*node.defaults, *(value for value in node.kw_defaults if value)]
        return all(map(_is_constant, defaults))
    return True


def _passes_config_on(nodes: Sequence[ast.AST]) -> bool:
    """Return whether manim's settings are used otherwise than by reading one of them."""
    read = {id(node.value) for node in nodes if isinstance(node, ast.Attribute | ast.Subscript)}
    return any(
        isinstance(node, ast.Name) and node.id == "config" and id(node) not in read
        for node in nodes
    )


def _has_constants(tree: ast.Module, nodes: Sequence[ast.AST]) -> bool:
    """Return whether all that modules and classes hold are functions, classes and constants."""
    bodies = [tree.body, *(node.body for node in nodes if isinstance(node, ast.ClassDef))]
    return all(_is_fixed(statement) for body in bodies for statement in body)


def _is_fixed(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return statement.value is None or _is_constant(statement.value)
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    plain = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Pass
    return isinstance(statement, plain)


def _is_constant(value: ast.expr) -> bool:
    """Return whether an expression gives a value that nothing can change."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_constant, value.elts))
    if isinstance(value, ast.BinOp):
        return _is_constant(value.left) and _is_constant(value.right)
    if isinstance(value, ast.UnaryOp):
        return _is_constant(value.operand)
    return isinstance(value, ast.Constant | ast.Name | ast.Attribute | ast.Lambda)


def _stores_in_variables(nodes: Sequence[ast.AST]) -> bool:
    """Return whether every attribute and item that is set belongs to a variable of a function."""
    for function in nodes:
        if not isinstance(function, ast.FunctionDef | ast.Lambda):
            continue
        inner = list(ast.walk(function))
        own = {node.arg for node in inner if isinstance(node, ast.arg)} | {"self"}
        own |= {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for node in inner:
            is_set = isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(
                node.ctx, ast.Load
            )
            if is_set and _find_chain(node)[-1] not in own:
                return False
    return True


def _find_chain(node: ast.AST) -> list[str]:
    """Return the names in ``a.b[0].c().d``, from the last to the first."""
    chain = []
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(node, ast.Attribute):
            chain.append(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    return [*chain, node.id if isinstance(node, ast.Name) else ""]


def _find_set(statement: ast.stmt) -> set[str]:
    """Return the variables that a statement gives a value, or takes it from."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            found.add(node.name or "")
        elif isinstance(node, ast.MatchMapping):
            found.add(node.rest or "")
    return found


# --- functions and the variables that they see ----------------------------------------


def _find_table(table: symtable.SymbolTable, line: int) -> symtable.SymbolTable:
    for child in table.get_children():
        if child.get_lineno() == line and child.get_name() == "construct":
            return child
        found = _find_table(child, line)
        if found is not child:
            return found
    return table


def _find_captured(construct: symtable.SymbolTable, *, have_run: bool) -> list[tuple[str, int]]:
    """Return the variables that functions in construct() see, and the functions' lines.

    Where the statements ``have_run``, comprehensions without functions in them are over.
    """
    return [
        (symbol.get_name(), child.get_lineno())
        for child in construct.get_children()
        if not (have_run and child.get_name() in _AT_ONCE and not child.get_children())
        for symbol in child.get_symbols()
        if symbol.is_free()
    ]
