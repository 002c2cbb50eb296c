"""The collection of proxies: a call that is refused leaves it as it was."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from network.control.collection import Collection
from network.errors import (
    BadRequestBody,
    ControlError,
    ListenFailed,
    MissingField,
    ProxyAlreadyExists,
    ProxyNotFound,
)
from network.proxy import Proxy
from network.stream.fate import Fate
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

UPSTREAM = "127.0.0.1:9"


@pytest_asyncio.fixture
async def proxies() -> AsyncIterator[Collection]:
    """A collection with one proxy, ``one``, that has a toxic."""
    collection = Collection(fate=Fate(1))
    one = await collection.create({"name": "one", "upstream": UPSTREAM})
    one.toxics.add({"type": "latency"})
    yield collection
    # Disabling waits until what `refuses` connected is closed.
    for name in collection.proxies:
        await collection.update(name, body={"enabled": False})
    collection.close()


def refuses(proxy: Proxy) -> bool:
    """Whether nobody listens where a proxy says that it does."""
    host, _, port = proxy.listen.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def described(collection: Collection) -> dict[str, Any]:
    return {name: proxy.as_json() for name, proxy in collection.proxies.items()}


async def test_a_proxy_is_made_enabled_unless_it_is_said_otherwise(proxies: Collection) -> None:
    two = await proxies.create({"name": "two", "upstream": UPSTREAM, "enabled": False})
    assert (proxies.get("one").enabled, two.enabled) == (True, False)
    # On loopback, and on a port of the system's choice.
    assert proxies.get("one").listen.startswith("127.0.0.1:")
    assert not proxies.get("one").listen.endswith(":0")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"upstream": UPSTREAM}, MissingField),
        ({"name": "", "upstream": UPSTREAM}, MissingField),
        ({"name": "two"}, MissingField),
        ({"name": 2, "upstream": UPSTREAM}, BadRequestBody),
        ({"name": "two", "upstream": 9}, BadRequestBody),
        ({"name": "two", "upstream": UPSTREAM, "listen": "nowhere"}, ListenFailed),
        ({"name": "two", "upstream": UPSTREAM, "enabled": "yes"}, BadRequestBody),
        ({"name": "one", "upstream": UPSTREAM}, ProxyAlreadyExists),
    ],
)
async def test_what_is_no_proxy_is_not_made(
    proxies: Collection, body: dict[str, Any], error: type[ControlError]
) -> None:
    before = described(proxies)
    with pytest.raises(error):
        await proxies.create(body)
    assert described(proxies) == before


async def test_a_taken_port_makes_no_proxy_and_moves_none(proxies: Collection) -> None:
    before = described(proxies)
    taken = proxies.get("one").listen
    with pytest.raises(ListenFailed, match="already in use"):
        await proxies.create({"name": "two", "upstream": UPSTREAM, "listen": taken})
    assert described(proxies) == before
    two = await proxies.create({"name": "two", "upstream": UPSTREAM})
    before = described(proxies)
    with pytest.raises(ListenFailed):
        await proxies.update("two", body={"listen": taken, "upstream": "127.0.0.1:10"})
    assert described(proxies) == before
    assert not refuses(two)


async def test_what_is_not_given_stays_and_a_cut_is_refused_at_once(proxies: Collection) -> None:
    before = described(proxies)["one"]
    one = await proxies.update("one", body={"enabled": False})
    assert one.as_json() == {**before, "enabled": False}
    assert refuses(one)
    assert (await proxies.update("one", body={})).enabled is False
    assert (await proxies.update("one", body={"enabled": True})).as_json() == before
    assert not refuses(one)


async def test_a_proxy_moves_while_it_listens_and_while_it_does_not(proxies: Collection) -> None:
    one = proxies.get("one")
    old = one.listen
    await proxies.update("one", body={"listen": "127.0.0.1:0", "upstream": "127.0.0.1:10"})
    assert one.listen not in (old, "127.0.0.1:0")
    assert (one.upstream, refuses(one)) == ("127.0.0.1:10", False)
    await proxies.update("one", body={"enabled": False, "listen": old})
    assert (one.listen, one.enabled) == (old, False)


async def test_a_proxy_that_is_removed_listens_no_more(proxies: Collection) -> None:
    one = proxies.get("one")
    await proxies.remove("one")
    assert refuses(one)
    with pytest.raises(ProxyNotFound):
        proxies.get("one")
    with pytest.raises(ProxyNotFound):
        await proxies.remove("one")


async def test_of_two_creates_of_one_name_at_once_one_listens(proxies: Collection) -> None:
    port = free_ports(1)[0]
    body = {"name": "two", "listen": f"localhost:{port}", "upstream": UPSTREAM}
    answers = await asyncio.gather(
        proxies.create(body), proxies.create(body), return_exceptions=True
    )
    assert [type(each) for each in answers] == [Proxy, ProxyAlreadyExists]
    await proxies.remove("two")
    await proxies.create(body)


async def test_of_two_enables_at_once_both_succeed_and_one_listens(proxies: Collection) -> None:
    port = free_ports(1)[0]
    body = {"name": "two", "listen": f"localhost:{port}", "upstream": UPSTREAM, "enabled": False}
    two = await proxies.create(body)
    assert two.listen == f"localhost:{port}"
    await asyncio.gather(*(proxies.update("two", body={"enabled": True}) for _ in range(3)))
    assert (two.enabled, two.listen) == (True, f"127.0.0.1:{port}")
    await proxies.update("two", body={"enabled": False})
    assert refuses(two)


async def test_a_proxy_that_is_removed_while_it_starts_does_not_listen(proxies: Collection) -> None:
    port = free_ports(1)[0]
    body = {"name": "two", "listen": f"localhost:{port}", "upstream": UPSTREAM, "enabled": False}
    two = await proxies.create(body)
    starting = asyncio.create_task(proxies.update("two", body={"enabled": True}))
    await asyncio.sleep(0)
    await proxies.remove("two")
    await starting
    assert (two.enabled, refuses(two)) == (False, True)


async def test_populate_that_cannot_bind_keeps_the_old_one_disabled(proxies: Collection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        body = {"name": "one", "listen": listen, "upstream": UPSTREAM}
        made: list[Proxy] = []
        with pytest.raises(ListenFailed, match=f"^listen tcp {listen}: bind: address already"):
            await proxies.populate([{"name": "a", "upstream": UPSTREAM}, body], made=made)
    one = proxies.get("one")
    assert [each.name for each in made] == ["a"]
    assert (one.enabled, len(one.toxics.all())) == (False, 1)
    await proxies.reset()
    assert (one.enabled, one.toxics.all()) == (True, [])


async def test_a_reset_goes_on_after_a_proxy_that_cannot_listen(proxies: Collection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        body = {"name": "a", "listen": listen, "upstream": UPSTREAM, "enabled": False}
        await proxies.create(body)
        await proxies.update("one", body={"enabled": False})
        with pytest.raises(ListenFailed):
            await proxies.reset()
    assert (proxies.get("a").enabled, proxies.get("one").enabled) == (False, True)


async def populated(proxies: Collection, *bodies: Mapping[str, object]) -> list[Proxy]:
    made: list[Proxy] = []
    await proxies.populate(list(bodies), made=made)
    return made


async def test_populate_leaves_what_is_the_same_and_replaces_what_is_not(
    proxies: Collection,
) -> None:
    one = proxies.get("one")
    same = {"name": "one", "listen": one.listen, "upstream": UPSTREAM}
    assert await populated(proxies, same) == [one]
    assert len(one.toxics.all()) == 1
    (other,) = await populated(proxies, {**same, "upstream": "127.0.0.1:10"})
    assert other is proxies.get("one") is not one
    assert (other.listen, other.toxics.all()) == (one.listen, [])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, BadRequestBody),
        ([1], BadRequestBody),
        ([{"name": "two", "upstream": UPSTREAM}, {"name": "three"}], MissingField),
        ([{"name": "two", "upstream": UPSTREAM}, {"upstream": UPSTREAM}], MissingField),
    ],
)
async def test_populate_makes_all_or_none(
    proxies: Collection, body: object, error: type[ControlError]
) -> None:
    with pytest.raises(error):
        await proxies.populate(body, made=[])
    assert set(proxies.proxies) == {"one"}


async def test_a_missing_field_is_said_with_its_place(proxies: Collection) -> None:
    with pytest.raises(MissingField, match="upstream at proxy 2"):
        await populated(proxies, {"name": "a", "upstream": UPSTREAM}, {"name": "b"})


async def test_reset_ends_every_cut_and_every_toxic(proxies: Collection) -> None:
    one = await proxies.update("one", body={"enabled": False, "ttl_ms": 60_000})
    assert one.revival is not None
    await proxies.reset()
    assert (one.enabled, one.toxics.all()) == (True, [])
    assert proxies.get("one").revival is None


async def test_a_later_cut_without_a_time_stays(proxies: Collection) -> None:
    one = await proxies.update("one", body={"enabled": False, "ttl_ms": 60_000})
    await proxies.update("one", body={"upstream": "127.0.0.1:10"})
    assert one.revival is not None
    await proxies.update("one", body={"enabled": False})
    assert one.revival is None


async def test_a_time_is_for_a_cut_and_not_for_a_link_that_is_up(proxies: Collection) -> None:
    one = await proxies.update("one", body={"enabled": True, "ttl_ms": 50})
    assert one.revival is None
