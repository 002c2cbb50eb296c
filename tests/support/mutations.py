"""Small faults put into one module at a time, to see whether its tests notice them.

``python -m tests.support.mutations network/toxics/packet_loss.py tests/network/test_losses.py``
lists the mutants that no test noticed. No file is changed: each run of pytest, in a fork of its
own, imports the mutant. Not on Windows.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import multiprocessing
import os
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
_MOST_SECONDS = 120
_PRELOADED = (
    "channels",
    "django.test",
    "hypothesis",
    "playwright.sync_api",
    "requests",
    "rest_framework",
)
_OPERATORS: dict[type[ast.AST], tuple[type[Any], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
}
_NOT_LOGIC = ("returns", "annotation", "decorator_list", "bases")

Place: TypeAlias = tuple[ast.AST, str, int | None]


def mutants(source: str) -> Iterator[tuple[ast.Module, str]]:
    """Yield each mutant of a module with a line that describes it."""
    tree = ast.parse(source)
    count = sum(1 for _ in _changes(tree))
    for number in range(count):
        mutant = copy.deepcopy(tree)
        place, node, new = list(_changes(mutant))[number]
        line = f"{getattr(node, 'lineno', 0)}: {_first_line(node)}  →  {_first_line(new)}"
        _put(place, new)
        yield ast.fix_missing_locations(mutant), line


def _changes(tree: ast.AST) -> Iterator[tuple[Place, ast.AST, ast.AST]]:
    for place, node in _walk(tree):
        for new in _variants(node):
            yield place, node, ast.copy_location(new, node)


def _walk(parent: ast.AST) -> Iterator[tuple[Place, ast.AST]]:
    for name, value in ast.iter_fields(parent):
        if name in _NOT_LOGIC:
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if isinstance(child, ast.AST) and not _is_for_types(child):
                yield (parent, name, index if isinstance(value, list) else None), child
                yield from _walk(child)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[op, *rest], comparators=right):
            for new in _OPERATORS.get(type(op), ()):
                yield ast.Compare(left, [new(), *rest], right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(_OPERATORS[type(op)][0](), values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            yield ast.BinOp(left, _OPERATORS[type(op)][0](), right)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call(func=called)) if not ast.unparse(called).startswith("log."):
            yield ast.Pass()


def _put(place: Place, new: ast.AST) -> None:
    parent, name, index = place
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module from a mutant of its source."""

    def __init__(self, path: str, number: int) -> None:
        self._path = path
        self._name = path.removesuffix(".py").replace("/", ".")
        self._tree = list(mutants((ROOT / path).read_text(encoding="utf-8")))[number][0]

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, ROOT / self._path, loader=self)

    def get_source(self, _fullname: str) -> str:
        return (ROOT / self._path).read_text(encoding="utf-8")

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, str(ROOT / self._path), "exec"), vars(module))  # noqa: S102


def _noticed(path: str, number: int | None, tests: Sequence[str]) -> bool:
    """Run the tests in a process of its own, which begins with what takes long to import."""
    # Databases are made once for each thread of this process.
    directory = Path(tempfile.gettempdir()) / f"mutants-{os.getpid()}-{threading.get_ident()}"
    child = multiprocessing.Process(target=_run, args=(path, number, tests, directory))
    child.start()
    child.join(_MOST_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
        return True
    if child.exitcode not in (0, 1, 2):
        raise SystemExit(f"pytest ended with code {child.exitcode}")
    return child.exitcode != 0


def _run(path: str, number: int | None, tests: Sequence[str], directory: Path) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    os.environ["LAB_VAR_DIR"] = str(directory)
    if number is not None:
        sys.meta_path.insert(0, _Finder(path, number))
    preloaded = "ignore::pytest.PytestAssertRewriteWarning"
    os._exit(pytest.main(["-q", "-x", "--reuse-db", "-p", "no:randomly", "-W", preloaded, *tests]))


def main() -> int:
    """Try every mutant of a module and list those that were not noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", help="path of the module, from the project's folder")
    parser.add_argument("tests", nargs="+", help="what pytest is to run")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    multiprocessing.set_start_method("fork")  # which Windows has not
    for name in _PRELOADED:
        importlib.import_module(name)
    if _noticed(options.module, None, options.tests):
        raise SystemExit("the tests fail without any mutant")
    lines = [line for _, line in mutants((ROOT / options.module).read_text(encoding="utf-8"))]
    with ThreadPoolExecutor(options.jobs) as pool:
        noticed = list(
            pool.map(lambda n: _noticed(options.module, n, options.tests), range(len(lines)))
        )
    for line, seen in zip(lines, noticed, strict=True):
        if not seen:
            print(f"{options.module}:{line}")  # noqa: T201
    print(f"{options.module}: {sum(noticed)} of {len(lines)} noticed")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
