"""No page waits for a Redis that stands still, or is away."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from telemetry.live.redis_layer import RedisLayer
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.waiting import eventually_async

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


def saying_nothing(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


@pytest.fixture
def redis() -> Iterator[str]:
    with upstreams.server(saying_nothing) as url:
        yield url.replace("http", "redis")


async def test_a_page_gets_its_channel_while_something_else_waits_for_redis(redis: str) -> None:
    layer = RedisLayer(hosts=[redis])
    announcing = asyncio.create_task(layer.group_send("lab", {"type": "news"}))
    await asyncio.sleep(0)
    began = time.monotonic()
    channel = await layer.new_channel()
    joining = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(0)
    assert time.monotonic() - began < 1
    assert not announcing.done()
    for task in (joining, announcing):
        task.cancel()
    await asyncio.wait([joining, announcing])
    await layer.flush()


async def test_a_redis_that_is_away_ends_no_page(caplog: pytest.LogCaptureFixture) -> None:
    [port] = free_ports(1)
    layer = RedisLayer(hosts=[f"redis://127.0.0.1:{port}"])
    receiving = asyncio.create_task(layer.receive(await layer.new_channel()))
    await eventually_async(lambda: "Redis" in caplog.text)
    assert not receiving.done()
    receiving.cancel()
    await asyncio.wait([receiving])
    await layer.flush()
