"""No connection came about, so nothing of the call was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import NEVER_SENT
from evidence.calls.rules.phrases import ends, failed, faults
from evidence.model.finding import Finding, sentence

if TYPE_CHECKING:
    from evidence.calls.call import Call
    from evidence.calls.case import Case


def unreached(case: Case, call: Call) -> Finding | None:
    """Refused, no route, no name, no handshake: certain not to have arrived."""
    if call.kind not in NEVER_SENT or call.arrivals:
        return None
    named = ends(call)
    return Finding(
        Message("calls.unreached_headline", named),
        (
            failed(call),
            sentence("certain", Message(f"unreached.{call.kind}", named), *call.caller_records),
            *faults(case, call),
            sentence("unknown", Message("calls.unreached_why", named), *call.caller_records),
            sentence("settles", Message("calls.unreached_settles", named)),
        ),
    )
