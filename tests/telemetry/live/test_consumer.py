"""A page gets everything after its cursor, whatever one reading or one sending meets."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.db import OperationalError, connections

from base import loops
from telemetry.live import feed
from telemetry.live.feed import LiveConsumer, Pages
from telemetry.reading import queries
from telemetry.records import LogRecord, Resource, Span

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telemetry.store.writer import Writer

pytestmark = pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True)
SECONDS = 10


def span(number: int) -> Span:
    return Span(
        trace_id="a" * 32,
        span_id=f"{number:016x}",
        name="GET /",
        start_time_unix_nano=1_000,
        end_time_unix_nano=5_000,
        resource=Resource({"service.name": "shop"}),
    )


@asynccontextmanager
async def page(query: str = "") -> AsyncIterator[WebsocketCommunicator]:
    """Open a page that follows."""
    application: Any = LiveConsumer.as_asgi()
    opened = WebsocketCommunicator(application, f"/ws/live{query}")
    connected, _ = await opened.connect(timeout=SECONDS)
    assert connected
    yield opened
    await opened.disconnect(timeout=SECONDS)


async def store(writer: Writer, *numbers: int) -> None:
    await asyncio.wrap_future(writer.submit([span(number) for number in numbers], []))


async def announce(cursor: int) -> None:
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(feed.TELEMETRY_GROUP, {"type": "telemetry.batch", "cursor": cursor})


async def receive(opened: WebsocketCommunicator) -> dict[str, Any]:
    frame: dict[str, Any] = await opened.receive_json_from(timeout=SECONDS)
    return frame


def ids(frame: dict[str, Any]) -> list[str]:
    assert frame["type"] == "batch"
    return [each["spanId"] for each in frame["spans"]]


async def test_it_sends_what_is_stored_after_the_page_has_come(writer: Writer) -> None:
    await store(writer, 1)
    async with page() as opened:
        hello = await receive(opened)
        assert (hello["type"], hello["cursor"], hello["gap"]) == ("hello", 1, False)
        await store(writer, 2, 3)
        await announce(3)
        frame = await receive(opened)
    assert ids(frame) == [span(2).span_id, span(3).span_id]
    assert frame["cursor"] == 3


async def test_it_begins_after_the_cursor_that_the_page_names(writer: Writer) -> None:
    await store(writer, 1, 2)
    async with page("?cursor=1") as opened:
        assert (await receive(opened))["gap"] is False
        assert ids(await receive(opened)) == [span(2).span_id]


async def test_a_cursor_beyond_what_is_stored_is_a_gap(writer: Writer) -> None:
    await store(writer, 1)
    async with page("?cursor=99") as opened:
        hello = await receive(opened)
    assert (hello["cursor"], hello["gap"]) == (1, True)


async def test_a_cursor_that_is_no_number_is_refused() -> None:
    async with page("?cursor=x") as opened:
        assert await opened.receive_output(timeout=SECONDS) == {
            "type": "websocket.close",
            "code": 4400,
        }


async def test_a_flood_comes_in_several_frames_with_nothing_missed(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_FRAME_RECORDS", 4)
    await store(writer, *range(1, 11))
    async with page("?cursor=0") as opened:
        await receive(opened)
        frames = [await receive(opened) for _ in range(3)]
    assert [each for frame in frames for each in ids(frame)] == [
        span(number).span_id for number in range(1, 11)
    ]


async def test_a_page_is_sent_what_it_shows_at_once_however_large_a_record_is(
    writer: Writer,
) -> None:
    huge = "x" * 1_000_000
    shop = Resource({"service.name": "shop", "of": huge})
    given = {"lab.boundary": "shop->bank", "request.id": "r-1", "error.type": "reset", "of": huge}
    large = Span("a" * 32, "b" * 16, f"GET {huge}", 1_000, attributes=given, resource=shop)
    many = {f"field {number}": huge[:2_000] for number in range(200)} | {"nested": [huge]}
    line = LogRecord(5, trace_id="a" * 32, body=huge, attributes={"n": 3, **many}, resource=shop)
    await asyncio.wrap_future(writer.submit([large], [line]))
    async with page("?cursor=0") as opened:
        await receive(opened)
        frame = await receive(opened)
    assert len(json.dumps(frame)) < 64_000
    [sent], [log] = frame["spans"], frame["logs"]
    assert (sent["attributes"], sent["requestId"]) == ({"lab.boundary": "shop->bank"}, "r-1")
    assert (sent["traceId"], sent["errorKind"]) == ("a" * 32, "reset")
    assert (log["attributes"]["n"], log["service"]) == (3, "shop")
    assert huge.startswith(log["msg"])


async def test_it_passes_on_what_other_rooms_announce() -> None:
    layer = get_channel_layer()
    assert layer is not None
    event = {"type": "faults", "faults": []}
    async with page() as opened:
        await receive(opened)
        await layer.group_send(feed.LAB_GROUP, {"type": "lab.event", "event": event})
        assert await receive(opened) == event


async def test_a_reading_that_fails_is_tried_again(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = queries.records_after
    failures = iter([OperationalError("database is locked"), ValueError("no such marker")])

    def flaky(cursor: int, *, limit: int) -> Any:
        error = next(failures, None)
        if error is not None:
            raise error
        return read(cursor, limit=limit)

    monkeypatch.setattr(queries, "records_after", flaky)
    await store(writer, 1)
    async with page("?cursor=0") as opened:
        await receive(opened)
        assert ids(await receive(opened)) == [span(1).span_id]
        await store(writer, 2)
        await announce(2)
        assert ids(await receive(opened)) == [span(2).span_id]


async def test_a_page_reads_on_when_the_announcement_did_not_reach_it(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_look_seconds", lambda _layer: 0.05)
    async with page("?cursor=0") as opened:
        await receive(opened)
        await store(writer, 1)
        assert ids(await receive(opened)) == [span(1).span_id]


async def test_a_reading_that_failed_leaves_no_broken_connection_to_the_next() -> None:
    def fail() -> None:
        connections["telemetry"].ensure_connection()
        raise OperationalError("the server closed the connection")

    with pytest.raises(OperationalError):
        await feed._read(fail)
    assert await feed._read(lambda: connections["telemetry"].connection) is None


async def test_nothing_follows_for_a_page_that_has_gone() -> None:
    async with page() as opened:
        await receive(opened)
        assert "live-page" in [each.name for each in loops.health()]
    assert "live-page" not in [each.name for each in loops.health()]


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    made = Pages()
    made.served_by(asyncio.get_running_loop())
    made.start()
    yield made
    await sync_to_async(made.stop)()


async def test_what_is_announced_reaches_a_page_in_order(pages: Pages) -> None:
    async with page() as opened:
        await receive(opened)
        for number in range(5):
            pages.announce({"type": "run", "number": number})
        assert [(await receive(opened))["number"] for _ in range(5)] == [0, 1, 2, 3, 4]


async def test_a_page_that_may_have_missed_news_comes_again(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([ConnectionError("redis is away")])
    find = get_channel_layer

    def flaky() -> Any:
        error = next(failures, None)
        if error is not None:
            raise error
        return find()

    monkeypatch.setattr(feed, "PAGES", pages)
    monkeypatch.setattr(feed, "_look_seconds", lambda _layer: 0.05)
    monkeypatch.setattr(feed, "_HEARD_AGAIN_SECONDS", 0.0)
    async with page() as opened:
        await receive(opened)
        monkeypatch.setattr(feed, "get_channel_layer", flaky)
        pages.announce({"type": "faults", "faults": []})
        assert (await receive(opened))["type"] == "faults"
        closed = await opened.receive_output(timeout=SECONDS)
        assert (closed["type"], closed["code"]) == ("websocket.close", 4012)
    async with page() as opened:
        await receive(opened)
        assert await opened.receive_nothing(timeout=0.3)


async def test_news_that_could_not_be_sent_are_sent_again(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([ConnectionError("redis is away"), ConnectionError("redis is away")])
    find = get_channel_layer

    def flaky() -> Any:
        error = next(failures, None)
        if error is not None:
            raise error
        return find()

    monkeypatch.setattr(feed, "get_channel_layer", flaky)
    async with page() as opened:
        await receive(opened)
        pages.announce({"type": "faults", "faults": []})
        assert (await receive(opened))["type"] == "faults"


async def test_it_says_which_traces_are_of_health_checks(writer: Writer) -> None:
    async with page() as opened:
        await receive(opened)
        check = Span("b" * 32, "1" * 16, "GET /healthz", 1_000, 5_000)
        await asyncio.wrap_future(writer.submit([span(1), check], []))
        await announce(2)
        frame = await receive(opened)
        assert (len(frame["spans"]), frame["probes"]) == (2, ["b" * 32])
