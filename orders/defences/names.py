"""The API's defences; all off is the naive flow."""

from __future__ import annotations

from service.defences import Defences

RETRY = "retry"
"""A job that could not be delivered is sent again, after a wait and within a budget."""

OUTBOX = "outbox"
"""The job is committed together with the order, and delivered until the worker has answered."""

RECONCILIATION = "reconciliation"
"""Orders that stay PENDING are compared with what the worker did, which decides them."""

CIRCUIT_BREAKER = "circuit_breaker"
"""After failures in a row no job is sent for a while, and orders wait for nobody."""

CONSISTENCY = "consistency"
"""An order that is not confirmed within the deadline is cancelled, and its client gets a 503."""

DEFENCES = Defences([RETRY, OUTBOX, RECONCILIATION, CIRCUIT_BREAKER, CONSISTENCY])
