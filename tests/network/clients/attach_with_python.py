"""Makes a link of its own with toxiproxy-python, breaks it and leaves it so."""

import sys

from toxiproxy import Toxiproxy
from toxiproxy.api import APIConsumer

control, name, listen, upstream = sys.argv[1:]
APIConsumer.port = int(control)
proxy = Toxiproxy().create(upstream=upstream, name=name, listen=listen)
proxy.add_toxic(type="latency", attributes={"latency": 50, "jitter": 0})
