"""From a body to what is stored of it: decoded, judged and made into entries. Pure.

It runs in the observer or in a process of its own (`telemetry.otlp.decoding.process`), and so names
nothing of Django.
"""

from __future__ import annotations

from dataclasses import dataclass

from telemetry.judge import described
from telemetry.otlp import from_protobuf
from telemetry.otlp.decoding import plain_json
from telemetry.store.entries import NONE, Entries, entries


@dataclass(slots=True)
class Decoded:
    """What a request holds: what is to be stored, and how many others are refused, with why."""

    entries: Entries = NONE
    rejected: int = 0
    message: str = ""


def spans(as_json: bool, body: bytes) -> Decoded:  # noqa: FBT001 (an executor passes no names)
    """Decode an ExportTraceServiceRequest.

    :raises TelemetryError: it is none, or too large.
    """
    problems: list[str] = []
    if as_json:
        made = entries(plain_json.each_span(body, problems))
    else:
        made = entries(from_protobuf.each_span(body, problems))
    return Decoded(made, len(problems), described(problems))


def logs(as_json: bool, body: bytes) -> Decoded:  # noqa: FBT001
    """Decode an ExportLogsServiceRequest.

    :raises TelemetryError: it is none, or too large.
    """
    problems: list[str] = []
    if as_json:
        made = entries((), plain_json.each_log(body, problems))
    else:
        made = entries((), from_protobuf.each_log(body, problems))
    return Decoded(made, len(problems), described(problems))
