"""The worker's defences; all off is the naive flow."""

from __future__ import annotations

from service.defences import Defences

IDEMPOTENT_JOBS = "idempotent_jobs"
"""A job that comes again reserves nothing again; the API is sent again what was done."""

CALLBACK_OUTBOX = "callback_outbox"
"""The event is committed with the reservation, and sent until the API acknowledges it."""

DEADLINE = "deadline"
"""A job whose caller has given up by its own deadline is not begun."""

DEFENCES = Defences([IDEMPOTENT_JOBS, CALLBACK_OUTBOX, DEADLINE])
