"""The API's defences; all off is the naive flow."""

from __future__ import annotations

from boundary.defences import Defences

RETRY = "retry"
"""A job that could not be delivered is sent again, after a wait and within a budget."""

OUTBOX = "outbox"
"""The job is committed together with the order, and delivered until the worker has answered."""

RECONCILIATION = "reconciliation"
"""Orders that stay PENDING are compared with what the worker did, which decides them."""

DEFENCES = Defences([RETRY, OUTBOX, RECONCILIATION])
