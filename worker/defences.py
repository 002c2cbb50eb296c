"""The worker's defences; all off is the naive flow."""

from __future__ import annotations

from boundary.defences import Defences

IDEMPOTENT_JOBS = "idempotent_jobs"
"""A job that comes again reserves nothing again; the API is told again what was done."""

CALLBACK_OUTBOX = "callback_outbox"
"""What the API is to hear is committed with the reservation, and told until it is heard."""

DEADLINE = "deadline"
"""A job whose caller has given up by its own deadline is not begun."""

DEFENCES = Defences([IDEMPOTENT_JOBS, CALLBACK_OUTBOX, DEADLINE])
