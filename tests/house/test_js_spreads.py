"""No call gets a list of any length as its arguments: above some 125,000 the stack overflows.

`push(...children)` held until a span had that many. Elements take their children so (`build`,
`replaceChildren`), within the bounds of what is drawn.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.test_js_imports import MODULES, text

_CALL = re.compile(
    r"\b(?:push|unshift|splice|concat|of|max|min|hypot|fromCharCode|fromCodePoint|apply)\("
)
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def spread_calls(code: str) -> list[str]:
    """The calls of growing or comparing functions that spread a list into their arguments."""
    code = _COMMENT.sub("", code)
    return [found[0] for found in _CALL.finditer(code) if _spreads(code[found.end() :])]


def _spreads(rest: str) -> bool:
    """Whether one of the arguments, and not what is within one, begins with three dots."""
    closing = [")"]
    for at, character in enumerate(rest):
        if character in _PAIRS:
            closing.append(_PAIRS[character])
        elif character == closing[-1]:
            closing.pop()
            if not closing:
                return False
        elif len(closing) == 1 and rest.startswith("...", at):
            return True
    return False


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("found.push(...more)", ["push("]),
        ("Math.max(\n  1,\n  ...all.map((each) => each.size),\n)", ["max("]),
        ("list.push({ ...each, kinds: [...kinds] })", []),
        ("// push(...more)\nfound.push(one)", []),
        ("Math.min(a, b); build(...rows)", []),
    ],
)
def test_a_spread_is_told_from_what_looks_like_one(code: str, found: list[str]) -> None:
    assert spread_calls(code) == found


@pytest.mark.parametrize("path", MODULES)
def test_no_call_gets_a_list_of_any_length_as_its_arguments(path: str) -> None:
    assert spread_calls(text(path)) == []


def test_tests_of_the_modules_keep_to_it_too() -> None:
    found = {
        path.name: calls
        for path in (Path(__file__).parent.parent / "js").rglob("*.js")
        if (calls := spread_calls(path.read_text(encoding="utf-8")))
    }
    assert found == {}
