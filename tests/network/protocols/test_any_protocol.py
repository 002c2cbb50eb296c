"""Clients of the ecosystem pass through a link unharmed, and meet a fault as their own errors."""

from __future__ import annotations

import os
import random
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis

from tests.network.protocols.sessions import PostgresSession, RedisSession, Spoken, spoken
from tests.network.rig import Rig, rig
from tests.support.servers import Servers, programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.network.protocols.sessions import Session

LATENCY_MS = 60
DATABASES = {"redis": "redis-server", "postgresql": "pg_ctl"}
PROTOCOLS = ["websocket", "http1", "http2", "tls", *DATABASES]

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Redis, once for this file."""
    with Servers() as started:
        yield started


@pytest.fixture(scope="module")
def link() -> Iterator[Rig]:
    with rig() as made:
        yield made


@pytest.fixture(params=PROTOCOLS)
def protocol(
    request: pytest.FixtureRequest, link: Rig, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Spoken]:
    """A protocol, its server behind the link."""
    name: str = request.param
    chosen = _database(request, name) if name in DATABASES else None
    if chosen is None:
        chosen = spoken(tmp_path_factory.mktemp("tls"))[name]
    with chosen.serve() as port:
        moved = link.call("PATCH", "/proxies/one", {"upstream": f"127.0.0.1:{port}"})
        assert moved.ok, moved.text
        yield chosen
    assert link.call("POST", "/reset").status_code == 204


def _database(request: pytest.FixtureRequest, name: str) -> Spoken:
    if os.name == "nt" or not all(programs().values()):
        pytest.skip(f"{DATABASES[name]} is not installed")
    servers: Servers = request.getfixturevalue("servers")

    @contextmanager
    def serve() -> Iterator[int]:
        yield servers.redis_port if name == "redis" else servers.postgres_port

    if name == "redis":
        return Spoken(serve, RedisSession, (redis.RedisError,))
    return Spoken(serve, PostgresSession, (psycopg.Error,))


def connected(protocol: Spoken, link: Rig) -> closing[Session]:
    return closing(protocol.connect(link.port))


def test_whatever_is_said_comes_back_unchanged(protocol: Spoken, link: Rig) -> None:
    seeded = random.Random(1)  # noqa: S311 - chance that must repeat is the point
    with connected(protocol, link) as session:
        for _ in range(100):
            text = seeded.randbytes(seeded.randint(1, 25_000)).hex()
            assert session.echo(text) == text


def test_a_slow_link_answers_late_and_right(protocol: Spoken, link: Rig) -> None:
    with connected(protocol, link) as session:
        name = link.toxic("latency", "downstream", latency=LATENCY_MS)
        began = time.monotonic()
        assert session.echo("late") == "late"
        assert time.monotonic() - began >= LATENCY_MS / 1000
        link.heal(name)
        assert session.echo("in time") == "in time"


def test_a_cut_in_the_middle_is_the_clients_own_error_and_ends_with_the_cut(
    protocol: Spoken, link: Rig
) -> None:
    with connected(protocol, link) as session:
        assert session.echo("before") == "before"
        assert link.call("PATCH", "/proxies/one", {"enabled": False}).ok
        with pytest.raises(protocol.failures):
            session.echo("cut")
        with pytest.raises(protocol.failures):
            protocol.connect(link.port)
        assert link.call("PATCH", "/proxies/one", {"enabled": True}).ok
    with connected(protocol, link) as session:
        assert session.echo("after") == "after"


def test_a_reset_in_the_middle_is_the_clients_own_error_and_ends_with_the_toxic(
    protocol: Spoken, link: Rig
) -> None:
    with connected(protocol, link) as session:
        assert session.echo("before") == "before"
        name = link.toxic("reset_peer", "upstream")
        with pytest.raises(protocol.failures):
            session.echo("reset")
        link.heal(name)
    with connected(protocol, link) as session:
        assert session.echo("after") == "after"
