"""Orders whose jobs are on their way from this process, and how its callbacks decide them.

Nearly every order is decided so: its row need not be read again before its client is answered.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator


@dataclass(slots=True)
class Meanwhile:
    """What was decided; empty for nothing, or for nothing that this process knows of."""

    status: str = ""


_IN_FLIGHT: dict[uuid.UUID, Meanwhile] = {}


@contextmanager
def decided_meanwhile(order_id: uuid.UUID) -> Iterator[Meanwhile]:
    """Note how an order is decided within."""
    noted = _IN_FLIGHT[order_id] = Meanwhile()
    try:
        yield noted
    finally:
        del _IN_FLIGHT[order_id]


def decided(order_id: uuid.UUID, status: str) -> None:
    """Say that it is stored how an order was decided."""
    noted = _IN_FLIGHT.get(order_id)
    if noted is not None:
        noted.status = status
