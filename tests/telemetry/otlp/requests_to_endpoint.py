"""Requests to the endpoint without a server, and without a database."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple

from telemetry.otlp.endpoint import OtlpEndpoint
from telemetry.otlp.intake import Intake

if TYPE_CHECKING:
    from telemetry.store.entries import Entries


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def store_nothing(_entries: Entries) -> Future[list[str]]:
    """Stand for the writer."""
    done: Future[list[str]] = Future()
    done.set_result([])
    return done


async def ask(path: str, body: bytes = b"{}", *, method: str = "POST", **headers: str) -> Answer:
    """Send one request, with ``_`` in the names of headers for ``-``; the host is served."""
    named = {"host": "localhost", **{name.replace("_", "-"): v for name, v in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    endpoint = OtlpEndpoint(
        Intake(store_nothing), lambda host: host == "localhost", {"https://app.example"}
    )
    await endpoint(scope, receive, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answered, sent[1]["body"])
