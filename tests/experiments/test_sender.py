"""The soak's sender finds what an observer acknowledged and does not have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from base.errors import LabError
from base.lab import Lab
from experiments.checker.sender import SPANS_A_BATCH, Sender, batch
from telemetry.otlp import from_json
from tests.support import upstreams
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import socket


def answer(connection: socket.socket, body: object, status: int = 200) -> None:
    data = json.dumps(body).encode()
    head = b"HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    connection.sendall(head % (status, len(data)) + data)
    connection.close()


def test_an_acknowledged_batch_that_is_not_there_whole_is_missing() -> None:
    exported: list[str] = []
    looks: list[str] = []

    def observer(connection: socket.socket) -> None:
        head, _, body = upstreams.read_request(connection).decode().partition("\r\n\r\n")
        if head.startswith("POST /v1/traces "):
            [span, *_] = json.loads(body)["resourceSpans"][0]["scopeSpans"][0]["spans"]
            exported.append(span["traceId"])
            outcomes: dict[int, tuple[object, int]] = {
                3: ({"partialSuccess": {"rejectedSpans": "1"}}, 200),
                4: ({"message": "full"}, 429),
            }
            answer(connection, *outcomes.get(len(exported), ({}, 200)))
            return
        asked = head.split()[1].rpartition("/")[2]
        looks.append(asked)
        if len(looks) == 3:
            connection.close()
            return
        if asked == exported[1]:
            answer(connection, {"error": "not found"}, 404)
        else:
            kept = SPANS_A_BATCH - (asked == exported[4])
            answer(connection, {"spans": [{}] * kept})

    with upstreams.server(observer) as url:
        sender = Sender(Lab({"observer_url": url}))
        sender.start()
        eventually(lambda: len(sender.acknowledged) >= 5)
        sender.stop()
        assert sender.unanswered == 2
        assert not {exported[2], exported[3]} & set(sender.acknowledged)
        with pytest.raises(LabError):
            sender.missing()
        # It goes on where it was.
        assert sender.missing() == [exported[1], exported[4]]
        assert len(looks) == len(sender.acknowledged) + 1


def test_a_batch_is_stored_whole() -> None:
    spans, problems = from_json.spans(json.dumps(batch("ab" * 16)).encode())
    assert problems == []
    assert len({span.span_id for span in spans}) == SPANS_A_BATCH
    assert {span.trace_id for span in spans} == {"ab" * 16}
