"""Records that contradict each other, as a broken clock, exporter or service may leave them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.evidence.story import Story

if TYPE_CHECKING:
    from random import Random

    from telemetry.records import LogRecord, Span

_OPPOSITES = (
    ("stock reserved", "stock rejected (sold out)"),
    ("order confirmed", "order rejected (sold out)"),
    ("job delivered to worker", "failed to deliver job to worker"),
    ("callback sent", "callback failed"),
    ("job accepted", "job not begun: its deadline has passed"),
    ("stock released", "job repeated: nothing reserved again"),
)
_OPPOSITE = {text: other for pair in _OPPOSITES for text, other in (pair, pair[::-1])}


def contradicting(story: Story, random: Random) -> Story:
    """Return the story with some records that say the opposite, in place of others or beside."""
    spans, logs = list(story.spans), list(story.logs)
    for _ in range(random.randint(1, 3)):
        number = random.randrange(len(logs))
        if random.random() < 0.5 and logs[number].body in _OPPOSITE:
            opposite = _opposite(logs[number], random, seq=len(spans) + len(logs) + 1)
            if random.random() < 0.5:
                logs[number] = opposite
            else:
                logs.append(opposite)
        else:
            number = random.randrange(len(spans))
            spans[number] = _misreported(spans[number], random)
    return Story(spans, logs)


def _opposite(log: LogRecord, random: Random, *, seq: int) -> LogRecord:
    moved = random.choice([-3, 0, 3]) * 1_000_000
    body = _OPPOSITE[str(log.body)]
    return replace(log, body=body, time_unix_nano=log.time_unix_nano + moved, seq=seq)


def _misreported(span: Span, random: Random) -> Span:
    attributes = dict(span.attributes)
    if random.random() < 0.5:
        attributes["http.response.status_code"] = random.choice([200, 404, 503])
    elif attributes.pop("error.type", None) is None:
        attributes["error.type"] = random.choice(["connect_refused", "read_timeout"])
    return replace(span, attributes=attributes)
