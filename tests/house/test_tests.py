"""What every test does: it can fail, it awaits conditions, and nobody has turned it off."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TESTS = Path(__file__).resolve().parent.parent
# Raise by themselves when what they look for does not come.
JUDGES = {"expect", "eventually", "eventually_async", "raises"}


Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, list[Function]]:
    """Read the functions of every file of the tests, by its place."""
    found = {}
    for path in sorted(TESTS.rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        name = path.relative_to(TESTS).as_posix()
        found[name] = [node for node in nodes if isinstance(node, Function)]
    return found


def called(node: ast.AST) -> Iterator[str]:
    """Name each function that is called within ``node``."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield name_of(each)


def name_of(call: ast.Call) -> str:
    """Return the last name of what is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def judges(node: ast.AST, helpers: Mapping[str, ast.AST]) -> bool:
    """Whether a function asserts something, by itself or by a function of its module."""
    if any(isinstance(each, ast.Assert) for each in ast.walk(node)):
        return True
    names = set(called(node))
    if names & JUDGES or any(name.startswith("assert_") for name in names):
        return True
    rest = {name: each for name, each in helpers.items() if name not in names}
    return any(judges(helpers[name], rest) for name in names & helpers.keys())


def test_every_test_can_fail() -> None:
    silent = []
    for module, functions in modules().items():
        helpers = {each.name: each for each in functions}
        for node in functions:
            rest = {name: each for name, each in helpers.items() if each is not node}
            if node.name.startswith("test_") and not judges(node, rest):
                silent.append(f"{module}::{node.name}")
    assert silent == []


def test_no_test_sleeps() -> None:
    """`eventually` awaits what is to come; `let_pass` says that time is the subject."""
    sleeping = [
        f"{module}::{node.name}"
        for module, functions in modules().items()
        if not module.startswith("support/")
        for node in functions
        if any(map(is_sleep, ast.walk(node)))
    ]
    assert sleeping == []


def is_sleep(node: ast.AST) -> bool:
    """Whether a node lets time pass; a turn of the event loop is none."""
    if not isinstance(node, ast.Call) or not name_of(node).endswith("sleep"):
        return False
    return not (node.args and ast.unparse(node.args[0]) == "0")


def test_no_test_is_turned_off() -> None:
    """``skipif`` says of a system what it lacks; what is always skipped tests nothing."""
    off = []
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"mark\.(skip|xfail)\b", text):
            off.append(str(path.relative_to(TESTS)))
    assert off == []


def test_every_script_test_can_fail() -> None:
    tests = [
        (path.name, body)
        for path in sorted((TESTS / "js").rglob("*_test.js"))
        for body in re.split(r"^test\(", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    ]
    assert tests
    judged = re.compile(r"\b(assert|equal|deepEqual|notEqual|match|ok|throws|rejects)\b")
    assert [each for each in tests if not judged.search(each[1])] == []
