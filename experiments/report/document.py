"""Rendering a report's template, and the numbers that every report has."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKENS = "dashboard/css/tokens.css"


def document(name: str, context: Mapping[str, Any]) -> str:
    """Render ``experiments/report/<name>.html`` with the page's own colours and sizes inlined."""
    return render_to_string(
        f"experiments/report/{name}.html", {**context, "tokens": _tokens()}
    ).strip()


def started(state: Mapping[str, Any]) -> str:
    """Return when a run began, as it is shown."""
    return str(state["startedAt"]).replace("T", " ")


def took(state: Mapping[str, Any]) -> str:
    """Return how many seconds a run took; empty while it goes on."""
    if not state.get("endedAt"):
        return ""
    began, ended = (datetime.fromisoformat(state[key]) for key in ("startedAt", "endedAt"))
    return f"{(ended - began).total_seconds():.1f} s"


@cache
def _tokens() -> str:
    found = finders.find(_TOKENS)
    if found is None:
        raise FileNotFoundError(_TOKENS)
    return Path(found).read_text(encoding="utf-8")
