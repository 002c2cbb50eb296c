"""An order's trace, explained by the orders' own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.model.explanation import Explanation
from evidence.orders import words
from evidence.orders.case import case_of
from evidence.orders.checklist import checklist
from evidence.orders.diagnosis import diagnose
from evidence.orders.messages import messages
from evidence.orders.truths import truths
from evidence.orders.words import PERSPECTIVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence.model.perspective import Seen
    from evidence.windows import FaultWindow


def explain_order(seen: Seen, *, truncated: bool, windows: Sequence[FaultWindow]) -> Explanation:
    """Explain what is seen of an order."""
    case = case_of(seen, truncated=truncated, windows=windows)
    return Explanation(
        of="order",
        finding=diagnose(case),
        checklist=checklist(seen),
        truths=truths(seen),
        truths_of=(words.API, words.WORKER),
        messages=messages(case.crossings, windows=windows),
        lanes=(words.CLIENT, words.API, words.WORKER),
        perspectives=PERSPECTIVES,
    )
