"""A program of its own: calls that fail, as Python's `requests` instrumentation records them.

Prints a line of JSON for each: how it fails, and its trace as OTLP in base64.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import struct
import sys
import threading

import requests
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

ANSWERS = {
    "500": b"HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n",
    "404": b"HTTP/1.1 404 no\r\nContent-Length: 0\r\n\r\n",
    "half": b"HTTP/1.1 200 ok\r\nContent-Length: 10\r\n\r\nab",
    "closed": b"",
}


def serve(how: str) -> int:
    """Listen on a port for one call and treat it so; returns the port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def treat() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4_096)
            if how == "reset":
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            elif how == "silent":
                connection.recv(1)
            else:
                connection.sendall(ANSWERS[how])

    threading.Thread(target=treat, daemon=True).start()
    port: int = listening.getsockname()[1]
    return port


def main() -> None:
    """Call, and print what was recorded."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource({"service.name": "cart"}))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    RequestsInstrumentor().instrument(tracer_provider=provider)
    tracer = provider.get_tracer("calls that fail")
    urls = {
        "refused": "http://127.0.0.1:9/x",
        "no name": "http://price.invalid/x",
        **{how: f"http://127.0.0.1:{serve(how)}/p" for how in (*ANSWERS, "reset", "silent")},
    }
    for how, url in urls.items():
        exporter.clear()
        serving = tracer.start_as_current_span("GET /cart", kind=trace.SpanKind.SERVER)
        with serving, contextlib.suppress(requests.RequestException):
            requests.get(url, timeout=0.3)
        body = encode_spans(exporter.get_finished_spans()).SerializeToString()
        line = {"how": how, "trace": base64.b64encode(body).decode()}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
