"""Telling whoever listens how a run goes on; the roof says who that is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Listener = Callable[[dict[str, Any]], None]

log = logging.getLogger("experiments")


class _Heard:
    listener: Listener | None = None


def set_listener(listener: Listener | None) -> None:
    """Send every later change to ``listener``, as a frame ``{"type": "run", "run": {…}}``.

    Of a matrix only ``{"type": "matrix", "runId": …, "status": …}`` is told: whoever shows it asks.
    """
    _Heard.listener = listener


def tell(run: dict[str, Any]) -> None:
    """Tell the listener; its failure is no failure of the run."""
    if _Heard.listener is None:
        return
    try:
        _Heard.listener(_frame(run))
    except Exception:
        log.exception("the progress of a run could not be announced")


def _frame(run: dict[str, Any]) -> dict[str, Any]:
    if "cells" in run:
        return {"type": "matrix", "runId": run["runId"], "status": run["status"]}
    return {"type": "run", "run": run}
