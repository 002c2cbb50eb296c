"""A system of two services of one's own, in Python's standard library, as a newcomer's might be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.ports import free_ports

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """
import http.server, json, os, sys, urllib.request, uuid

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        request_id = self.headers.get("x-request-id") or str(uuid.uuid4())
        line = {"level": "INFO", "msg": f"{os.environ['NAME']} got {self.path}"}
        print(json.dumps({**line, "requestId": request_id}), flush=True)
        status = 200
        try:
            if os.environ.get("CALLS") and self.path == "/buy":
                call = urllib.request.Request(os.environ["CALLS"] + "/price")
                call.add_header("x-request-id", request_id)
                urllib.request.urlopen(call, timeout=1).read()
        except OSError as error:
            print("could not ask for the price:", error, file=sys.stderr, flush=True)
            status = 502
        body = json.dumps({"requestId": request_id}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
# As `npm start` does: the service itself is its child.
START = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, 'service.py']))"

FILE = """
title = "Shop"
[[service]]
name = "shop"
title = "Shop"
url = "http://127.0.0.1:{shop}"
command = ["python", "start.py"]
env = {{ NAME = "shop", PORT = "{shop}", CALLS = "http://127.0.0.1:{link}" }}
[[service]]
name = "price"
url = "http://127.0.0.1:{price}"
command = ["python", "start.py"]
env = {{ NAME = "price", PORT = "{price}" }}
[[link]]
name = "client-to-shop"
from = "client"
to = "shop"
listen = "127.0.0.1:{client}"
[[link]]
name = "shop-to-price"
from = "shop"
to = "price"
listen = "127.0.0.1:{link}"
[[action]]
name = "buy"
title = "Buy"
method = "GET"
url = "http://127.0.0.1:{client}/buy"
"""


def write_system(directory: Path) -> tuple[Path, dict[str, int]]:
    """Write the system; return its file and its ports by their names in `FILE`."""
    ports = dict(zip(("shop", "price", "client", "link"), free_ports(4), strict=True))
    (directory / "service.py").write_text(SERVICE, encoding="utf-8")
    (directory / "start.py").write_text(START, encoding="utf-8")
    path = directory / "my.toml"
    path.write_text(FILE.format(**ports), encoding="utf-8")
    return path, ports
