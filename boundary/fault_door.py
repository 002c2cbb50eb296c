"""The words of a service's own fault door: what may be turned on in its code, read and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boundary.switch import Switched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundary.switch import Switches

MAX_MS = 600_000
MAX_TTL_SECONDS = 86_400
_MAX_ID_LENGTH = 100
_SERVER_ERRORS = range(500, 600)
_KINDS = ("cut", "slow", "http_5xx")


class BadFaultError(ValueError):
    """What was asked for is no fault of this service; the text says why."""


def turn_on(
    switches: Switches, described: Mapping[str, Any], *, allowed: Mapping[str, tuple[str, ...]]
) -> Switched:
    """Turn on the fault that ``described`` asks for; ``allowed`` maps targets to their kinds.

    :raises BadFaultError: it is not one of this service's, or a number is out of its range.
    """
    fault_id = described.get("id")
    target, kind = described.get("target"), described.get("kind")
    if not isinstance(fault_id, str) or not 0 < len(fault_id) <= _MAX_ID_LENGTH:
        raise BadFaultError("id must be a text")
    if not isinstance(target, str) or target not in allowed:
        raise BadFaultError(f"target must be one of {', '.join(allowed)}")
    if not isinstance(kind, str) or kind not in allowed[target]:
        raise BadFaultError(f"kind must be one of {', '.join(allowed[target])} for {target}")
    ttl = described.get("ttlSeconds")
    if ttl is not None and not _is_number(ttl, above=0, most=MAX_TTL_SECONDS):
        raise BadFaultError(f"ttlSeconds must be over 0 and at most {MAX_TTL_SECONDS}")
    switched = Switched(fault_id, kind, target, _parameters(kind, described), switches.expiry(ttl))
    switches.set(switched)
    return switched


def shown(switches: Switches) -> list[dict[str, Any]]:
    """Describe the faults that are on."""
    return [show(switches, each) for each in switches.active()]


def show(switches: Switches, switched: Switched) -> dict[str, Any]:
    """Describe one fault that is on."""
    return {
        "id": switched.id,
        "target": switched.target,
        "kind": switched.kind,
        "remainingSeconds": switches.remaining(switched),
        **switched.parameters,
    }


def _parameters(kind: str, described: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "slow":
        ms = described.get("ms")
        if not _is_number(ms, above=-1, most=MAX_MS):
            raise BadFaultError(f"ms must be from 0 to {MAX_MS}")
        return {"ms": ms}
    if kind == "http_5xx":
        status = described.get("status", 503)
        if isinstance(status, bool) or status not in _SERVER_ERRORS:
            raise BadFaultError("status must be from 500 to 599")
        return {"status": status}
    return {}


def _is_number(value: object, *, above: float, most: float) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and above < value <= most
