"""Thousands of connections at a time, each of which gets its own words back."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.network.rig import Rig, rig
from tests.support.processes import descriptors_of
from tests.support.waiting import eventually_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

resource = pytest.importorskip("resource", reason="this system has no limit of open files")

CONNECTIONS = 2_000
IDLE = 5_000
BASE_MEGABYTES = 60
KILOBYTES_EACH = 10
FILES_AT_REST = 50
USUAL_FILES = 1_024


@pytest.mark.timeout(60)
async def test_thousands_of_connections_are_carried() -> None:
    async with many(CONNECTIONS) as (link, opened):
        back = await asyncio.gather(*(_talk(*pair, n) for n, pair in enumerate(opened)))
        assert back == list(range(CONNECTIONS))
        await asyncio.gather(*(_close(writer) for _, writer in opened))
        assert link.call("GET", "/proxies").ok


@pytest.mark.long
@pytest.mark.timeout(120)
async def test_idle_connections_take_little_memory_and_leave_no_descriptor() -> None:
    async with many(IDLE) as (link, opened):
        process = psutil.Process(link.pid)
        await asyncio.gather(*(_talk(*pair, n) for n, pair in enumerate(opened)))
        # A caller's socket and the upstream's, with some 5 KB for both.
        assert descriptors_of(process) > 2 * IDLE
        assert process.memory_info().rss < (BASE_MEGABYTES + IDLE * KILOBYTES_EACH / 1_000) * 1e6
        await asyncio.gather(*(_close(writer) for _, writer in opened))
        await eventually_async(
            lambda: descriptors_of(process) < FILES_AT_REST, said=lambda: descriptors_of(process)
        )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows another process's limit")
def test_it_may_have_more_connections_than_files_are_usual() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, USUAL_FILES), hard))
    try:
        with rig() as link:
            assert resource.prlimit(link.pid, resource.RLIMIT_NOFILE)[0] > USUAL_FILES
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def many(
    connections: int,
) -> AsyncIterator[tuple[Rig, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]]:
    """Open connections over a link to an upstream that echoes."""
    wanted = connections * 3
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this system allows a process {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    ended = asyncio.Semaphore(0)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        await _close(writer)
        ended.release()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=connections)
    port = server.sockets[0].getsockname()[1]
    with rig() as link:
        moved = link.call("POST", "/proxies/one", {"upstream": f"127.0.0.1:{port}"})
        assert moved.status_code == 200
        opened = [await asyncio.open_connection("127.0.0.1", link.port) for _ in range(connections)]
        yield link, opened
        for _ in range(connections):
            await ended.acquire()
    server.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    await writer.wait_closed()


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> int:
    writer.write(b"%08d" % number)
    return int(await reader.readexactly(8))
