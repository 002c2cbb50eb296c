"""The faults in a service's own code: turned on by a request, and described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.faults import request as fault_request
from service.errors import BadFaultError
from service.simulation.switches import Switched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.simulation.switches import Switches


def turn_on(
    switches: Switches, described: Mapping[str, Any], *, allowed: Mapping[str, tuple[str, ...]]
) -> Switched:
    """Turn on the fault that ``described`` requests; ``allowed`` maps targets to their kinds.

    :raises BadFaultError: it is not one of this service's, or a number is out of its range.
    """
    try:
        request = fault_request.read(described, allowed=allowed)
        parameters = _parameters(request.kind, described)
    except fault_request.FaultRequestError as error:
        raise BadFaultError(str(error), field=error.field or None) from None
    switched = Switched(
        request.id,
        request.kind,
        request.target,
        parameters,
        switches.expiry(request.ttl_seconds),
    )
    switches.set(switched)
    return switched


def listed(switches: Switches) -> list[dict[str, Any]]:
    """Describe the faults that are on."""
    return [as_json(switches, each) for each in switches.active()]


def as_json(switches: Switches, switched: Switched) -> dict[str, Any]:
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
        ms = fault_request.integer(
            described.get("ms"), field="ms", lowest=0, highest=fault_request.MAX_MS
        )
        return {"ms": ms}
    if kind == "http_5xx":
        status = fault_request.integer(
            described.get("status", 503),
            field="status",
            lowest=fault_request.LOWEST_STATUS,
            highest=fault_request.HIGHEST_STATUS,
        )
        return {"status": status}
    return {}
