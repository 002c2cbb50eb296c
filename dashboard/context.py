"""What every page is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error

from telemetry.reading.colours import OWN, colours

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def service_colours(_request: HttpRequest) -> dict[str, Callable[[], dict[str, int]]]:
    """The colours of the lab's services and of all senders, read where a template names them."""
    return {"service_colours": _known}


def _known() -> dict[str, int]:
    try:
        return {**OWN, **colours()}
    except Error:
        # The page says itself what is wrong with the store, and needs no colour for that.
        return dict(OWN)
