"""Without OTLP/gRPC's port, or its package, the lab starts all the same, and says what to do."""

from __future__ import annotations

import socket
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from base.env import ENV
from base.process.listening import LOOPBACK, loopback_addresses
from labsite import serving
from labsite.http import grpc_front
from labsite.management.commands import lab
from telemetry.errors import PortTakenError
from telemetry.refused import GRPC_MISSING, GRPC_PORT_TAKEN, REFUSED
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port, which both the command and the observer are to listen on."""
    [found] = free_ports(1)
    changed = replace(ENV, ports=replace(ENV.ports, otlp_grpc=found))
    monkeypatch.setattr(lab, "ENV", changed)
    monkeypatch.setattr(serving, "ENV", changed)
    return found


@pytest.fixture(params=["127.0.0.1", "::1"])
def taken(port: int, request: pytest.FixtureRequest) -> Iterator[None]:
    """Another program that listens on it, on one of the loopback addresses."""
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        listener = socket.create_server((request.param, port), family=family)
    except OSError:
        pytest.skip("there is no such address")
    with listener:
        yield


def command_says() -> tuple[int, str]:
    errors = StringIO()
    command = lab.Command(stderr=errors)
    return command._otlp_grpc_port(), errors.getvalue()


def test_a_port_that_is_free_is_used(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    listening: list[object] = []
    monkeypatch.setattr(grpc_front, "listen", lambda *where, **_: listening.extend(where[1:]))
    assert command_says() == (port, "")
    serving._listen_for_grpc()()
    assert listening == [loopback_addresses(LOOPBACK[0]), port]


@pytest.mark.usefixtures("taken")
def test_of_a_port_that_is_taken_the_terminal_says_what_to_do(port: int) -> None:
    used, said = command_says()
    assert used == port
    assert f"Port {port}, OTLP/gRPC's usual one, is taken (LAB_PORT_OTLP_GRPC" in said
    assert "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf" in said


def test_the_page_says_of_a_port_that_is_taken_what_to_do(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listen(*_: object, **__: object) -> None:
        raise PortTakenError("taken")

    monkeypatch.setattr(grpc_front, "listen", listen)
    serving._listen_for_grpc()
    assert (GRPC_PORT_TAKEN, str(port)) in REFUSED.recent()


def test_without_grpcio_the_terminal_says_so(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "find_spec", lambda _: None)
    used, said = command_says()
    assert used == port
    assert "for want of the package grpcio" in said


def test_without_grpcio_the_page_says_so(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda _: None)
    serving._listen_for_grpc()
    assert (GRPC_MISSING, str(port)) in REFUSED.recent()


def test_port_0_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(ENV, ports=replace(ENV.ports, otlp_grpc=0))
    monkeypatch.setattr(lab, "ENV", changed)
    monkeypatch.setattr(serving, "ENV", changed)
    assert command_says() == (0, "")
    monkeypatch.setattr(grpc_front, "listen", None)
    serving._listen_for_grpc()
