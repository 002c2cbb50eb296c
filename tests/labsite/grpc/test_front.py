"""At the port of OTLP/gRPC: HTTP/2 goes on to gRPC's server, all else is answered and counted."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest
from twisted.internet import error, testing
from twisted.internet.defer import Deferred, maybeDeferred

from labsite.http import grpc_front
from labsite.http.grpc_front import Front, listen
from telemetry.errors import PortTakenError
from telemetry.refused import HTTP_TO_GRPC, REFUSED, TLS_TO_GRPC

if TYPE_CHECKING:
    from collections.abc import Sequence

# Twisted's are typed in part.
MemoryReactorClock: Any = testing.MemoryReactorClock
StringTransport: Any = testing.StringTransport
CannotListenError: Any = error.CannotListenError
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@pytest.fixture
def reactor(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = MemoryReactorClock()
    monkeypatch.setattr(Front, "reactor", made)
    monkeypatch.setattr(grpc_front, "deferToThread", maybeDeferred)
    monkeypatch.setattr(Front, "callLater", made.callLater, raising=False)
    return made


def received(reactor: Any, *parts: bytes) -> Any:
    """A connection that has sent ``parts``."""
    listen(reactor, ["127.0.0.1"], 4317, start=lambda: 5000)
    front = reactor.tcpServers[0][1].buildProtocol(None)
    transport = StringTransport()
    front.makeConnection(transport)
    for part in parts:
        front.dataReceived(part)
    return transport


def counted(code: str) -> int:
    return sum(each["count"] for each in REFUSED.listed() if each["code"] == code)


@pytest.mark.parametrize("parts", [[PREFACE], [PREFACE[:1], PREFACE[1:9], PREFACE[9:]]])
def test_http_2_goes_on_whole(reactor: Any, parts: Sequence[bytes]) -> None:
    sender = received(reactor, *parts)
    [(host, port, factory, *_)] = reactor.tcpClients
    assert (host, port, sender.disconnecting) == ("127.0.0.1", 5000, False)
    upstream: Any = factory.buildProtocol(None)
    transport = StringTransport()
    upstream.makeConnection(transport)
    assert transport.value() == PREFACE
    upstream.dataReceived(b"answer")
    assert sender.value() == b"answer"


def test_those_who_come_while_the_server_starts_wait_for_it(
    reactor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting: Any = Deferred()
    monkeypatch.setattr(grpc_front, "deferToThread", lambda _: starting)
    listen(reactor, ["127.0.0.1"], 4317, start=lambda: 5000)
    fronts = [reactor.tcpServers[0][1].buildProtocol(None) for _ in range(3)]
    senders = [StringTransport() for _ in fronts]
    for front, sender in zip(fronts, senders, strict=True):
        front.makeConnection(sender)
        front.dataReceived(PREFACE)
    assert [each.producerState for each in senders] == ["paused"] * 3
    fronts[1].connected = 0
    assert reactor.tcpClients == []
    starting.callback(5000)
    assert [(host, port) for host, port, *_ in reactor.tcpClients] == [("127.0.0.1", 5000)] * 2


def test_a_server_that_can_not_start_is_tried_again_for_the_next_one(
    reactor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ports: list[int] = []

    def start() -> int:
        ports.append(5000)
        if len(ports) == 1:
            raise OSError("no descriptor is left")
        return ports[-1]

    listen(reactor, ["127.0.0.1"], 4317, start=start)
    senders = [StringTransport() for _ in range(2)]
    for sender in senders:
        front = reactor.tcpServers[0][1].buildProtocol(None)
        front.makeConnection(sender)
        front.dataReceived(PREFACE)
    assert [each.disconnecting for each in senders] == [True, False]
    assert "can't be started: no descriptor is left" in caplog.text
    assert len(reactor.tcpClients) == 1


def test_http_1_is_answered_where_to_go_and_counted(reactor: Any) -> None:
    before = counted(HTTP_TO_GRPC)
    sender = received(reactor, b"POST /v1/traces HTTP/1.1\r\n")
    assert sender.value().startswith(b"HTTP/1.1 400 ")
    assert b"OTLP/HTTP has a port of its own" in sender.value()
    assert sender.disconnecting
    assert counted(HTTP_TO_GRPC) == before + 1
    assert not reactor.tcpClients


def test_tls_is_counted_apart(reactor: Any) -> None:
    before = counted(TLS_TO_GRPC)
    sender = received(reactor, b"\x16\x03\x01\x02\x00")
    assert (sender.value(), sender.disconnecting) == (b"", True)
    assert counted(TLS_TO_GRPC) == before + 1


def test_who_says_nothing_is_sent_away(reactor: Any) -> None:
    sender = received(reactor, PREFACE[:3])
    reactor.advance(11)
    assert sender.disconnecting


def test_of_too_many_connections_the_one_that_was_silent_for_longest_is_told_and_ended(
    reactor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grpc_front, "MAX_CONNECTIONS", 3)
    listen(reactor, ["127.0.0.1"], 4317, start=lambda: 5000)
    factory = reactor.tcpServers[0][1]
    fronts = [factory.buildProtocol(None) for _ in range(5)]
    senders = [StringTransport() for _ in fronts]
    for front, sender in zip(fronts[:3], senders, strict=False):
        front.makeConnection(sender)
        front.dataReceived(PREFACE)
        upstream: Any = reactor.tcpClients[-1][2].buildProtocol(None)
        upstream.makeConnection(StringTransport())
    fronts[0].dataReceived(b"more")
    fronts[3].makeConnection(senders[3])
    assert [each.disconnecting for each in senders] == [False, True, False, False, False]
    length, kind, flags, stream = struct.unpack("!IBBI", b"\0" + senders[1].value()[:9])
    assert (length, kind, flags, stream) == (len(senders[1].value()) - 9, 7, 0, 0)
    assert b"of over 3 connections this one rests" in senders[1].value()
    # One that has gone makes room by itself.
    fronts[1].connectionLost(None)
    fronts[2].connectionLost(None)
    fronts[4].makeConnection(senders[4])
    assert [each.disconnecting for each in senders] == [False, True, False, False, False]


def test_a_port_that_is_taken_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    reactor = MemoryReactorClock()

    def refuse(port: int, *_: object, **__: object) -> None:
        raise CannotListenError("127.0.0.1", port, OSError("in use"))

    monkeypatch.setattr(reactor, "listenTCP", refuse)
    with pytest.raises(PortTakenError):
        listen(reactor, ["127.0.0.1"], 4317, start=lambda: 5000)
