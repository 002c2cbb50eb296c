"""Rooms that serve any system name no service and no link of the orders' own."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from systems.orders import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("telemetry", "evidence", "faults", "network", "supervision", "dashboard")
# What is the orders' own in these rooms.
OF_ORDERS = ("evidence/orders/", "dashboard/both_sides.py", "dashboard/live_orders.py")
_SCRIPTS_OF_ORDERS = ("elements/orders/", "elements/defences/", "pages/lab.js", "wire/client.js")
# A string of JavaScript, and a name after a dot or in an object.
_STRING = re.compile(r"""(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1""")
_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)


def names() -> set[str]:
    """Return the names of the services and links, and how identifiers write them."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    listed = {each["name"] for kind in ("service", "link") for each in table[kind]}
    # A module `api.py` and the paths under `/api` have nothing to do with a service.
    return (listed | {name.replace("-", "_") for name in listed}) - {"api"}


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Yield each string and each identifier that is such a name, with its line."""
    known = names()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text), lineno=line) if text in known | {"api"}:
                yield line, text
            case ast.Name(id=name, lineno=line) | ast.arg(arg=name, lineno=line) if (
                name.lower() in known
            ):
                yield line, name
            case (
                ast.Attribute(attr=name, lineno=line) | ast.FunctionDef(name=name, lineno=line)
            ) if name.lower() in known:
                yield line, name
            case ast.alias(name=name, asname=asname) if {name, asname} & {
                each.upper() for each in known
            }:
                yield node.lineno, name


def in_javascript(source: str) -> Iterator[tuple[int, str]]:
    """Yield each string that is such a name, with its line."""
    known = names() | {"api"}
    bare = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
    for found in _STRING.finditer(bare):
        if found[2] in known:
            yield bare.count("\n", 0, found.start()) + 1, found[2]


def sources() -> list[Path]:
    """List the modules of the rooms, but for migrations and what is the orders' own."""
    python = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    scripts = [
        path
        for path in (ROOT / "dashboard" / "static").rglob("*.js")
        if not any(each in path.as_posix() for each in _SCRIPTS_OF_ORDERS)
    ]
    return [
        path
        for path in sorted([*python, *scripts])
        if "migrations" not in path.parts
        and not path.relative_to(ROOT).as_posix().startswith(OF_ORDERS)
    ]


def test_no_service_and_no_link_of_the_orders_is_known_by_heart() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), line, name)
        for path in sources()
        for line, name in (in_python if path.suffix == ".py" else in_javascript)(
            path.read_text(encoding="utf-8")
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('target == "api-to-worker"', ["api-to-worker"]),
        ('side = "api"', ["api"]),
        ("one.worker.value", ["worker"]),
        ("from systems.orders import WORKER", ["WORKER"]),
        ("def worker(): pass", ["worker"]),
        ('path("api/faults", api.faults)', []),
        ("workers = 3", []),
    ],
)
def test_such_a_name_is_noticed(code: str, found: list[str]) -> None:
    assert [name for _, name in in_python(code)] == found


def test_in_a_script_too() -> None:
    script = 'const SIDES = ["all", "api"]; // "worker"\nfetch("/api/faults");'
    assert list(in_javascript(script)) == [(1, "api")]
