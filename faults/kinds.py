"""Every kind of fault: its targets, levels and parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from django.utils.translation import gettext_lazy as _

from base.faults.request import (
    HIGHEST_STATUS,
    LOWEST_STATUS,
    MAX_MS,
    FaultRequestError,
    one_of,
)
from faults.parameters import Choice, FloatParameter, IntParameter, Parameter, TextParameter
from faults.samples import RECORDED, SamplesParameter, with_samples
from systems.running import RUNNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django_stubs_ext import StrPromise

    from faults.fault import Level


Place = Literal["link", "service"]
LINK: Final = "link"
SERVICE: Final = "service"
FIREWALL_TTL_SECONDS = 60

# What can be done to messages of HTTP alone.
_OF_HTTP = {"http_status", "duplicate"}
# What concerns a link as a whole, and what goes by the clock or by connections, not by requests.
_OF_ALL_CONNECTIONS = {"cut", "fail_first"}
_OF_TIME = {"flap", "schedule", "slow_close"}
# What a form offers first.
_COMMON = {"cut", "slow", "request_lost", "crash", "pause"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault of links or of services. The first of its ``levels`` is the default.

    ``effect`` says in a line what it does.
    """

    name: str
    title: StrPromise
    effect: StrPromise
    place: Place
    levels: tuple[Level, ...]
    parameters: tuple[Parameter, ...] = ()
    extras: tuple[Parameter, ...] = ()
    """Parameters that a fault has only where they are not the default."""

    def as_json(self, target: str) -> dict[str, Any]:
        """Describe the kind for a form that sets it on ``target``."""
        return {
            "target": target,
            "kind": self.name,
            "levels": list(levels_of(self, target)),
            "defaultTtlSeconds": {
                level: ttl
                for level in levels_of(self, target)
                if (ttl := default_ttl_seconds(level)) is not None
            },
            "title": str(self.title),
            "effect": str(self.effect),
            "common": self.name in _COMMON,
            "parameters": [each.as_json() for each in (*self.parameters, *self.extras)],
            "selection": [each.as_json() for each in selection_of(self, target)],
        }

    def read(
        self, given: Mapping[str, Any], optional: tuple[Parameter, ...] = ()
    ) -> dict[str, Any]:
        """Complete ``given`` with defaults; ``optional`` is what else may be given.

        :raises FaultRequestError: a parameter is unknown, of the wrong type or out of its bounds.
        """
        known = {parameter.name for parameter in (*self.parameters, *optional)}
        for name in given:
            if name not in known:
                raise FaultRequestError("no_parameter", field=str(name), kind=self.name)
        values = {each.name: each.read(given.get(each.name)) for each in self.parameters}
        for each in optional:
            if (value := each.read(given.get(each.name))) != each.default:
                values[each.name] = value
        return with_samples(values, given)


def find(target: object, kind: object) -> Kind:
    """Return the kind called ``kind`` on ``target``.

    :raises FaultRequestError: there is no such target, or it has no such kind.
    """
    place = one_of(target, RUNNING.system.targets, field="target")
    of_target = {each.name: each for each in kinds_of(place)}
    if not of_target:
        raise FaultRequestError("not_ours", field="target", target=place)
    return of_target[one_of(kind, of_target, field="kind", subject=place)]


def level_of(kind: Kind, target: str, requested: object) -> Level:
    """Return the requested level, by default the most real one that needs no privilege.

    :raises FaultRequestError: the kind does not exist at that level.
    """
    levels = levels_of(kind, target)
    if requested is None:
        return levels[0]
    by_name = {str(level): level for level in levels}
    return by_name[one_of(requested, by_name, field="level", subject=kind.name)]


def kinds_of(target: str) -> Iterator[Kind]:
    """Yield the kinds that can be set on ``target``, in the order in which a form shows them."""
    place = LINK if target in RUNNING.system.link_names else SERVICE
    for kind in KINDS:
        if kind.place == place and levels_of(kind, target):
            yield kind


def levels_of(kind: Kind, target: str) -> tuple[Level, ...]:
    """List the levels of ``kind`` on ``target``, the default first."""
    system = RUNNING.system
    if kind.place == LINK:
        link = system.link(target)
        if kind.name in _OF_HTTP and link.protocol != "http":
            return ()
        return tuple(
            level for level in kind.levels if level != "switch" or _has_switches(link.sender)
        )
    service = system.service(target)
    # A switch is that of a service: its instances share an address out of band.
    can = {"process": bool(service.command), "switch": _has_switches(target)}
    return tuple(level for level in kind.levels if can.get(level, True))


def optional_of(kind: Kind, target: str, level: Level) -> tuple[Parameter, ...]:
    """List what a fault at ``level`` may have beside its parameters."""
    return (*kind.extras, *selection_of(kind, target)) if level == "socket" else ()


def selection_of(kind: Kind, target: str) -> tuple[Parameter, ...]:
    """List the parameters that hold ``kind`` to some requests, or connections, of ``target``."""
    if kind.place != LINK or kind.name in _OF_ALL_CONNECTIONS:
        return ()
    if kind.name in _OF_TIME:
        return (_CONNECTIONS,)
    is_http = RUNNING.system.link(target).protocol == "http"
    return (*(_OF_HTTP_REQUESTS if is_http else _OF_PIECES), *_PART_OF_THEM, _CONNECTIONS)


def _has_switches(name: str) -> bool:
    return any(each.name == name and each.has_switches for each in RUNNING.system.services)


def default_ttl_seconds(level: Level) -> int | None:
    """Return after how many seconds a fault without a time ends; None for never."""
    return FIREWALL_TTL_SECONDS if level == "firewall" else None


def listed() -> Iterator[tuple[str, Kind]]:
    """Yield every (target, kind), in the order in which a form shows them."""
    for target in RUNNING.system.targets:
        for kind in kinds_of(target):
            yield target, kind


_STREAM_TITLE = _("direction")
_ON_REQUESTS = Choice("stream", _STREAM_TITLE, "request", ("request", "response", "both"))
_ON_RESPONSES = Choice("stream", _STREAM_TITLE, "response", ("request", "response", "both"))
_ON_BOTH = Choice("stream", _STREAM_TITLE, "both", ("request", "response", "both"))
_SERVER_ERROR = IntParameter(
    "status", _("status"), 503, unit="", minimum=LOWEST_STATUS, maximum=HIGHEST_STATUS
)


_LINK_ERROR = IntParameter("status", _("status"), 503, unit="", minimum=400, maximum=HIGHEST_STATUS)
_CONNECTIONS = FloatParameter(
    "connections", _("share of connections"), 1.0, unit="", minimum=0, maximum=1
)
_OF_HTTP_REQUESTS: tuple[Parameter, ...] = (
    TextParameter("method", _("method"), hint="POST"),
    TextParameter("path", _("path"), hint="/jobs/*"),
    TextParameter("header", _("header"), hint="x-user: 7"),
)
_OF_PIECES: tuple[Parameter, ...] = (
    TextParameter("contains", _("requests with the text"), hint="COMMIT"),
)
_PART_OF_THEM: tuple[Parameter, ...] = (
    FloatParameter("share", _("share of requests"), 1.0, unit="", minimum=0, maximum=1),
    IntParameter("every", _("one in"), 1, unit="", minimum=1, maximum=1_000_000),
    IntParameter("first", _("only the first"), 0, unit="", minimum=0, maximum=1_000_000),
)


def _ms(title: StrPromise, default: int, *, name: str = "ms", minimum: int = 0) -> IntParameter:
    return IntParameter(name, title, default, unit="ms", minimum=minimum, maximum=MAX_MS)


KINDS: tuple[Kind, ...] = (
    Kind(
        "cut",
        _("Cut"),
        _("Connections are refused; nothing arrives."),
        LINK,
        ("socket", "switch", "firewall"),
    ),
    Kind(
        "slow",
        _("Slow"),
        _("Messages come late; past its deadline the caller gives up."),
        LINK,
        ("socket",),
        (
            _ms(_("delay"), 1_000),
            _ms(_("jitter"), 0, name="jitterMs"),
            _ON_REQUESTS,
        ),
        (
            Choice(
                "distribution",
                _("distribution"),
                "uniform",
                ("uniform", "normal", "pareto", RECORDED),
            ),
            SamplesParameter("samples", _("recorded delays (file)")),
        ),
    ),
    Kind(
        "lossy",
        _("Lossy"),
        _("Part of the packets never arrives."),
        LINK,
        ("socket", "firewall"),
        (FloatParameter("rate", _("share lost"), 0.3, unit="", minimum=0, maximum=1), _ON_BOTH),
        (IntParameter("spare", _("pieces spared"), 0, unit="", minimum=0, maximum=1_000_000),),
    ),
    Kind(
        "request_lost",
        _("Requests lost"),
        _("It connects, then nothing arrives: the caller waits in vain."),
        LINK,
        ("socket",),
    ),
    Kind(
        "response_lost",
        _("Responses lost"),
        _("Requests arrive, but no answer comes back."),
        LINK,
        ("socket",),
    ),
    Kind(
        "timeout",
        _("Hangs, then closes"),
        _("Silence, then the connection closes."),
        LINK,
        ("socket",),
        (_ms(_("silence"), 2_000), _ON_RESPONSES),
    ),
    Kind(
        "reset",
        _("Reset"),
        _("The connection breaks off under way."),
        LINK,
        ("socket",),
        (_ms(_("reset after"), 0), _ON_REQUESTS),
    ),
    Kind(
        "bandwidth",
        _("Low bandwidth"),
        _("Everything arrives, slowly."),
        LINK,
        ("socket",),
        (
            IntParameter("kbps", _("rate"), 1, unit="KB/s", minimum=1, maximum=1_000_000),
            _ON_RESPONSES,
        ),
        (Choice("pipe", _("for"), "each", ("each", "shared")),),
    ),
    Kind(
        "slicer",
        _("Fragmented"),
        _("Data comes in small pieces with pauses between them."),
        LINK,
        ("socket",),
        (
            IntParameter("bytes", _("piece"), 16, unit="B", minimum=1, maximum=1_000_000),
            _ms(_("pause between pieces"), 20, name="delayMs"),
            _ON_RESPONSES,
        ),
    ),
    Kind(
        "limit_data",
        _("Closed after some bytes"),
        _("The connection closes in the middle of a message."),
        LINK,
        ("socket",),
        (
            IntParameter(
                "bytes", _("bytes let through"), 64, unit="B", minimum=0, maximum=1_000_000_000
            ),
            _ON_RESPONSES,
        ),
    ),
    Kind(
        "slow_close",
        _("Delayed close"),
        _("The end of a connection comes late."),
        LINK,
        ("socket",),
        (_ms(_("delay of the close"), 1_000), _ON_RESPONSES),
    ),
    Kind(
        "fail_first",
        _("First connections fail"),
        _("Some connections are refused, later ones work."),
        LINK,
        ("socket",),
        (IntParameter("count", _("connections"), 3, unit="", minimum=1, maximum=1_000_000),),
    ),
    Kind(
        "flap",
        _("Flapping"),
        _("The link goes down and comes back, again and again."),
        LINK,
        ("socket",),
        (
            _ms(_("period"), 4_000, name="periodMs", minimum=10),
            FloatParameter("duty", _("share of the time up"), 0.5, unit="", minimum=0, maximum=1),
        ),
    ),
    Kind(
        "schedule",
        _("Up and down by chance"),
        _("The link goes down and comes back, at times that a seed repeats."),
        LINK,
        ("socket",),
        (
            _ms(_("up"), 2_000, name="upMs", minimum=100),
            _ms(_("down"), 1_000, name="downMs", minimum=100),
            IntParameter("seed", _("seed"), 1, unit="", minimum=0, maximum=1_000_000),
        ),
    ),
    Kind(
        "http_status",
        _("Link returns an error"),
        _("The network answers; nothing is passed on."),
        LINK,
        ("socket",),
        (_LINK_ERROR,),
    ),
    Kind(
        "duplicate",
        _("Requests delivered twice"),
        _("Each request arrives once more."),
        LINK,
        ("socket",),
    ),
    Kind(
        "crash", _("Crash"), _("The process ends; connections are refused."), SERVICE, ("process",)
    ),
    Kind(
        "pause",
        _("Pause"),
        _("Connections are taken, nothing is answered."),
        SERVICE,
        ("process",),
    ),
    Kind(
        "slow",
        _("Slow"),
        _("Every answer waits in its code first."),
        SERVICE,
        ("switch",),
        (_ms(_("delay"), 5_000),),
    ),
    Kind(
        "http_5xx",
        _("Returns an error"),
        _("Every request is refused by its code."),
        SERVICE,
        ("switch",),
        (_SERVER_ERROR,),
    ),
)
