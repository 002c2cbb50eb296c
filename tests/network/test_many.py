"""Thousands of connections at a time, each of which gets its own words back."""

from __future__ import annotations

import asyncio

import pytest

from tests.network.rig import rig

resource = pytest.importorskip("resource", reason="this system has no limit of open files")

CONNECTIONS = 2_000


@pytest.mark.timeout(60)
async def test_thousands_of_connections_are_carried() -> None:
    wanted = CONNECTIONS * 3
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this system allows a process {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    server = await asyncio.start_server(_echo, "127.0.0.1", 0, backlog=CONNECTIONS)
    port = server.sockets[0].getsockname()[1]
    with rig() as link:
        moved = link.ask("POST", "/proxies/one", {"upstream": f"127.0.0.1:{port}"})
        assert moved.status_code == 200
        opened = [await asyncio.open_connection("127.0.0.1", link.port) for _ in range(CONNECTIONS)]
        back = await asyncio.gather(*(_talk(*pair, n) for n, pair in enumerate(opened)))
        assert back == list(range(CONNECTIONS))
        for _, writer in opened:
            writer.close()
    server.close()


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> int:
    writer.write(b"%08d" % number)
    return int(await reader.readexactly(8))
