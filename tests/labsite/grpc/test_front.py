"""At the port of OTLP/gRPC: HTTP/2 goes on to gRPC's server, all else is answered and counted."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest
from twisted.internet import error, testing

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
    monkeypatch.setattr(Front, "callLater", made.callLater, raising=False)
    return made


def received(reactor: Any, *parts: bytes) -> Any:
    """A connection that has sent ``parts``."""
    listen(reactor, ["127.0.0.1"], 4317, upstream=5000)
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
    listen(reactor, ["127.0.0.1"], 4317, upstream=5000)
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
        listen(reactor, ["127.0.0.1"], 4317, upstream=5000)
