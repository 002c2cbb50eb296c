"""Which rules explain a trace: the orders' where it carries an order, else any application's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.calls.explained import explain_calls, services_of
from evidence.orders.explained import explain_order
from evidence.orders.recognised import carries_order
from evidence.orders.words import PERSPECTIVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence.model.explanation import Explanation
    from evidence.model.perspective import Seen
    from evidence.model.trace import Trace
    from evidence.windows import FaultWindow


def perspectives_of(trace: Trace) -> tuple[str, ...]:
    """From where a trace can be looked at: by all records, or by those of one service."""
    return PERSPECTIVES if carries_order(trace) or not trace else ("all", *services_of(trace))


def explain(
    seen: Seen, whole: Trace, *, truncated: bool, windows: Sequence[FaultWindow]
) -> Explanation:
    """Explain what is ``seen`` of the ``whole`` trace, which says by which rules."""
    if carries_order(whole) or not whole:
        return explain_order(seen, truncated=truncated, windows=windows)
    return explain_calls(seen, whole, truncated=truncated, windows=windows)
