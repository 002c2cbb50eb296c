"""A fault in a sentence: what is being done to whom, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from datetime import datetime

    from faults.fault import Fault


def describe(fault: Fault) -> str:
    """Say what ``fault`` does, with its numbers and where it is done."""
    values = {"target": _target(fault.target), **fault.parameters}
    if "rate" in values:
        values["percent"] = round(values["rate"] * 100, 1)
    if "duty" in values:
        values["up"] = round(values["duty"] * 100)
    if "stream" in values:
        values["stream"] = _stream(values["stream"])
    return _sentence(fault, values)


def as_json(fault: Fault, *, now: datetime) -> dict[str, Any]:
    """Describe ``fault`` for the wire, its sentence in the reader's language included."""
    remaining = fault.remaining_seconds(now)
    return {
        "id": fault.id,
        "target": fault.target,
        "kind": fault.kind,
        "level": fault.level,
        "parameters": dict(fault.parameters),
        "createdAt": fault.created_at.isoformat(),
        "expiresAt": None if fault.expires_at is None else fault.expires_at.isoformat(),
        "remainingSeconds": None if remaining is None else round(remaining, 3),
        "setBy": fault.set_by,
        "hidden": fault.hidden,
        "words": describe(fault),
    }


def _target(name: str) -> str:
    return {
        "client-to-api": _("calls from the client to the API"),
        "api-to-worker": _("calls from the API to the worker"),
        "worker-to-api": _("calls from the worker to the API"),
        "api": _("the API"),
        "worker": _("the worker"),
    }[name]


def _stream(name: str) -> str:
    return {
        "request": pgettext("of a link", "requests"),
        "response": pgettext("of a link", "responses"),
        "both": pgettext("of a link", "both ways"),
    }[name]


def _sentence(fault: Fault, values: dict[str, Any]) -> str:
    special = {
        ("cut", "switch"): _("A switch in the code cuts %(target)s: nothing is sent."),
        ("cut", "firewall"): _("The firewall drops %(target)s without a word."),
        ("lossy", "firewall"): _("The firewall drops %(percent)s %% of the packets of %(target)s."),
    }
    if fault.kind == "slow" and fault.level == "switch":
        text = _("Every answer of %(target)s waits %(ms)s ms in its code first.")
    else:
        text = special.get((fault.kind, fault.level)) or _general()[fault.kind]
    if fault.parameters.get("jitterMs"):
        text = _("Every packet of %(target)s (%(stream)s) is late by %(ms)s ± %(jitterMs)s ms.")
    return text % values


def _general() -> dict[str, str]:
    return {
        "cut": _("The link for %(target)s is down: connections are refused."),
        "slow": _("Every packet of %(target)s (%(stream)s) is late by %(ms)s ms."),
        "lossy": _("%(percent)s %% of what %(target)s carry is lost (%(stream)s)."),
        "request_lost": _("Requests are lost: %(target)s connect, but nothing arrives."),
        "response_lost": _("Responses are lost: %(target)s arrive, but no answer comes back."),
        "timeout": _("Silence for %(ms)s ms, then the connection closes: %(target)s (%(stream)s)."),
        "reset": _("Connections are reset after %(ms)s ms: %(target)s (%(stream)s)."),
        "bandwidth": _("%(kbps)s KB/s is all that %(target)s have (%(stream)s)."),
        "slicer": _("Pieces of %(bytes)s bytes, %(delayMs)s ms apart: %(target)s (%(stream)s)."),
        "limit_data": _("Closed after %(bytes)s bytes: %(target)s (%(stream)s)."),
        "slow_close": _("Connections close %(ms)s ms late: %(target)s (%(stream)s)."),
        "fail_first": _("The first %(count)s connections fail, later ones work: %(target)s."),
        "flap": _(
            "The link for %(target)s goes up and down: %(periodMs)s ms a round, %(up)s %% of it up."
        ),
        "http_status": _("The network itself answers %(status)s to %(target)s."),
        "duplicate": _("Every request is delivered twice: %(target)s."),
        "crash": _("%(target)s: crashed. Nothing runs, connections are refused."),
        "pause": _("%(target)s: paused. Connections are taken, nothing is answered."),
        "http_5xx": _("%(target)s: answers %(status)s to everything."),
    }
