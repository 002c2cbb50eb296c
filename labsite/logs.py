"""Log records on stdout, one JSON object a line."""

from __future__ import annotations

import logging
import sys

from boundary.log_line import JsonLineFormatter


def configure(service: str, *, level: int = logging.INFO) -> None:
    """Send the records of every logger to stdout as the contract's JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLineFormatter(service))
    handler.addFilter(_without_callers_traces)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # What no line says need not be found out for each record: logging's own switches for it.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # Each request is a span already; these would repeat it without its requestId.
    for name in ("django.request", "daphne.http_protocol", "urllib3"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _without_callers_traces(record: logging.LogRecord) -> bool:
    """Drop the trace of what Django refuses: it shows what a caller sent, and no fault of ours."""
    if record.name.startswith("django.security"):
        record.exc_info = None
    return True
