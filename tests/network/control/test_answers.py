"""Every answer of Toxiproxy 2.12 as a row: status, content type and body, to the byte.

Made by hand from its documentation and source; `{port}` is the link's port, `{free}` a free one.
Where ours differs on purpose, `docs/toxics.md` says so.
"""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.ports import free_ports

if TYPE_CHECKING:
    from tests.network.rig import Rig

pytestmark = pytest.mark.usefixtures("as_it_was")

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
UP = '"upstream":"127.0.0.1:1"'
TWO = f'{{"name":"two","listen":"127.0.0.1:{{free}}",{UP}}}'
TWO_SHOWN = TWO[:-1] + ',"enabled":ENABLED,"Logger":{},"toxics":[]}'
ON, OFF = (TWO_SHOWN.replace("ENABLED", each) for each in ("true", "false"))
LATENCY = (
    '{"attributes":{"latency":0,"jitter":0},"name":"latency_downstream","type":"latency",'
    '"stream":"downstream","toxicity":1}'
)
SLOW = '{"type":"latency"}'
TOXICS = "/proxies/two/toxics"
TOXIC = f"{TOXICS}/latency_downstream"


class Row(NamedTuple):
    """A call, what was called before it, and its answer."""

    call: tuple[str, str, str]
    status: int
    body: str = ""
    content_type: str = JSON
    before: tuple[tuple[str, str, str], ...] = ()
    location: str = ""


CREATED = (("POST", "/proxies", TWO),)
SLOWED = (*CREATED, ("POST", TOXICS, SLOW))


def error(call: tuple[str, str, str], status: int, text: str, **options: object) -> Row:
    """A row of an error, which is sent as a line of text."""
    escaped = text.replace('"', r"\"")
    body = f'{{"error":"{escaped}","status":{status}}}\n'
    return Row(call, status, body, TEXT, **options)  # type: ignore[arg-type] # `before` alone


def bad(path: str, body: str, text: str, **options: object) -> Row:
    """A row of a body that can't be read."""
    return error(("POST", path, body), 400, f"bad request body: {text}", **options)


def go(kind: str, target: str) -> str:
    """The words of Go for a value of the wrong type."""
    return f"json: cannot unmarshal {kind} into Go {target}"


PROXY, WRAPPER = "struct field Proxy", "struct field ToxicWrapper"


def listening(address: str) -> str:
    """The body of a proxy that would listen on ``address``."""
    return f'{{"name":"two","listen":"{address}",{UP}}}'


ROWS = {
    "version": Row(
        ("GET", "/version", ""),
        200,
        '{"version": "2.12.0"}\n',
        f"{JSON};charset=utf-8",
    ),
    "no such path": Row(("GET", "/nope", ""), 404, "404 page not found\n", TEXT),
    "slash at the end": Row(("GET", "/proxies/", ""), 404, "404 page not found\n", TEXT),
    "no such method": Row(("DELETE", "/version", ""), 405, content_type=""),
    "head": Row(("HEAD", "/proxies", ""), 405, content_type=""),
    "create": Row(CREATED[0], 201, ON),
    "create disabled": Row(
        ("POST", "/proxies", TWO[:-1] + ',"enabled":false}'),
        201,
        OFF,
    ),
    "create what is there": error(CREATED[0], 409, "proxy already exists", before=CREATED),
    "what follows is left": Row(("POST", "/proxies", TWO + " and more"), 201, ON),
    "create without a name": error(
        ("POST", "/proxies", f"{{{UP}}}"), 400, "missing required field: name"
    ),
    "create without an upstream": error(
        ("POST", "/proxies", '{"name":"two"}'), 400, "missing required field: upstream"
    ),
    "create of null": error(("POST", "/proxies", "null"), 400, "missing required field: name"),
    "create of nothing": bad("/proxies", "", "EOF"),
    "create of half": bad("/proxies", '{"name":', "unexpected EOF"),
    "create of no json": bad(
        "/proxies", "{b}", "invalid character 'b' looking for beginning of object key string"
    ),
    "create of words": bad(
        "/proxies", "hello", "invalid character 'h' looking for beginning of value"
    ),
    "create of a list": bad("/proxies", "[]", go("array", "value of type toxiproxy.Proxy")),
    "name no string": bad("/proxies", '{"name":1}', go("number", f"{PROXY}.name of type string")),
    "enabled no bool": bad(
        "/proxies", '{"Enabled":"yes"}', go("string", f"{PROXY}.enabled of type bool")
    ),
    "taken, by its resolved address": error(
        ("POST", "/proxies", listening("localhost:{port}")),
        500,
        "listen tcp 127.0.0.1:{port}: bind: address already in use",
    ),
    "not of this machine": error(
        ("POST", "/proxies", listening("192.0.2.1:{free}")),
        500,
        "listen tcp 192.0.2.1:{free}: bind: cannot assign requested address",
    ),
    "listen without a port": error(
        ("POST", "/proxies", listening("nowhere")),
        500,
        "listen tcp: address nowhere: missing port in address",
    ),
    "listen with colons": error(
        ("POST", "/proxies", listening("a:b:1")),
        500,
        "listen tcp: address a:b:1: too many colons in address",
    ),
    "listen on no port": error(
        ("POST", "/proxies", listening("127.0.0.1:99999")),
        500,
        "listen tcp: address 99999: invalid port",
    ),
    "show": Row(("GET", "/proxies/two", ""), 200, ON, before=CREATED),
    "show what is not there": error(("GET", "/proxies/two", ""), 404, "proxy not found"),
    "change by PATCH": Row(
        ("PATCH", "/proxies/two", '{"enabled":false}'), 200, OFF, before=CREATED
    ),
    "change by POST": Row(("POST", "/proxies/two", '{"name":"x"}'), 200, ON, before=CREATED),
    "change what is not there": error(("PATCH", "/proxies/two", "{}"), 404, "proxy not found"),
    "change by nothing": bad("/proxies/two", "", "EOF", before=CREATED),
    "move to no address": error(
        ("PATCH", "/proxies/two", '{"listen":"nowhere"}'),
        500,
        "address nowhere: missing port in address",
        before=CREATED,
    ),
    "move to a taken port": error(
        ("PATCH", "/proxies/two", '{"listen":"127.0.0.1:{port}"}'),
        500,
        "listen tcp 127.0.0.1:{port}: bind: address already in use",
        before=CREATED,
    ),
    "the same by its name": Row(
        ("PATCH", "/proxies/two", '{"listen":"localhost:{free}"}'), 200, ON, before=CREATED
    ),
    "remove": Row(("DELETE", "/proxies/two", ""), 204, content_type="", before=CREATED),
    "remove what is not there": error(("DELETE", "/proxies/two", ""), 404, "proxy not found"),
    "populate": Row(("POST", "/populate", f"[{TWO}]"), 201, f'{{"proxies":[{ON}]}}'),
    "populate with nothing": Row(("POST", "/populate", "[]"), 201, '{"proxies":null}'),
    "populate with null": Row(("POST", "/populate", "null"), 201, '{"proxies":null}'),
    "populate, two without a name": Row(
        ("POST", "/populate", f"[{TWO},{{{UP}}}]"),
        400,
        '{"error":"missing required field: name at proxy 2","status":400,"proxies":null}',
    ),
    "populate, one without an upstream": Row(
        ("POST", "/populate", '[{"name":"two"}]'),
        400,
        '{"error":"missing required field: upstream at proxy 1","status":400,"proxies":null}',
    ),
    "populate, two taken": Row(
        ("POST", "/populate", f"[{TWO},{listening('localhost:{port}').replace('two', 'x')}]"),
        500,
        '{"error":"listen tcp 127.0.0.1:{port}: bind: address already in use","status":500,'
        f'"proxies":[{ON}]}}',
    ),
    "populate with a name of a number": Row(
        ("POST", "/populate", '[{"name":1}]'),
        400,
        '{"error":"bad request body: json: cannot unmarshal number into Go struct field .name of '
        'type string","status":400,"proxies":null}',
    ),
    "reset": Row(("POST", "/reset", ""), 204, content_type="", before=SLOWED),
    "no toxics": Row(("GET", TOXICS, ""), 200, "[]", before=CREATED),
    "toxics": Row(("GET", TOXICS, ""), 200, f"[{LATENCY}]", before=SLOWED),
    "toxics of nobody": error(("GET", TOXICS, ""), 404, "proxy not found"),
    "add a toxic": Row(("POST", TOXICS, SLOW), 200, LATENCY, before=CREATED),
    "add it twice": error(("POST", TOXICS, SLOW), 409, "toxic already exists", before=SLOWED),
    "add to nobody": error(("POST", TOXICS, SLOW), 404, "proxy not found"),
    "add no type": error(("POST", TOXICS, "{}"), 400, "invalid toxic type", before=CREATED),
    "add to no stream": error(
        ("POST", TOXICS, '{"type":"latency","stream":"sideways"}'),
        400,
        "stream was invalid, can be either upstream or downstream",
        before=CREATED,
    ),
    "a stream is looked at before a type": error(
        ("POST", TOXICS, '{"stream":""}'),
        400,
        "stream was invalid, can be either upstream or downstream",
        before=CREATED,
    ),
    "toxicity of a float32": Row(
        ("POST", TOXICS, '{"type":"latency","toxicity":0.333333333333}'),
        200,
        LATENCY.replace('"toxicity":1', '"toxicity":0.33333334'),
        before=CREATED,
    ),
    "toxicity beyond its scale": Row(
        ("POST", TOXICS, '{"type":"latency","toxicity":2.5}'),
        200,
        LATENCY.replace('"toxicity":1', '"toxicity":2.5'),
        before=CREATED,
    ),
    "toxicity no number": bad(
        TOXICS,
        '{"toxicity":"x"}',
        go("string", f"{WRAPPER}.toxicity of type float32"),
        before=CREATED,
    ),
    "attributes no object": bad(
        TOXICS,
        '{"type":"latency","attributes":5}',
        go("number", f"{WRAPPER}.attributes of type toxics.NoopToxic"),
        before=CREATED,
    ),
    "attribute no number": bad(
        TOXICS,
        '{"type":"latency","attributes":{"latency":"x"}}',
        go("string", "struct field LatencyToxic.attributes.latency of type int64"),
        before=CREATED,
    ),
    "attribute no whole number": bad(
        TOXICS,
        '{"type":"reset_peer","attributes":{"timeout":1e3}}',
        go("number 1e3", "struct field ResetToxic.attributes.timeout of type int64"),
        before=CREATED,
    ),
    "attribute of an int": bad(
        TOXICS,
        '{"type":"slicer","attributes":{"delay":1.5}}',
        go("number 1.5", "struct field SlicerToxic.attributes.delay of type int"),
        before=CREATED,
    ),
    "show a toxic": Row(("GET", TOXIC, ""), 200, LATENCY, before=SLOWED),
    "show no toxic": error(("GET", TOXIC, ""), 404, "toxic not found", before=CREATED),
    "change a toxic by PATCH": Row(
        ("PATCH", TOXIC, '{"type":"x","attributes":{"latency":3,"unknown":1},"toxicity":0.5}'),
        200,
        LATENCY.replace('"latency":0', '"latency":3').replace('"toxicity":1', '"toxicity":0.5'),
        before=SLOWED,
    ),
    "change a toxic by POST": Row(("POST", TOXIC, "{}"), 200, LATENCY, before=SLOWED),
    "change no toxic": error(("PATCH", TOXIC, "{}"), 404, "toxic not found", before=CREATED),
    "remove a toxic": Row(("DELETE", TOXIC, ""), 204, content_type="", before=SLOWED),
    "remove no toxic": error(("DELETE", TOXIC, ""), 404, "toxic not found", before=CREATED),
}
DEFAULTS = {
    "noop": "{}",
    "latency": '{"latency":0,"jitter":0}',
    "bandwidth": '{"rate":0}',
    "slow_close": '{"delay":0}',
    "timeout": '{"timeout":0}',
    "reset_peer": '{"timeout":0}',
    "slicer": '{"average_size":0,"size_variation":0,"delay":0}',
    "limit_data": '{"bytes":0}',
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_an_answer_is_toxiproxys_to_the_byte(link: Rig, row: Row) -> None:
    assert check(link, row).strip() or not row.body


@pytest.mark.parametrize("kind", DEFAULTS)
def test_a_toxics_attributes_have_toxiproxys_order_and_defaults(link: Rig, kind: str) -> None:
    ports = {"{free}": str(free_ports(1)[0])}
    exchange(link, CREATED[0], ports)
    _, _, body = exchange(link, ("POST", TOXICS, f'{{"type":"{kind}"}}'), ports)
    assert body.startswith(f'{{"attributes":{DEFAULTS[kind]},"name":"{kind}_downstream"')


def test_upstream_toxics_come_first_and_proxies_are_in_the_order_of_their_names(link: Rig) -> None:
    link.toxic("latency", "downstream")
    link.toxic("slicer", "upstream")
    link.call("POST", "/proxies", {"name": "a", "upstream": "127.0.0.1:1"})
    assert list(link.call("GET", "/proxies").json()) == ["a", "one"]
    assert [each["type"] for each in link.call("GET", "/proxies/one/toxics").json()] == [
        "slicer",
        "latency",
    ]


def exchange(
    link: Rig, call: tuple[str, str, str], ports: dict[str, str]
) -> tuple[int, dict[str, str], str]:
    """Make a call on a connection of its own; return the answer's status, headers and body."""
    method, path, body = call
    sent = filled(body, ports).encode()
    with socket.create_connection(("127.0.0.1", int(link.control.rpartition(":")[2])), 5) as caller:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        caller.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)
        raw = b"".join(iter(lambda: caller.recv(65_536), b""))
    answer, _, rest = raw.partition(b"\r\n\r\n")
    first, *lines = answer.decode().split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, rest.decode()


def filled(text: str, ports: dict[str, str]) -> str:
    for name, port in ports.items():
        text = text.replace(name, port)
    return text


def check(link: Rig, row: Row) -> str:
    """Make the calls of a row, and compare the answer to the last; return its body."""
    ports = {"{port}": str(link.port), "{free}": str(free_ports(1)[0])}
    for call in row.before:
        assert exchange(link, call, ports)[0] < 300
    status, headers, body = exchange(link, row.call, ports)
    assert (status, body) == (row.status, filled(row.body, ports))
    assert headers.get("content-type", "") == row.content_type
    assert headers.get("location", "") == row.location
    assert ("content-length" in headers) == (status != 204)
    assert re.fullmatch("[0-9a-v]{20}", headers["x-toxiproxy-request-id"])
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", headers["date"])
    if row.content_type == TEXT:
        assert headers["x-content-type-options"] == "nosniff"
    return body
