"""HTML as values: whatever is not markup already is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Mapping

_VOID = frozenset({"meta", "br", "rect", "line", "path", "circle", "use"})


class Html(str):
    """Text that is markup: made by `el` and `join` only, whose texts are escaped."""

    __slots__ = ()


def el(name: str, attributes: Mapping[str, str] | None = None, *children: str) -> Html:
    """Make an element; children that are not `Html` are texts."""
    given = "".join(f' {key}="{escape(value)}"' for key, value in (attributes or {}).items())
    if name in _VOID and not children:
        return Html(f"<{name}{given}/>")
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str) -> Html:
    """Put markup and texts one after the other."""
    return Html("".join(each if isinstance(each, Html) else escape(each) for each in children))


def table(head: list[str], rows: list[list[str]], *, label: str, classes: str = "") -> Html:
    """Make a table whose rows begin with their heading; it scrolls by itself when it is wide."""
    top = [el("th", {"scope": "col"}, each) for each in head]
    body = [
        el(
            "tr",
            None,
            el("th", {"scope": "row"}, row[0]),
            *(el("td", None, each) for each in row[1:]),
        )
        for row in rows
    ]
    whole = el(
        "table",
        {"class": classes} if classes else None,
        el("thead", None, el("tr", None, *top)),
        el("tbody", None, *body),
    )
    return el(
        "div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}, whole
    )


def document(title: str, style: str, *body: str) -> str:
    """Make a whole file; ``style`` is CSS of the lab's own, which names nothing outside."""
    head = el(
        "head",
        None,
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("meta", {"name": "color-scheme", "content": "light dark"}),
        el("title", None, title),
        el("style", None, Html(style)),
    )
    main = el("body", None, el("main", None, *body))
    return f"<!doctype html>\n{el('html', {'lang': get_language() or 'en'}, head, main)}\n"
