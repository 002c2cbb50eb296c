"""Drives a link with toxiproxy-python, as its users do; prints what it saw as JSON."""

import json
import sys

from toxiproxy import Toxiproxy
from toxiproxy.api import APIConsumer
from toxiproxy.exceptions import NotFound, ProxyExists

APIConsumer.port = int(sys.argv[1])
server = Toxiproxy()
seen: dict[str, object] = {"running": server.running(), "proxies": sorted(server.proxies())}
proxy = server.create(upstream="127.0.0.1:1", name="made")
seen["enabled"] = proxy.enabled
try:
    server.create(upstream="127.0.0.1:1", name="made")
except ProxyExists:
    seen["twice"] = "ProxyExists"
proxy.add_toxic(type="latency", attributes={"latency": 100, "jitter": 10})
toxic = proxy.get_toxic("latency_downstream")
seen["toxic"] = [toxic.type, toxic.stream, toxic.toxicity, toxic.attributes]
with proxy.down():
    seen["down"] = server.get_proxy("made").enabled
seen["up"] = server.get_proxy("made").enabled
proxy.destroy_toxic("latency_downstream")
seen["toxics"] = list(proxy.toxics())
try:
    proxy.destroy_toxic("latency_downstream")
except NotFound:
    seen["gone"] = "NotFound"
seen["reset"] = server.reset()
proxy.destroy()
seen["left"] = sorted(server.proxies())
sys.stdout.write(json.dumps(seen))
