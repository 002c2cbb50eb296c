"""The effect of a fault as a message: the one table that every room renders it from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.message import Message, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_SERVICES = frozenset({"crash", "pause", "http_5xx"})

TEXTS = {
    "target.client-to-api": gettext_noop("calls from the client to the API"),
    "target.api-to-worker": gettext_noop("calls from the API to the worker"),
    "target.worker-to-api": gettext_noop("calls from the worker to the API"),
    "target.api": gettext_noop("the API"),
    "target.worker": gettext_noop("the worker"),
    "target.link": gettext_noop("calls over %(name)s"),
    "target.service": "%(name)s",
    "stream.request": gettext_noop("requests"),
    "stream.response": gettext_noop("responses"),
    "stream.both": gettext_noop("both ways"),
    "fault.cut.switch": gettext_noop("A switch in the code cuts %(target)s: nothing is sent."),
    "fault.cut.firewall": gettext_noop("The firewall drops %(target)s without a word."),
    "fault.lossy.firewall": gettext_noop(
        "The firewall drops %(percent)s %% of the packets of %(target)s."
    ),
    "fault.slow.switch": gettext_noop(
        "Every answer of %(target)s waits %(ms)s ms in its code first."
    ),
    "fault.slow.jitter": gettext_noop(
        "Every packet of %(target)s (%(stream)s) is late by %(ms)s ± %(jitterMs)s ms."
    ),
    "fault.slow.recorded": gettext_noop(
        "Every packet of %(target)s (%(stream)s) is late by %(ms)s ms and a delay as recorded:"
        " %(least)s to %(most)s ms, half of them up to %(median)s."
    ),
    "fault.cut": gettext_noop("The link for %(target)s is down: connections are refused."),
    "fault.slow": gettext_noop("Every packet of %(target)s (%(stream)s) is late by %(ms)s ms."),
    "fault.lossy": gettext_noop("%(percent)s %% of what %(target)s carry is lost (%(stream)s)."),
    "fault.request_lost": gettext_noop(
        "Requests are lost: %(target)s connect, but nothing arrives."
    ),
    "fault.response_lost": gettext_noop(
        "Responses are lost: %(target)s arrive, but no answer comes back."
    ),
    "fault.timeout": gettext_noop(
        "Silence for %(ms)s ms, then the connection closes: %(target)s (%(stream)s)."
    ),
    "fault.reset": gettext_noop("Connections are reset after %(ms)s ms: %(target)s (%(stream)s)."),
    "fault.bandwidth": gettext_noop("%(kbps)s KB/s is all that %(target)s have (%(stream)s)."),
    "fault.slicer": gettext_noop(
        "Pieces of %(bytes)s bytes, %(delayMs)s ms apart: %(target)s (%(stream)s)."
    ),
    "fault.limit_data": gettext_noop("Closed after %(bytes)s bytes: %(target)s (%(stream)s)."),
    "fault.slow_close": gettext_noop("Connections close %(ms)s ms late: %(target)s (%(stream)s)."),
    "fault.fail_first": gettext_noop(
        "The first %(count)s connections fail, later ones work: %(target)s."
    ),
    "fault.flap": gettext_noop(
        "The link for %(target)s goes up and down: %(periodMs)s ms a round, %(up)s %% of it up."
    ),
    "fault.schedule": gettext_noop(
        "The link for %(target)s goes up and down by chance: about %(upMs)s ms up, %(downMs)s ms"
        " down, by the seed %(seed)s."
    ),
    "fault.of_requests": gettext_noop("%(fault)s Only for %(which)s."),
    "fault.of_connections": gettext_noop("%(fault)s Only on %(percent)s %% of the connections."),
    "fault.http_status": gettext_noop("The network itself answers %(status)s to %(target)s."),
    "fault.duplicate": gettext_noop("Every request is delivered twice: %(target)s."),
    "fault.crash": gettext_noop("%(target)s: crashed. Nothing runs, connections are refused."),
    "fault.pause": gettext_noop("%(target)s: paused. Connections are taken, nothing is answered."),
    "fault.http_5xx": gettext_noop("%(target)s: answers %(status)s to everything."),
    "firewall.no_program": gettext_noop("there is no %(program)s on this system"),
    "firewall.only_administrator": gettext_noop("only an administrator may change the firewall"),
    "firewall.only_root": gettext_noop("only root may change the firewall"),
}
"""English texts by code."""


# The same in every language.
_SELECTIONS = {
    "method": "{}",
    "path": "{}",
    "header": "[{}]",
    "contains": "“{}”",
    "share": "{:.1%}",
    "every": "1/{}",
    "first": "≤ {}",
}


def fault_message(fault: Mapping[str, Any]) -> Message:
    """Return the effect of a fault, with its parameters and level.

    ``fault`` has ``target``, ``kind``, ``level`` and ``parameters``, as in ``GET /api/faults``.
    """
    message = _of_all(fault)
    parameters: Mapping[str, Any] = fault["parameters"]
    which = " ".join(
        pattern.format(parameters[name])
        for name, pattern in _SELECTIONS.items()
        if name in parameters
    )
    if which:
        message = Message("fault.of_requests", {"fault": message, "which": which})
    if "connections" in parameters:
        percent = round(parameters["connections"] * 100, 1)
        message = Message("fault.of_connections", {"fault": message, "percent": percent})
    return message


def _of_all(fault: Mapping[str, Any]) -> Message:
    """Return the effect of a fault where it is not held to some requests or connections."""
    target, kind, level = fault["target"], fault["kind"], fault["level"]
    params: dict[str, Any] = {**fault["parameters"], "target": _target(target, kind, level)}
    if "rate" in params:
        params["percent"] = round(params["rate"] * 100, 1)
    if "duty" in params:
        params["up"] = round(params["duty"] * 100)
    if "stream" in params:
        params["stream"] = Message(f"stream.{params['stream']}")
    samples = params.pop("samples", None)
    if samples:
        params.update(
            least=round(samples[0], 1),
            most=round(samples[-1], 1),
            median=round(samples[len(samples) // 2], 1),
        )
        return Message("fault.slow.recorded", params)
    if params.get("jitterMs"):
        return Message(f"fault.{kind}.jitter", params)
    special = f"fault.{kind}.{level}"
    return Message(special if special in TEXTS else f"fault.{kind}", params)


def _target(name: str, kind: str, level: str) -> Message:
    """Return a target as a part of a sentence; those of the lab's own system have words."""
    if f"target.{name}" in TEXTS:
        return Message(f"target.{name}")
    is_service = kind in _OF_SERVICES or (kind, level) == ("slow", "switch")
    return Message("target.service" if is_service else "target.link", {"name": name})
