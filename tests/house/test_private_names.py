"""Private names of libraries stand in one list, with the reason, and are as they were."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from twisted.web.http import HTTPChannel

from tests.house.private_names import private_names

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = frozenset({path.parent.name for path in ROOT.glob("*/__init__.py")} | {"lab", "manage"})
# Django writes migrations, and serialises its own private arguments there.
ELSEWHERE = {"tests", "var", ".venv", ".ci", "migrations"}

DOCUMENTED = {
    "_default_manager": "Django documents it, beside _base_manager",
    "_meta": "Django documents it as the model _meta API",
    "_srcfile": "Python's guide to logging names it, for who needs no file and line of a call",
    "_thread": "Python documents it; only its interrupt_main wakes a main thread that waits",
}
"""Public in spite of the underscore."""

PRIVATE = {
    "_respondToBadRequestAndDisconnect": "Twisted has no public way to say in JSON what is no HTTP",
    "_tempDataLen": "Twisted has no public count of the bytes that a connection holds",
    "_rpc_event": "gRPC for Python has no public way to the :authority of a call",
}
"""What is used for want of a public way, and why."""

PARAMETERS: list[tuple[Callable[..., Any], set[str]]] = [
    (HTTPChannel._respondToBadRequestAndDisconnect, {"self"}),
]
"""The parameters by which those are called, or overridden."""


def test_no_other_private_name_is_used() -> None:
    found: set[str] = set()
    for path in sorted(ROOT.rglob("*.py")):
        if ELSEWHERE.isdisjoint(path.relative_to(ROOT).parts):
            found |= private_names(path, ours=OURS)
    assert found == DOCUMENTED.keys() | PRIVATE.keys()


@pytest.mark.parametrize(
    ("called", "parameters"), PARAMETERS, ids=lambda each: getattr(each, "__qualname__", "")
)
def test_what_is_used_is_called_as_before(called: Callable[..., Any], parameters: set[str]) -> None:
    assert parameters <= inspect.signature(called).parameters.keys()


SOURCES = {
    "import": ("from urllib3 import _collections", {"urllib3:_collections"}),
    "module": ("import http.client\nfrom opentelemetry._logs import x", {"opentelemetry._logs:x"}),
    "attribute": ("def f(span):\n    return span._readable_span()", {"_readable_span"}),
    "setting": ("def f(request):\n    request._csrf = True", {"_csrf"}),
    "by name": ("def f(x):\n    return getattr(x, '_y')", {"_y"}),
    "argument": ("f(_dispatcher=1)", {"_dispatcher="}),
    "override": (
        "from urllib3 import PoolManager as P\nclass C(P):\n    def _new_pool(self): ...",
        {"urllib3.poolmanager:PoolManager._new_pool"},
    ),
    "inherited": (
        "import http.client\nclass C(http.client.HTTPConnection):\n    def f(self): self._tunnel()",
        {"http.client:HTTPConnection._tunnel"},
    ),
    "own": (
        "class C:\n    def _a(self): ...\ndef f(c):\n    c._a()\n    f(c.__dict__)",
        set(),
    ),
}


@pytest.mark.parametrize(("source", "expected"), SOURCES.values(), ids=SOURCES)
def test_private_names_are_found(source: str, expected: set[str], tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)
    assert private_names(path, ours=OURS) == expected
