"""Where a process's log records go: one JSON object a line on stdout, and over OTLP."""

from __future__ import annotations

import logging
import sys

from boundary.log_line import JsonLineFormatter


def configure(service: str, *, level: int = logging.INFO) -> None:
    """Send the records of every logger to stdout as the contract's JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLineFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Each request is a span already; these two would say it again, without its requestId.
    for chatty in ("django.request", "daphne.http_protocol", "urllib3", "waitress.queue"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
