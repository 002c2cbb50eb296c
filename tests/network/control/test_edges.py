"""Answers of Toxiproxy 2.12 at the edges: nulls, letter case, noop, unclean paths, HTTP/1.0."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.network.control.test_answers import (
    CREATED,
    LATENCY,
    OFF,
    ON,
    SLOWED,
    TOXIC,
    TOXICS,
    TWO,
    UP,
    Row,
    bad,
    check,
    error,
    exchange,
    go,
)
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from tests.network.rig import Rig

pytestmark = pytest.mark.usefixtures("as_it_was")

ROWS = {
    "an unclean path": Row(("GET", "//version", ""), 301, content_type="", location="/version"),
    "an unclean path with a query": Row(
        ("GET", "/proxies/two//toxics?a=b", ""),
        301,
        content_type="",
        location="/proxies/two/toxics?a=b",
    ),
    "a path that goes up": Row(
        ("POST", "/proxies/../version/.", "{}"), 301, content_type="", location="/version"
    ),
    "a slash at its end stays": Row(
        ("DELETE", "/./proxies/x%20y/", ""), 301, content_type="", location="/proxies/x%20y/"
    ),
    "a path above the root": Row(("GET", "/..", ""), 301, content_type="", location="/"),
    "create with nulls": Row(
        ("POST", "/proxies", TWO[:-1] + ',"enabled":null,"toxics":null}'), 201, ON
    ),
    "create with a null for its name": error(
        ("POST", "/proxies", f'{{"name":null,{UP}}}'), 400, "missing required field: name"
    ),
    "create with a null for its upstream": error(
        ("POST", "/proxies", '{"name":"two","upstream":null}'),
        400,
        "missing required field: upstream",
    ),
    "create in capitals": Row(
        (
            "POST",
            "/proxies",
            TWO.replace("name", "NAME").replace("listen", "Listen").replace("upst", "UPst"),
        ),
        201,
        ON,
    ),
    "create with an upstream that has no port": Row(
        ("POST", "/proxies", TWO.replace("127.0.0.1:1", "nowhere")),
        201,
        ON.replace("127.0.0.1:1", "nowhere"),
    ),
    "change by nulls": Row(
        ("PATCH", "/proxies/two", '{"listen":null,"upstream":null,"enabled":null}'),
        200,
        ON,
        before=CREATED,
    ),
    "change in capitals": Row(
        ("PATCH", "/proxies/two", '{"ENABLED":false}'), 200, OFF, before=CREATED
    ),
    "add one with nulls": Row(
        (
            "POST",
            TOXICS,
            '{"name":null,"type":"latency","toxicity":null,"attributes":{"latency":null}}',
        ),
        200,
        LATENCY,
        before=CREATED,
    ),
    "add to a null for a stream": Row(
        ("POST", TOXICS, '{"type":"latency","stream":null}'), 200, LATENCY, before=CREATED
    ),
    "add one with null attributes": Row(
        ("POST", TOXICS, '{"type":"latency","attributes":null}'), 200, LATENCY, before=CREATED
    ),
    "add a null for a type": error(
        ("POST", TOXICS, '{"type":null}'), 400, "invalid toxic type", before=CREATED
    ),
    "add a type in capitals": error(
        ("POST", TOXICS, '{"type":"Latency"}'), 400, "invalid toxic type", before=CREATED
    ),
    "add in capitals": Row(
        ("POST", TOXICS, '{"TYPE":"latency","Attributes":{"LATENCY":3}}'),
        200,
        LATENCY.replace('"latency":0', '"latency":3'),
        before=CREATED,
    ),
    "add to a stream in capitals": Row(
        ("POST", TOXICS, '{"type":"latency","stream":"DownStream"}'),
        200,
        LATENCY.replace("downstream", "DownStream"),
        before=CREATED,
    ),
    "add noop": Row(
        ("POST", TOXICS, '{"type":"noop","stream":"upstream","attributes":{"latency":1}}'),
        200,
        '{"attributes":{},"name":"noop_upstream","type":"noop","stream":"upstream","toxicity":1}',
        before=CREATED,
    ),
    "change a toxic by nulls": Row(
        ("PATCH", TOXIC, '{"attributes":null,"toxicity":null,"name":null}'),
        200,
        LATENCY,
        before=SLOWED,
    ),
    "change a toxic's name and type, which stay, whatever they are": Row(
        ("PATCH", TOXIC, '{"name":1,"type":2,"stream":3}'), 200, LATENCY, before=SLOWED
    ),
    "change a toxicity to a string": bad(
        TOXIC,
        '{"toxicity":"x"}',
        go("string", "struct field .toxicity of type float32"),
        before=SLOWED,
    ),
    "change attributes to a number": bad(
        TOXIC,
        '{"attributes":5}',
        go("number", "struct field .attributes of type toxics.LatencyToxic"),
        before=SLOWED,
    ),
    "change an attribute to a string": bad(
        TOXIC,
        '{"attributes":{"latency":"x"}}',
        go("string", "struct field LatencyToxic.attributes.latency of type int64"),
        before=SLOWED,
    ),
    "change a toxic by a list": bad(
        TOXIC,
        "[]",
        go(
            "array",
            r'value of type struct { Attributes interface {} "json:\\"attributes\\"";'
            r' Toxicity float32 "json:\\"toxicity\\"" }',
        ),
        before=SLOWED,
    ),
}


BODIES = {
    "-": "unexpected EOF",
    "1.": "unexpected EOF",
    "1e": "unexpected EOF",
    '{"name":-x}': "invalid character 'x' in numeric literal",
    '{"name":1.}': "invalid character '}' after decimal point in numeric literal",
    '{"name":1e+}': "invalid character '}' in exponent of numeric literal",
    '{"name":1.5.}': "invalid character '.' after object key:value pair",
    r'"\u12"': r"invalid character '\"' in \\u hexadecimal character escape",
    r'"\u12': "unexpected EOF",
}
LISTENS = {
    "127.0.0.1:-1": "address -1: invalid port",
    "[::1:1": "address [::1:1: missing ']' in address",
    "[::1]": "address [::1]: missing port in address",
    "[::1]x:1": "address [::1]x:1: missing port in address",
    "[::1]:1:2": "address [::1]:1:2: too many colons in address",
    "a[b:1": "address a[b:1: unexpected '[' in address",
    "a]b:1": "address a]b:1: unexpected ']' in address",
}
REFUSED = {
    "GET /proxies/%zz HTTP/1.1": "400 Bad Request",
    "GET /version HTTP/2.0": "505 HTTP Version Not Supported",
    "GET  /version HTTP/1.1": "400 Bad Request",
    "POST /reset HTTP/1.1\r\nExpect: more": "417 Expectation Failed",
}


@pytest.mark.parametrize("body", BODIES)
def test_what_is_no_json_is_named_as_go_names_it(link: Rig, body: str) -> None:
    text = f'{{"error":"bad request body: {BODIES[body]}","status":400}}\n'
    assert exchange(link, ("POST", "/proxies", body), {})[::2] == (
        400,
        text.replace("'\"'", "'\\\"'"),
    )


@pytest.mark.parametrize("listen", LISTENS)
def test_what_is_no_address_is_named_as_go_names_it(link: Rig, listen: str) -> None:
    for call, prefix in ((("POST", "/proxies"), "listen tcp: "), (("PATCH", "/proxies/one"), "")):
        body = f'{{"name":"two","listen":"{listen}",{UP}}}'
        text = f'{{"error":"{prefix}{LISTENS[listen]}","status":500}}\n'
        assert exchange(link, (*call, body), {})[::2] == (500, text)


@pytest.mark.parametrize("head", REFUSED)
def test_what_is_no_request_of_http_1_is_refused_in_gos_words(link: Rig, head: str) -> None:
    with socket.create_connection(("127.0.0.1", int(link.control.rpartition(":")[2])), 5) as caller:
        caller.sendall(f"{head}\r\nHost: x\r\n\r\n".encode())
        raw = b"".join(iter(lambda: caller.recv(65_536), b"")).decode()
    assert raw.startswith(f"HTTP/1.1 {REFUSED[head]}\r\n")
    assert raw.endswith(f"\r\n\r\n{REFUSED[head]}")


def test_the_version_of_an_answer_is_the_servers(link: Rig) -> None:
    with socket.create_connection(("127.0.0.1", int(link.control.rpartition(":")[2])), 5) as caller:
        caller.sendall(b"GET /version HTTP/1.2\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        raw = b"".join(iter(lambda: caller.recv(65_536), b""))
    assert raw.startswith(b"HTTP/1.1 200 OK\r\n")


def test_an_object_that_is_given_twice_is_taken_as_one(link: Rig) -> None:
    body = '{"type":"latency","attributes":{"latency":5},"attributes":{"jitter":2},"name":null}'
    toxic = exchange(link, ("POST", "/proxies/one/toxics", body), {})[2]
    assert toxic.startswith('{"attributes":{"latency":5,"jitter":2},"name":"latency_downstream"')


def test_a_proxy_moves_to_every_address_of_its_own_port_and_to_one_that_is_free(link: Rig) -> None:
    ports = {"{free}": str(free_ports(1)[0])}
    assert exchange(link, CREATED[0], ports)[0] == 201
    with socket.create_server(("127.0.0.2", int(ports["{free}"]))):
        # It goes on where it was.
        status = exchange(link, ("PATCH", "/proxies/two", '{"listen":":{free}"}'), ports)[0]
        assert (status, link.call("GET", "/proxies/two").json()["enabled"]) == (500, True)
    shown = exchange(link, ("PATCH", "/proxies/two", '{"listen":":{free}"}'), ports)[2]
    assert f'"listen":"[::]:{ports["{free}"]}"' in shown
    shown = exchange(link, ("PATCH", "/proxies/two", '{"listen":""}'), ports)[2]
    assert '"listen":"127.0.0.1:' in shown
    assert f'"listen":"127.0.0.1:{ports["{free}"]}"' not in shown


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_an_answer_at_an_edge_is_toxiproxys_to_the_byte(link: Rig, row: Row) -> None:
    assert check(link, row).strip() or not row.body


def test_a_caller_of_http_1_0_is_answered_in_it_and_its_connection_ends(link: Rig) -> None:
    with socket.create_connection(("127.0.0.1", int(link.control.rpartition(":")[2])), 5) as caller:
        caller.sendall(b"GET /version HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        raw = b"".join(iter(lambda: caller.recv(65_536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200 OK\r\n")
    assert b"\r\nconnection:" not in head.lower()
    assert body == b'{"version": "2.12.0"}\n'
