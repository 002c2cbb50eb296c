"""Back to the first minute: no order, and no memory of how the worker did. Defences stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orders import statements
from orders.delivery import BREAKER

if TYPE_CHECKING:
    from service.internal import Removed


def start_over() -> Removed:
    """Remove all orders; return how many there were, and which."""
    removed = statements.remove_all()
    BREAKER.forget()
    return {"orders": len(removed), "orderIds": [str(order_id) for order_id in removed]}
