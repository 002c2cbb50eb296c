"""No connection came about, so nothing of the call was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from boundary.error_kind import ErrorKind
from evidence.calls.rules.phrases import ends, failed, faults, settled_by_records
from evidence.model.finding import Finding, sentence

if TYPE_CHECKING:
    from evidence.calls.call import Call
    from evidence.calls.case import Case


OWN_WHY = frozenset({ErrorKind.DNS, ErrorKind.TLS})
"""Failures that a side which does not listen would not have brought."""

_SETTLES = "calls.unreached_settles"


def unreached(case: Case, call: Call) -> Finding | None:
    """Refused, no route, no name, no handshake: certain not to have arrived."""
    if not call.last_was_never_sent:
        return None
    named = ends(call)
    if call.had_attempts:
        return _last_attempt(case, call)
    why = f"unreached_why.{call.kind}" if call.kind in OWN_WHY else "calls.unreached_why"
    settles = f"unreached_settles.{call.kind}" if call.kind in OWN_WHY else _SETTLES
    unknown = (
        sentence("unknown", Message(why, named), *call.caller_records),
        sentence("settles", Message(settles, named)),
    )
    return Finding(
        Message("calls.unreached_headline", named),
        (
            failed(call),
            sentence("certain", Message(f"unreached.{call.kind}", named), *call.caller_records),
            *faults(case, call),
            # A switch in the code is itself the reason.
            *(unknown if call.kind != ErrorKind.SIMULATED_PARTITION else ()),
        ),
    )


def _last_attempt(case: Case, call: Call) -> Finding:
    """A library's last attempt was not sent; one before it, below the same span, may have been."""
    named, own = ends(call), call.caller_records
    return Finding(
        Message("calls.failed_headline", named),
        (
            failed(call),
            sentence("certain", Message("calls.last_attempt_unreached", named), *own),
            *faults(case, call),
            sentence("unknown", Message("calls.attempts_unknown", named), *own),
            settled_by_records(call),
        ),
    )
