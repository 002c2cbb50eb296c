"""An experiment's own texts in the reader's language; log lines and statuses stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Mapping

# Said by the probes, which know no Django; the files' own texts are collected from the files.
_SAID = frozenset(
    {
        gettext_noop("HTTP status that the client got"),
        gettext_noop("What the API believes"),
        gettext_noop("Reservations that the worker made for an order"),
        gettext_noop("Log line"),
        gettext_noop("Seconds from accepted to confirmed"),
        gettext_noop("Traces of an order"),
        gettext_noop("one trace, api and worker"),
        gettext_noop("no order was placed"),
        gettext_noop("no such line"),
        gettext_noop("never confirmed"),
        gettext_noop("not known"),
        gettext_noop("How the call to the worker failed"),
        gettext_noop("not sent"),
        gettext_noop("Defences against faults"),
        gettext_noop("stopped"),
        gettext_noop("it was ended half-way"),
        gettext_noop("acknowledged to its client, and not known to the API"),
        gettext_noop("PENDING in the end"),
        gettext_noop("reserved more than once"),
        gettext_noop("reserved, and not known to the API"),
        gettext_noop("CONFIRMED, and never reserved"),
        gettext_noop("REJECTED, and reserved"),
        gettext_noop("CANCELLED, and reserved: the stock is held for nobody"),
        gettext_noop("acknowledged to its client, and CANCELLED"),
        gettext_noop("placed once by its client, and known to the API as several orders"),
        gettext_noop("another experiment is running: stop it, or wait for its end"),
    }
)

# Texts with numbers or names in them, most specific first.
_PATTERNS = tuple(
    (re.compile(pattern), text)
    for pattern, text in {
        r"at least (?P<count>\d+)": gettext_noop("at least %(count)s"),
        r"at most (?P<count>\d+)": gettext_noop("at most %(count)s"),
        r"at least (?P<least>\d+) and at most (?P<most>\d+)": gettext_noop(
            "at least %(least)s and at most %(most)s"
        ),
        r"(?P<some>\d+) of (?P<all>\d+)": gettext_noop("%(some)s of %(all)s"),
        r"(?P<one>\w+) or (?P<other>\w+)": gettext_noop("%(one)s or %(other)s"),
        r"(?P<kinds>.+), after (?P<least>\d+) to (?P<most>\d+) ms": gettext_noop(
            "%(kinds)s, after %(least)s to %(most)s ms"
        ),
        r"Orders with the log line “(?P<line>.+)”": gettext_noop(
            "Orders with the log line “%(line)s”"
        ),
        r"Orders that the API holds to be (?P<status>\w+)": gettext_noop(
            "Orders that the API holds to be %(status)s"
        ),
        r"Clients that waited over (?P<ms>\d+) ms for their answer": gettext_noop(
            "Clients that waited over %(ms)s ms for their answer"
        ),
        r"the lab may not change the firewall: (?P<reason>.+)": gettext_noop(
            "the lab may not change the firewall: %(reason)s"
        ),
        r"(?P<count>\d+) faults are in force: heal them first": gettext_noop(
            "%(count)s faults are in force: heal them first"
        ),
    }.items()
)


def experiment(described: Mapping[str, Any]) -> dict[str, Any]:
    """Translate what ``GET /api/experiments`` says of one."""
    return {
        **described,
        "title": gettext(described["title"]),
        "description": gettext(described["description"]),
        "steps": [gettext(step) for step in described["steps"]],
    }


def run(state: Mapping[str, Any]) -> dict[str, Any]:
    """Translate a run's state, as far as its texts are the lab's own."""
    told = {**state, "title": gettext(state["title"])}
    if "reason" in state:
        told["reason"] = own(str(state["reason"]))
    if "steps" in state:
        told["steps"] = [_step(step) for step in state["steps"]]
        told["observed"] = [_observed(each) for each in state["observed"]]
    return told


def own(text: str) -> str:
    """Translate a text that is the lab's own; any other stays as it is."""
    if text in _SAID:
        return gettext(text)
    for pattern, said in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return gettext(said) % found.groupdict()
    return text


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    return {**step, "name": gettext(step["name"]), "text": own(step["text"])}


def _observed(each: Mapping[str, Any]) -> dict[str, Any]:
    told = {**each, "name": gettext(each["name"])}
    return told | {key: own(each[key]) for key in ("text", "expected", "actual")}
