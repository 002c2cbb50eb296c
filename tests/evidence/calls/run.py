"""Records of any application, in milliseconds, and the sentences about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evidence.evaluation import evidence_of
from telemetry.records import LogRecord, Resource, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence.windows import FaultWindow
    from evidence.wire import EvidenceJson
    from telemetry.records import SpanKind, StatusCode

START = 1_700_000_000_000_000_000
TRACE = "5b8aa5a2d2c872e8321cf37308d69df2"


def at(ms: float) -> int:
    return START + round(ms * 1_000_000)


@dataclass
class Run:
    """One trace; ``skew_ms`` is how far a service's clock is ahead."""

    spans: list[Span] = field(default_factory=list)
    logs: list[LogRecord] = field(default_factory=list)
    skew_ms: dict[str, float] = field(default_factory=dict)

    def span(
        self,
        service: str,
        name: str,
        start: float,
        end: float | None,
        *,
        parent: Span | str | None = None,
        kind: SpanKind = "INTERNAL",
        status: StatusCode = "UNSET",
        message: str = "",
        exception: tuple[str, str] | None = None,
        links: tuple[Span, ...] = (),
        more: Mapping[str, Any] | None = None,
        **attributes: Any,
    ) -> Span:
        """Add a span; ``parent`` may be an id of which nothing else is on record."""
        ahead = self.skew_ms.get(service, 0)
        events = []
        if exception is not None:
            written = {"exception.type": exception[0], "exception.message": exception[1]}
            events = [SpanEvent("exception", at(start + ahead), written)]
        made = Span(
            trace_id=TRACE,
            span_id=f"{len(self.spans) + 1:016x}",
            name=name,
            start_time_unix_nano=at(start + ahead),
            end_time_unix_nano=at(end + ahead) if end is not None else 0,
            parent_span_id=parent.span_id if isinstance(parent, Span) else parent or "",
            kind=kind,
            status_code="ERROR" if message else status,
            status_message=message,
            attributes={**_dotted(attributes), **(more or {})},
            events=events,
            links=[SpanLink(TRACE, link.span_id) for link in links],
            resource=Resource({"service.name": service}),
            state="ended" if end is not None else "open",
            seq=len(self.spans) + 1,
        )
        self.spans.append(made)
        return made

    def log(self, service: str, body: str, ms: float, *, severity: int = 9) -> None:
        """Add a log record that stands in no span of the trace."""
        resource = Resource({"service.name": service})
        self.logs.append(
            LogRecord(
                at(ms),
                severity_number=severity,
                body=body,
                trace_id=TRACE,
                resource=resource,
                seq=1_000 + len(self.logs),
            )
        )

    def evidence(
        self, perspective: str = "all", windows: tuple[FaultWindow, ...] = ()
    ) -> EvidenceJson:
        return evidence_of(
            self.spans, self.logs, trace_id=TRACE, perspective=perspective, windows=windows
        )


def _dotted(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("__", "."): value for key, value in attributes.items()}


def texts(run: Run, kind: str = "", *, perspective: str = "all") -> list[str]:
    """The sentences of one kind, or of all."""
    found = run.evidence(perspective)["diagnosis"]["sentences"]
    return [each["text"] for each in found if kind in ("", each["kind"])]


def headline(run: Run, perspective: str = "all") -> str:
    return run.evidence(perspective)["diagnosis"]["headline"]


def codes(run: Run, perspective: str = "all") -> set[str]:
    found = run.evidence(perspective)["diagnosis"]
    return {found["code"], *(each["code"] for each in found["sentences"])}
