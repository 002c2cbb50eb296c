"""Five small HTTP services, a hub and a ring around it, that send their spans themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.ports import free_ports

if TYPE_CHECKING:
    from pathlib import Path

RING = ("north", "east", "south", "west")
STAR = tuple(f"hub-to-{each}" for each in RING)
AROUND = tuple(f"{one}-to-{next_}" for one, next_ in zip(RING, (*RING[1:], RING[0]), strict=True))

SERVICE = """
import http.client, http.server, json, os, secrets, time, urllib.request

NAME, CALLS = os.environ["OTEL_SERVICE_NAME"], json.loads(os.environ["CALLS"])

def span(trace, parent, kind, **attributes):
    return {"traceId": trace, "spanId": secrets.token_hex(8), "parentSpanId": parent, "kind": kind,
            "name": "GET", "startTimeUnixNano": str(time.time_ns()), "attributes": attributes}

def end(span, error=None, status=None):
    given = dict(span["attributes"])
    if status: given["http.response.status_code"] = status
    if error: given["error.type"] = error
    value = lambda each: {"intValue": str(each)} if isinstance(each, int) else {"stringValue": each}
    return {**span, "endTimeUnixNano": str(time.time_ns()), "status": {"code": 2 if error else 0},
            "attributes": [{"key": key, "value": value(each)} for key, each in given.items()]}

def export(spans):
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": NAME}}]}
    body = json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]})
    url = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
    headers = {"content-type": "application/json"}
    sent = urllib.request.Request(url, body.encode(), headers)
    urllib.request.urlopen(sent, timeout=5).read()

def call(trace, parent, place, path):
    called = {"server.address": "127.0.0.1", "server.port": place}
    client = span(trace, parent, 3, **{"http.request.method": "GET", **called})
    headers = {"traceparent": f"00-{trace}-{client['spanId']}-01"}
    connection = http.client.HTTPConnection("127.0.0.1", place, timeout=1)
    try:
        connection.request("GET", path, headers=headers)
        status = connection.getresponse().status
        return end(client, str(status) if status >= 400 else None, status)
    except OSError as error:
        return end(client, type(error).__name__)

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        # /star: the hub calls each of the ring; /ring/4: four more, one after the other.
        _, trace, parent, _ = self.headers["traceparent"].split("-")
        server = span(trace, parent, 2, **{"http.request.method": "GET", "url.path": self.path})
        left = int(self.path.rpartition("/")[2]) if self.path.startswith("/ring") else 0
        places = CALLS["star"] if self.path == "/star" else CALLS["ring"] if left else []
        done = [call(trace, server["spanId"], each, f"/ring/{max(0, left - 1)}") for each in places]
        status = 502 if any(each["status"]["code"] for each in done) else 200
        export([*done, end(server, "502" if status == 502 else None, status)])
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def write_system(directory: Path) -> Path:
    """Write the service and the system's file; return the latter."""
    (directory / "service.py").write_text(SERVICE, encoding="utf-8")
    services = ("hub", *RING)
    links = ("client-to-hub", *STAR, *AROUND)
    listed = free_ports(len(services) + len(links))
    ports = dict(zip((*services, *links), listed, strict=True))
    parts = ['title = "Five"\n']
    for name in services:
        onward = [ports["hub-to-north"]] if name == "hub" else []
        onward += [ports[each] for each in AROUND if each.startswith(f"{name}-")]
        star = [ports[each] for each in STAR] if name == "hub" else []
        calls = f'{{"ring": {onward}, "star": {star}}}'
        parts.append(
            f'[[service]]\nname = "{name}"\ntitle = "{name.title()}"\n'
            f'url = "http://127.0.0.1:{ports[name]}"\ncommand = ["python", "service.py"]\n'
            f"env = {{ PORT = \"{ports[name]}\", CALLS = '{calls}' }}\n"
        )
    for name in links:
        sender, receiver = name.split("-to-")
        parts.append(
            f'[[link]]\nname = "{name}"\nfrom = "{sender}"\nto = "{receiver}"\n'
            f'listen = "127.0.0.1:{ports[name]}"\n'
        )
    for name, way in (("star", "/star"), ("ring", "/ring/4")):
        url = f"http://127.0.0.1:{ports['client-to-hub']}{way}"
        parts.append(f'[[action]]\nname = "{name}"\nmethod = "GET"\nurl = "{url}"\n')
    path = directory / "five.toml"
    path.write_text("".join(parts), encoding="utf-8")
    return path
