"""A commit whose answer is lost may have happened: the explanation says so, and what settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundary.log_messages import LOG_OUTCOME_UNKNOWN
from evidence.evaluation import evidence_of
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.wire import DiagnosisJson
    from telemetry.records import Span

REFUSED = {"level": 13, "httpStatus": 503}
BROKE_OFF = (
    "The API's connection to its database broke before the database answered, and the API told its"
    " caller so: 503, neither stored nor not stored."
)
UNKNOWN = (
    "Whether the order was stored could not be known then: a commit whose answer is lost may have"
    " happened, or not."
)
STORED = "It was stored: later the API went on with this very order."


def lost_commit() -> tuple[build.Story, Span]:
    """The order span fails, and the API answers that it does not know."""
    story = build.Story()
    server = story.span("api", "POST /orders", 1, 20, kind="SERVER", http__status=503)
    place = story.span("api", "order.place", 2, 18, parent=server, error="OperationalError")
    story.log(server, LOG_OUTCOME_UNKNOWN, 19, **REFUSED)
    return story, place


def diagnosed(story: build.Story, perspective: str = "all") -> DiagnosisJson:
    return evidence_of(story.spans, story.logs, trace_id=build.TRACE_ID, perspective=perspective)[
        "diagnosis"
    ]


def said(diagnosis: DiagnosisJson) -> list[tuple[str, str]]:
    return [(each["kind"], each["text"]) for each in diagnosis["sentences"]]


def test_it_is_not_known_and_what_would_settle_it_is_named() -> None:
    found = diagnosed(lost_commit()[0])
    assert found["headline"].endswith("hether the order was stored was not known")
    assert said(found) == [
        ("fact", BROKE_OFF),
        ("unknown", UNKNOWN),
        ("settles", f"GET /orders/{build.ORDER_ID} on the API would settle it."),
    ]


def test_a_later_delivery_of_the_very_order_settles_it() -> None:
    story, place = lost_commit()
    client = build.deliver(story, place, start=6_000, end=6_030, status=200)
    build.work(story, client, start=6_005, end=6_025, reserve_at=6_010)
    for perspective in ("all", "api"):
        texts = said(diagnosed(story, perspective))
        assert ("fact", BROKE_OFF) in texts
        assert ("unknown", UNKNOWN) in texts
        assert ("settles", STORED) in texts


def test_the_worker_knows_nothing_of_it() -> None:
    story, place = lost_commit()
    client = build.deliver(story, place, start=6_000, end=6_030, status=200)
    build.work(story, client, start=6_005, end=6_025, reserve_at=6_010)
    assert not {BROKE_OFF, UNKNOWN, STORED} & {text for _, text in said(diagnosed(story, "worker"))}
