"""The English text of every code, one module a topic; translated when it is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.orders.texts import attempts, general, outcomes, sides

if TYPE_CHECKING:
    from base.message import Text

TEXTS: dict[str, Text] = {
    **general.TEXTS,
    **attempts.TEXTS,
    **outcomes.TEXTS,
    **sides.TEXTS,
}
"""``%(…)s`` places are the parameters of the code's `base.message.Message`."""
