"""Telling whoever listens that the faults in force have changed; the roof says who that is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Listener = Callable[[dict[str, Any]], None]

log = logging.getLogger("faults")


class _Heard:
    listener: Listener | None = None


def set_listener(listener: Listener | None) -> None:
    """Send every later change to ``listener``, as a frame ``{"type": "faults", "faults": […]}``."""
    _Heard.listener = listener


def tell(faults: list[dict[str, Any]]) -> None:
    """Tell the listener which faults are in force; its failure is no failure of the fault."""
    if _Heard.listener is None:
        return
    try:
        _Heard.listener({"type": "faults", "faults": faults})
    except Exception:
        log.exception("the change of faults could not be announced")
