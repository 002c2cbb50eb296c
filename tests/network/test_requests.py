"""A toxic with ``match`` is meant for some requests of a connection, and for their answers."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import strategies as st

from network.direction import DOWNSTREAM, UPSTREAM
from network.errors import BadRequestBody
from network.http_request import Request
from network.requests.exchanges import Exchanges
from network.requests.match import Match, read_match
from tests.network.rig import Rig, is_reset, rig, talk
from tests.support.properties import for_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from network.direction import Direction
    from network.requests.splitter import Part

GET = b"GET /a?x=/b HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /jobs/7 HTTP/1.1\r\nX-User: 7\r\nContent-Length: 5\r\n\r\nGET /"
CHUNKED = (
    b"PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;ext\r\nGET /\r\n11\r\n HTTP/1.1\r\n\r\n1234\r\n0\r\nX-Sum: 1\r\n\r\n"
)
HEAD = b"HEAD /h HTTP/1.1\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
OF_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
LONG = b"HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nuntil the end"


def labelled(pieces: Callable[[bytes], Iterator[bytes]], requests: bytes, answers: bytes) -> Any:
    """The bytes of both directions, joined by the path of the request that they are of."""
    exchanges = Exchanges()
    found: list[list[tuple[str, bytes]]] = []
    for stream, data in ((UPSTREAM, requests), (DOWNSTREAM, answers)):
        joined: list[tuple[str, bytes]] = []
        for piece in pieces(data):
            for part in exchanges.feed(stream, piece):
                path = part.request.path if part.request else ""
                if joined and joined[-1][0] == path:
                    joined[-1] = (path, joined[-1][1] + part.data)
                else:
                    joined.append((path, part.data))
        kept = exchanges.flush(stream)
        assert b"".join(each for _, each in joined) + kept == data
        found.append(joined)
    return found


def whole(data: bytes) -> Iterator[bytes]:
    yield data


def byte_by_byte(data: bytes) -> Iterator[bytes]:
    for at in range(len(data)):
        yield data[at : at + 1]


def by_chance(data: bytes) -> Iterator[bytes]:
    seeded = random.Random(3)  # noqa: S311 - chance that must repeat is the point
    while data:
        size = seeded.randint(1, 12)
        yield data[:size]
        data = data[size:]


@pytest.mark.parametrize("pieces", [whole, byte_by_byte, by_chance])
def test_each_byte_is_of_its_request_however_it_comes(
    pieces: Callable[[bytes], Iterator[bytes]],
) -> None:
    requests, answers = labelled(
        pieces, GET + POST + CHUNKED + HEAD + GET, OK + CONTINUE + OK + EMPTY + OF_HEAD + LONG
    )
    assert requests == [
        ("/a", GET),
        ("/jobs/7", POST),
        ("/c", CHUNKED),
        ("/h", HEAD),
        ("/a", GET),
    ]
    assert answers == [
        ("/a", OK),
        ("/jobs/7", CONTINUE + OK),
        ("/c", EMPTY),
        ("/h", OF_HEAD),
        ("/a", LONG),
    ]


def pieces_of(exchanges: Exchanges, stream: Direction, data: bytes) -> list[bytes | None]:
    """What the bytes of a direction are labelled with: a piece that was sent, or nothing."""
    found = [part.request for part in exchanges.feed(stream, data)]
    assert not any(each and each.method for each in found)
    return [each.data if each else None for each in found]


def test_what_is_no_http_any_more_is_of_the_piece_that_was_sent() -> None:
    upgrade = b"GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
    switched = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    exchanges = Exchanges()
    assert exchanges.feed(UPSTREAM, upgrade)[0].request is not None
    exchanges.feed(DOWNSTREAM, switched + OK)
    assert pieces_of(exchanges, UPSTREAM, GET + GET) == [GET + GET]
    assert pieces_of(exchanges, DOWNSTREAM, OK) == [GET + GET]


@pytest.mark.parametrize("data", [b"\x16\x03\x01", b"*1\r\n$4\r\nPING\r\n", b"PING\r\n"])
def test_other_protocols_pass_at_once(data: bytes) -> None:
    exchanges = Exchanges()
    assert pieces_of(exchanges, DOWNSTREAM, data) == [None]
    assert pieces_of(exchanges, UPSTREAM, data) == [data]
    assert pieces_of(exchanges, DOWNSTREAM, data) == [data]


def test_in_the_middle_of_a_message_the_next_one_is_waited_for() -> None:
    exchanges = Exchanges()
    assert pieces_of(exchanges, UPSTREAM, b"the rest of a body") == [b"the rest of a body"]
    assert labels_path(exchanges.feed(UPSTREAM, GET)) == ["/a"]


def labels_path(parts: list[Part]) -> list[str]:
    return [each.request.path if each.request else "" for each in parts]


OF_HTTP = st.sampled_from(
    [
        GET,
        POST,
        CHUNKED,
        HEAD,
        OK,
        CONTINUE,
        EMPTY,
        OF_HEAD,
        LONG,
        b"GET ",
        b"HTTP/1.1",
        b"\r\n\r\n",
    ]
)


@for_all(st.lists(OF_HTTP | st.binary(max_size=9), max_size=20), examples=100)
def test_no_byte_is_lost_or_moved_whatever_comes(pieces: list[bytes]) -> None:
    exchanges = Exchanges()
    for stream in (UPSTREAM, DOWNSTREAM):
        passed = b"".join(
            part.data for piece in pieces if piece for part in exchanges.feed(stream, piece)
        )
        assert passed + exchanges.flush(stream) == b"".join(pieces)


REQUEST = Request("POST", "/jobs/7", {"x-user": "alice", "empty": ""})


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(), True),
        (Match(method="post"), True),
        (Match(method="GET"), False),
        (Match(path="/jobs/*"), True),
        (Match(path="/jobs"), False),
        (Match(header="X-User"), True),
        (Match(header="x-user: al*"), True),
        (Match(header="x-user: bob"), False),
        (Match(header="empty"), True),
        (Match(header="missing"), False),
        (Match(method="POST", path="/jobs/?", header="x-user: alice"), True),
        (Match(contains="jobs"), False),
    ],
)
def test_a_request_fits_by_method_path_and_header(match: Match, fits: bool) -> None:
    assert match.fits(REQUEST) is fits


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(contains="COMMIT"), True),
        (Match(contains="ROLLBACK"), False),
        (Match(every=2), True),
        (Match(path="*"), False),
        (Match(contains="COMMIT", method="POST"), False),
    ],
)
def test_a_piece_of_another_protocol_fits_by_what_it_contains(match: Match, fits: bool) -> None:
    assert match.fits(Request("", "", {}, data=b"Q\x00\x00\x00\x0bCOMMIT\x00")) is fits


@pytest.mark.parametrize(
    ("match", "taken"),
    [
        (Match(first=2), [True, True, False, False, False, False]),
        (Match(every=3), [True, False, False, True, False, False]),
        (Match(every=2, first=2), [True, False, True, False, False, False]),
        (Match(share=0), [False] * 6),
    ],
)
def test_of_those_that_fit_a_part_is_meant(match: Match, taken: list[bool]) -> None:
    chance = random.Random(1)  # noqa: S311 - chance that must repeat is the point
    assert [match.takes(ordinal, chance) for ordinal in range(6)] == taken


@pytest.mark.parametrize(
    "given",
    [
        {"share": 2},
        {"first": -1},
        {"every": 0},
        {"path": 1},
        {"paths": "/x"},
        {"share": None, "x": 1},
    ],
)
def test_a_match_that_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(BadRequestBody):
        read_match({"match": given})


@pytest.fixture(scope="module")
def link() -> Iterator[Rig]:
    with rig("http") as made:
        yield made


@pytest.fixture
def caller(link: Rig) -> Iterator[httpx.Client]:
    """A client that keeps its connection; the link is as it was afterwards."""
    with httpx.Client(base_url=link.url, timeout=5, trust_env=False) as client:
        yield client
    assert link.call("POST", "/reset").status_code == 204


def add(link: Rig, kind: str, stream: str, match: dict[str, Any], **attributes: float) -> Any:
    body = {"type": kind, "stream": stream, "match": match, "attributes": attributes}
    made = link.call("POST", "/proxies/one/toxics", body)
    assert made.status_code == 200, made.text
    return made.json()


def test_only_the_chosen_requests_are_answered_by_the_link(link: Rig, caller: httpx.Client) -> None:
    match = {"method": "POST", "path": "/jobs/*"}
    shown = add(link, "http_status", "upstream", match, status=404)
    assert shown["match"] == match
    statuses = [caller.post(path).status_code for path in ("/jobs/1", "/other", "/jobs/2")]
    assert [*statuses, caller.get("/jobs/3").status_code] == [404, 200, 404, 200]


def test_the_first_fail_and_then_the_link_has_healed(link: Rig, caller: httpx.Client) -> None:
    add(link, "http_status", "downstream", {"first": 2}, status=503)
    assert [caller.post("/").status_code for _ in range(4)] == [503, 503, 200, 200]


def test_one_in_so_many_is_reset(link: Rig, caller: httpx.Client) -> None:
    add(link, "reset_peer", "upstream", {"every": 3})
    seen = []
    for _ in range(6):
        try:
            seen.append(caller.post("/").status_code)
        except httpx.TransportError:
            seen.append(0)
    assert seen == [0, 200, 200, 0, 200, 200]


@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_only_the_chosen_requests_are_slow_on_a_connection_that_is_kept(
    link: Rig, caller: httpx.Client, stream: str
) -> None:
    assert caller.get("/before").status_code == 200
    add(link, "latency", stream, {"path": "/slow"}, latency=200)
    took = []
    for path in ("/quick", "/slow", "/quick"):
        began = time.monotonic()
        assert caller.post(path, content=b"x" * 2_000).status_code == 200
        took.append(time.monotonic() - began >= 0.2)
    assert took == [False, True, False]


def test_the_same_seed_takes_the_same_share_of_requests() -> None:
    def seen(seed: int) -> list[int]:
        with rig("http", seed=seed) as link, httpx.Client(base_url=link.url) as client:
            add(link, "http_status", "upstream", {"share": 0.5}, status=500)
            return [client.post("/").status_code for _ in range(20)]

    first = seen(1)
    assert 3 < first.count(500) < 17
    assert seen(1) == first != seen(2)


def test_the_answer_to_a_piece_with_a_text_is_lost_once() -> None:
    with rig("echo") as link, link.connect() as first, link.connect() as second:
        body = {
            "type": "reset_peer",
            "stream": "downstream",
            "match": {"contains": "COMMIT", "first": 1},
        }
        assert link.call("POST", "/proxies/one/toxics", body).ok
        for connection in (first, second):
            assert talk(connection, b"BEGIN;")[0] == b"BEGIN;"
        first.sendall(b"COMMIT;")
        assert is_reset(first)
        # It had arrived all the same.
        assert b"COMMIT;" in b"".join(bytes(each) for each in link.upstream.got)
        assert talk(second, b"COMMIT;")[0] == b"COMMIT;"
