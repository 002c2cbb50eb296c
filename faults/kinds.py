"""The vocabulary: every kind of fault, where it can be set, by which means, with which numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from faults.fault import LINKS, SERVICES, TARGETS, FaultError, Level
from faults.parameters import Choice, Parameter, Real, Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

LONGEST_MS = 600_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault on some targets. The first of its ``levels`` is what it gets by default."""

    name: str
    title: _StrPromise
    targets: tuple[str, ...]
    levels: tuple[Level, ...]
    parameters: tuple[Parameter, ...] = ()

    def as_json(self, target: str) -> dict[str, Any]:
        """Describe the kind for a form that sets it on ``target``."""
        return {
            "target": target,
            "kind": self.name,
            "levels": list(levels_of(self, target)),
            "title": str(self.title),
            "parameters": [parameter.as_json() for parameter in self.parameters],
        }

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Complete ``given`` with defaults.

        :raises FaultError: a parameter is unknown, of the wrong type or out of its bounds.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in given:
            if name not in known:
                said = gettext("%(kind)s has no parameter %(name)s") % {
                    "kind": self.name,
                    "name": repr(name),
                }
                raise FaultError(said, field=str(name))
        return {each.name: each.read(given.get(each.name)) for each in self.parameters}


def find(target: object, kind: object) -> Kind:
    """Return the kind called ``kind`` on ``target``.

    :raises FaultError: there is no such target, or it has no such kind.
    """
    if target not in TARGETS:
        said = gettext("target must be one of %(known)s") % {"known": ", ".join(TARGETS)}
        raise FaultError(said, field="target")
    for each in KINDS:
        if each.name == kind and target in each.targets:
            return each
    names = ", ".join(each.name for each in KINDS if target in each.targets)
    said = gettext("kind must be one of %(known)s for %(target)s")
    raise FaultError(said % {"known": names, "target": target}, field="kind")


def level_of(kind: Kind, target: str, wanted: object) -> Level:
    """Return the level that is ``wanted``, by default the most real one that needs no privilege.

    :raises FaultError: the kind can't be done at that level.
    """
    levels = levels_of(kind, target)
    if wanted is None:
        return levels[0]
    for level in levels:
        if level == wanted:
            return level
    said = gettext("level must be one of %(known)s for %(kind)s")
    raise FaultError(said % {"known": ", ".join(levels), "kind": kind.name}, field="level")


def levels_of(kind: Kind, target: str) -> tuple[Level, ...]:
    """List where a fault of ``kind`` on ``target`` can be done, the default first."""
    if target == "client-to-api":
        # The client is the browser: no code of the lab's own sends there, so nothing can switch.
        return tuple(level for level in kind.levels if level != "switch")
    return kind.levels


def listed() -> Iterator[tuple[str, Kind]]:
    """Yield every (target, kind) that there is, in the order in which a form shows them."""
    for target in TARGETS:
        for kind in KINDS:
            if target in kind.targets:
                yield target, kind


_STREAM_TITLE = _("which way")
_ON_REQUESTS = Choice("stream", _STREAM_TITLE, "request", ("request", "response", "both"))
_ON_RESPONSES = Choice("stream", _STREAM_TITLE, "response", ("request", "response", "both"))
_ON_BOTH = Choice("stream", _STREAM_TITLE, "both", ("request", "response", "both"))
_SERVER_ERROR = Whole("status", _("status"), 503, unit="", minimum=500, maximum=599)


def _ms(title: _StrPromise, default: int, *, name: str = "ms", minimum: int = 0) -> Whole:
    return Whole(name, title, default, unit="ms", minimum=minimum, maximum=LONGEST_MS)


KINDS: tuple[Kind, ...] = (
    Kind("cut", _("Cut"), LINKS, ("socket", "switch", "firewall")),
    Kind(
        "slow",
        _("Slow"),
        LINKS,
        ("socket",),
        (
            _ms(_("delay"), 1_000),
            _ms(_("jitter"), 0, name="jitterMs"),
            _ON_REQUESTS,
        ),
    ),
    Kind(
        "lossy",
        _("Lossy"),
        LINKS,
        ("socket", "firewall"),
        (Real("rate", _("share lost"), 0.3, unit="", minimum=0, maximum=1), _ON_BOTH),
    ),
    Kind("request_lost", _("Requests lost"), LINKS, ("socket",)),
    Kind("response_lost", _("Responses lost"), LINKS, ("socket",)),
    Kind(
        "timeout",
        _("Silence, then closed"),
        LINKS,
        ("socket",),
        (_ms(_("silence"), 2_000), _ON_RESPONSES),
    ),
    Kind("reset", _("Reset"), LINKS, ("socket",), (_ms(_("reset after"), 0), _ON_REQUESTS)),
    Kind(
        "bandwidth",
        _("Narrow"),
        LINKS,
        ("socket",),
        (
            Whole("kbps", _("rate"), 1, unit="KB/s", minimum=1, maximum=1_000_000),
            _ON_RESPONSES,
        ),
    ),
    Kind(
        "slicer",
        _("In small pieces"),
        LINKS,
        ("socket",),
        (
            Whole("bytes", _("piece"), 16, unit="B", minimum=1, maximum=1_000_000),
            _ms(_("pause between pieces"), 20, name="delayMs"),
            _ON_RESPONSES,
        ),
    ),
    Kind(
        "limit_data",
        _("Closed after some bytes"),
        LINKS,
        ("socket",),
        (
            Whole("bytes", _("bytes let through"), 64, unit="B", minimum=0, maximum=1_000_000_000),
            _ON_RESPONSES,
        ),
    ),
    Kind(
        "slow_close",
        _("Slow to close"),
        LINKS,
        ("socket",),
        (_ms(_("delay of the close"), 1_000), _ON_RESPONSES),
    ),
    Kind(
        "fail_first",
        _("First connections fail"),
        LINKS,
        ("socket",),
        (Whole("count", _("connections"), 3, unit="", minimum=1, maximum=1_000_000),),
    ),
    Kind(
        "flap",
        _("Flapping"),
        LINKS,
        ("socket",),
        (
            _ms(_("period"), 4_000, name="periodMs", minimum=10),
            Real("duty", _("share of the time up"), 0.5, unit="", minimum=0, maximum=1),
        ),
    ),
    Kind("http_status", _("Answers an error itself"), LINKS, ("socket",), (_SERVER_ERROR,)),
    Kind("duplicate", _("Requests delivered twice"), LINKS, ("socket",)),
    Kind("crash", _("Crash"), SERVICES, ("process",)),
    Kind("pause", _("Pause"), SERVICES, ("process",)),
    Kind("slow", _("Slow"), SERVICES, ("switch",), (_ms(_("delay"), 5_000),)),
    Kind("http_5xx", _("Answers an error"), SERVICES, ("switch",), (_SERVER_ERROR,)),
)
