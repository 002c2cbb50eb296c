"""A link that was cut for a time comes back, though its port is taken at first."""

from __future__ import annotations

import asyncio
import socket

import pytest

from base import loops
from base.process.listening import LOOPBACK, loopback_addresses
from network.control.collection import Collection
from network.errors import ListenFailed
from network.stream.fate import Fate
from tests.support.ports import free_ports
from tests.support.waiting import eventually


async def test_a_cut_ends_as_soon_as_its_port_is_free_again() -> None:
    collection = Collection(fate=Fate(1))
    proxy = await collection.create({"name": "one", "upstream": "127.0.0.1:9"})
    host, _, port = proxy.listen.partition(":")
    await collection.update("one", body={"enabled": False, "ttl_ms": 50})
    with socket.socket() as other:
        other.bind((host, int(port)))
        other.listen()
        await asyncio.to_thread(eventually, lambda: loops.errors().get("end-of-cut"))
        assert proxy.as_json()["enabled"] is False
    await asyncio.to_thread(eventually, lambda: proxy.enabled)
    await asyncio.to_thread(eventually, lambda: proxy.revival is None)
    collection.close()


@pytest.mark.skipif(LOOPBACK[1] not in loopback_addresses(LOOPBACK[0]), reason="there is no ::1")
async def test_a_port_that_is_taken_at_the_other_loopback_address_is_noticed() -> None:
    collection = Collection(fate=Fate(1), ipv6=True)
    [port] = free_ports(1)
    body = {"name": "one", "listen": f"127.0.0.1:{port}", "upstream": "127.0.0.1:9"}
    with (
        socket.create_server((LOOPBACK[1], port), family=socket.AF_INET6),
        pytest.raises(ListenFailed, match=r"\[::1\]:\d+: bind: address already in use"),
    ):
        await collection.create(body)
    # Nothing of the attempt is left.
    await collection.create(body)
    collection.close()


async def test_a_link_that_is_enabled_by_hand_is_not_revived_again() -> None:
    collection = Collection(fate=Fate(1))
    await collection.create({"name": "one", "upstream": "127.0.0.1:9"})
    await collection.update("one", body={"enabled": False, "ttl_ms": 60_000})
    assert "end-of-cut" in [each.name for each in loops.health()]
    proxy = await collection.update("one", body={"enabled": True})
    await asyncio.sleep(0)
    assert proxy.enabled
    assert "end-of-cut" not in [each.name for each in loops.health()]
    collection.close()
