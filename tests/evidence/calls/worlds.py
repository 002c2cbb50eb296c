"""Random systems that call each other, with what really happened to every call beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from telemetry.records import Resource, SpanEvent
from tests.evidence.calls.run import Run, at

if TYPE_CHECKING:
    from telemetry.records import Span

SERVICES = ["shop", "api", "worker", "price", "mail", "stock"]
QUEUE = {"messaging.system": "kafka", "messaging.destination.name": "images"}
TIMEOUT = 1_000
DEEPEST = 3
_LOST = {
    *("refused", "no name", "no connection", "request lost", "reset before", "proxy answers 503")
}

# What a caller's instrumentation writes of each end: by new conventions, and by old ones.
_WRITTEN: dict[str, tuple[str, str, str]] = {
    "refused": ("ECONNREFUSED", "java.net.ConnectException", "Connection refused"),
    "no connection": (
        "UND_ERR_CONNECT_TIMEOUT",
        "java.net.http.HttpConnectTimeoutException",
        "HTTP connect timed out",
    ),
    "no name": ("name_resolution_error", "socket.gaierror", "Name or service not known"),
    "timeout": ("ReadTimeout", "java.net.SocketTimeoutException", "Read timed out"),
    "aborted": ("AbortError", "asyncio.CancelledError", "context canceled"),
    "reset": ("ECONNRESET", "ConnectionResetError", "Connection reset by peer"),
    "odd": ("shop.OddError", "shop.OddError", "odd"),
}
_FATES = [
    *("well", "well", "well", "refused", "no name", "no connection", "request lost", "slow"),
    *(
        "slow",
        "slow and left",
        "slow and left",
        "answer lost",
        "answer lost",
        "comes late",
        "in the background",
    ),
    *("reset before", "reset after", "answers 500", "proxy answers 503", "aborted", "twice"),
    *("works on", "odd"),
]


@dataclass
class Happened:
    """One call, by a clock that nobody has."""

    caller: str
    callee: str
    sent: float
    over: float = 0
    kind: str = ""
    status: int = 0
    by_callee: bool = False
    is_message: bool = False
    client: Span | None = None
    arrivals: list[Span] = field(default_factory=list)
    came: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    worked_until: float = 0
    left_at: float = 0


@dataclass
class World:
    """A run, and its calls; ``nodes`` are services whose server spans end when callers leave."""

    run: Run
    calls: list[Happened]
    silent: set[str]
    skewed: bool
    names: list[str] = field(default_factory=list)
    nodes: set[str] = field(default_factory=set)


@st.composite
def worlds(draw: st.DrawFn, *, skewed: bool = False) -> World:
    """Services that call services, each call with a fate of its own."""
    names = draw(st.permutations(SERVICES))[: draw(st.integers(2, len(SERVICES)))]
    skew: dict[str, float] = {
        name: draw(st.sampled_from([-400, -20, 0, 20, 400])) for name in names
    }
    world = World(Run(skew_ms=dict(skew) if skewed else {}), [], set(), skewed)
    world.names = names
    world.nodes = {name for name in names if draw(st.booleans())}
    world.silent = {name for name in names[1:] if draw(st.integers(0, 5)) == 0}
    _serve(draw, world, names[0], 0.0, None, depth=0)
    world.run.spans = [_of_its_language(world, span) for span in world.run.spans]
    if draw(st.booleans()):
        kept = draw(st.sampled_from([1, 2, 3]))
        world.run.spans = [span for n, span in enumerate(world.run.spans) if n % 4 != kept]
    return world


def _of_its_language(world: World, span: Span) -> Span:
    if span.resource.service_name not in world.nodes:
        return span
    language = {"telemetry.sdk.language": "nodejs"}
    return replace(span, resource=Resource({**span.resource.attributes, **language}))


def _serve(
    draw: st.DrawFn,
    world: World,
    service: str,
    start: float,
    parent: Span | None,
    *,
    depth: int,
    message: Span | None = None,
) -> tuple[Span, float]:
    """Let a service work, call others in between, and end; returns its span and its end.

    It does so for a request, or for a ``message``, to which it has a link or for which a child.
    """
    place = len(world.run.spans)
    span = world.run.span(
        *(service, f"GET /{service}" if message is None else "images process", start, start),
        parent=parent,
        links=() if message is None else (message,),
        kind="SERVER" if message is None else "CONSUMER",
        more={} if message is None else QUEUE,
    )
    now = start + draw(st.sampled_from([3, 30]))
    begun, at_once = now, draw(st.booleans())
    for _ in range(draw(st.integers(0, 2)) if depth < DEEPEST else 0):
        since = begun if at_once else now
        go = draw(st.sampled_from([_call, _call, _call, _send]))
        now = max(now, go(draw, world, service, since, span, depth=depth) + 2)
    now += draw(st.sampled_from([1, 20]))
    # Spans are found by their place, since a call below has added its own.
    ended = _ended(world, span, now)
    world.run.spans[place] = ended
    return ended, now


def _send(
    draw: st.DrawFn, world: World, sender: str, start: float, parent: Span, *, depth: int
) -> float:
    """A message into a queue, that is taken, taken twice, or not taken; returns when it lies there.

    Its taker may be anybody, its sender too.
    """
    sent = world.run.span(
        *(sender, "images publish", start, start + 2), parent=parent, kind="PRODUCER", more=QUEUE
    )
    taker = draw(st.sampled_from(world.names))
    happened = Happened(sender, taker, start, over=start + 2, is_message=True, client=sent)
    world.calls.append(happened)
    came = start + 2
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        came += draw(st.sampled_from([3, 400]))
        happened.came.append(came)
        if taker in world.silent:
            continue
        above = sent if draw(st.booleans()) else None
        span, _ = _serve(draw, world, taker, came, above, depth=depth + 1, message=sent)
        happened.arrivals.append(span)
    return happened.over


def _ended(world: World, span: Span, end: float, **more: Any) -> Span:
    ahead = world.run.skew_ms.get(span.resource.service_name, 0)
    attributes = {**span.attributes, **more}
    return replace(span, end_time_unix_nano=at(end + ahead), attributes=attributes)


def _call(
    draw: st.DrawFn, world: World, caller: str, start: float, parent: Span, *, depth: int
) -> float:
    """One call with a fate; returns when its caller goes on."""
    fate = draw(st.sampled_from(_FATES))
    callee = draw(st.sampled_from([name for name in world.names if name != caller]))
    happened = Happened(caller, callee, start)
    world.calls.append(happened)
    place = len(world.run.spans)
    address = draw(st.sampled_from(["server.address", "net.peer.name", "peer.service"]))
    client = world.run.span(
        *(caller, "GET", start, start), parent=parent, kind="CLIENT", more={address: callee}
    )
    arrives = fate not in _LOST
    if fate in ("aborted", "odd"):
        arrives = draw(st.booleans())
    last = start
    for copy in range(2 if fate == "twice" else 1) if arrives else ():
        came = start + draw(st.sampled_from([1, 5])) + copy
        if fate == "comes late":
            came += TIMEOUT + 30
        last = _arrive(draw, world, happened, came, client, depth=depth)
        if fate in ("slow", "slow and left"):
            last = max(last, start + TIMEOUT + draw(st.sampled_from([50, 900])))
            _lengthen(world, happened, last)
    happened.kind, happened.over = _outcome(draw, fate, start, last)
    _go_on(draw, world, happened, fate)
    happened.status = {"answers 500": 500, "proxy answers 503": 503}.get(fate, 0)
    happened.by_callee = fate == "answers 500"
    if happened.kind == "" and not happened.status:
        happened.status = 200
    if fate == "answers 500":
        _answer(world, happened, 500)
    world.run.spans[place] = happened.client = _written(draw, world, happened, client)
    return happened.over


def _go_on(draw: st.DrawFn, world: World, happened: Happened, fate: str) -> None:
    """What the callee does when the call is over for its caller."""
    if fate == "works on":
        _lengthen(world, happened, happened.over + 500)
    happened.worked_until = max(happened.ended, default=0)
    goes_on = fate == "in the background" or (fate == "answer lost" and draw(st.booleans()))
    if goes_on and happened.arrivals:
        _work_in_background(world, happened)
    if fate == "slow and left" and happened.callee in world.nodes:
        happened.left_at = happened.over + draw(st.sampled_from([-3, 1, 60]))
        _change(world, happened, happened.left_at)


def _arrive(
    draw: st.DrawFn, world: World, happened: Happened, came: float, client: Span, *, depth: int
) -> float:
    if happened.callee in world.silent:
        end = came + draw(st.sampled_from([2, 40]))
    else:
        span, end = _serve(draw, world, happened.callee, came, client, depth=depth + 1)
        happened.arrivals.append(span)
    happened.came.append(came)
    happened.ended.append(end)
    return end


def _lengthen(world: World, happened: Happened, end: float) -> None:
    """Let what the callee did last until ``end``."""
    _change(world, happened, end)
    happened.ended[-1:] = [end]


def _work_in_background(world: World, happened: Happened) -> None:
    """Let the callee go on with what nobody waits for."""
    begun, happened.worked_until = happened.ended[-1] - 1, happened.over + 300
    name = happened.callee
    world.run.span(name, "mail it", begun, happened.worked_until, parent=happened.arrivals[-1])


def _answer(world: World, happened: Happened, status: int) -> None:
    _change(world, happened, happened.ended[-1], **{"http.response.status_code": status})


def _change(world: World, happened: Happened, end: float, **more: Any) -> None:
    if not happened.arrivals:
        return
    last = happened.arrivals[-1]
    place = next(n for n, span in enumerate(world.run.spans) if span.span_id == last.span_id)
    world.run.spans[place] = happened.arrivals[-1] = _ended(world, last, end, **more)


def _outcome(draw: st.DrawFn, fate: str, start: float, last: float) -> tuple[str, float]:
    """How the call ended for its caller, and when."""
    if fate in ("refused", "no name", "no connection"):
        return fate, start + 2
    if fate in ("request lost", "slow", "slow and left", "answer lost", "comes late"):
        # A caller that had waited for a longer answer waits so long.
        late = last + 60 if fate == "answer lost" else 0
        return "timeout", max(start + TIMEOUT, late)
    if fate == "aborted":
        return "aborted", start + draw(st.sampled_from([10, 300]))
    if fate in ("reset before", "reset after", "odd"):
        return ("odd" if fate == "odd" else "reset"), max(last, start) + 4
    return "", max(last, start) + 2


def _written(draw: st.DrawFn, world: World, happened: Happened, client: Span) -> Span:
    """The caller's span as its instrumentation writes it, by new conventions or old."""
    is_new = draw(st.booleans())
    status = "http.response.status_code" if is_new else "http.status_code"
    more: dict[str, Any] = {status: happened.status} if happened.status else {}
    if happened.status >= 400 and is_new:
        more["error.type"] = str(happened.status)
    if not happened.kind:
        return _ended(world, client, happened.over, **more)
    name, exception, message = _WRITTEN[happened.kind]
    if is_new:
        span = _ended(world, client, happened.over, **{"error.type": name})
        return replace(span, status_code="ERROR")
    event = {"exception.type": exception, "exception.message": message}
    return replace(
        _ended(world, client, happened.over),
        status_code="ERROR",
        status_message=message,
        events=[SpanEvent("exception", client.start_time_unix_nano, event)],
    )
