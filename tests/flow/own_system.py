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
        # In one write: another thread's line would come between a print and its end.
        sys.stdout.write(json.dumps({**line, "requestId": request_id}) + "\\n")
        sys.stdout.flush()
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

EXPERIMENT = """
version: 1.0.0
title: "A: the shop can't ask for the price"
description: The link from the shop to the price is cut.
configuration:
  observer_url: {{ type: env, key: LAB_OBSERVER_URL, default: "http://127.0.0.1:8000" }}
controls:
  - name: as expected
    provider: {{ type: python, module: experiments.controls }}
steady-state-hypothesis:
  title: It can be bought
  probes:
    - type: probe
      name: buying succeeds
      tolerance: true
      provider:
        type: python
        module: experiments.request_probes
        func: succeeds
        arguments: {{ action: buy }}
method:
  - type: action
    name: cut the link
    provider:
      type: python
      module: experiments.actions
      func: set_fault
      arguments: {{ target: shop-to-price, kind: cut }}
  - type: action
    name: buy
    provider:
      type: python
      module: experiments.actions
      func: send_action
      arguments: {{ name: buy, count: 2 }}
  - type: probe
    name: the answer is {status}
    provider:
      type: python
      module: experiments.probes
      func: answers
      arguments: {{ expected: {status} }}
  - type: probe
    name: the shop had the request
    provider:
      type: python
      module: experiments.probes
      func: logged
      arguments: {{ message: shop got /buy, within: 20 }}
  - type: probe
    name: the client sees an error of the shop
    provider:
      type: python
      module: experiments.request_probes
      func: error_kinds
      arguments: {{ expected: [http_5xx] }}
  - type: probe
    name: the price was not asked
    provider:
      type: python
      module: experiments.request_probes
      func: recorded
      arguments: {{ service: price, expected: false, within: 0.2 }}
  - type: probe
    name: the client can not know why
    provider:
      type: python
      module: experiments.request_probes
      func: explained
      arguments: {{ expected: "client called shop" }}
  - type: action
    name: heal
    provider: {{ type: python, module: experiments.actions, func: heal_faults }}
rollbacks:
  - type: action
    name: heal what was broken
    provider: {{ type: python, module: experiments.actions, func: heal_faults }}
"""


def write_system(directory: Path) -> tuple[Path, dict[str, int]]:
    """Write the system; return its file and its ports by their names in `FILE`."""
    ports = dict(zip(("shop", "price", "client", "link"), free_ports(4), strict=True))
    (directory / "service.py").write_text(SERVICE, encoding="utf-8")
    (directory / "start.py").write_text(START, encoding="utf-8")
    path = directory / "my.toml"
    path.write_text(FILE.format(**ports), encoding="utf-8")
    experiments = directory / "experiments"
    experiments.mkdir()
    for name, status in (("cut", 502), ("mistaken", 200)):
        text = EXPERIMENT.format(status=status)
        (experiments / f"{name}.yaml").write_text(text, encoding="utf-8")
    (experiments / "odd.yaml").write_text("title: [", encoding="utf-8")
    return path, ports
