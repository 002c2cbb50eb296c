"""A foreign page gets no live connection, sends no telemetry, and finds no other path."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from labsite.http.asgi import application, guard

OWN = {"host": "localhost:8000"}
FOREIGN = {**OWN, "origin": "http://evil.example"}


def messages(scope: dict[str, Any], headers: dict[str, str]) -> list[dict[str, Any]]:
    """Send one request and return what comes back."""
    sent: list[dict[str, Any]] = []
    named = [(k.encode(), v.encode()) for k, v in headers.items()]

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect" if scope["type"] == "websocket" else "http.request"}

    asyncio.run(application({"headers": named, **scope}, receive, send))
    return sent


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/ws/live", FOREIGN),
        ("/ws/live", {"host": "evil.example"}),
        ("/ws/live", {**OWN, "sec-fetch-site": "cross-site"}),
        ("/ws/other", OWN),
    ],
)
def test_a_websocket_that_may_not_be_is_closed_with_a_code(
    path: str, headers: dict[str, str]
) -> None:
    assert messages({"type": "websocket", "path": path}, headers) == [
        {"type": "websocket.close", "code": 4403}
    ]


def test_telemetry_of_a_foreign_page_is_refused() -> None:
    start = messages({"type": "http", "method": "POST", "path": "/v1/traces"}, FOREIGN)[0]
    assert start["status"] == 403


def test_an_origin_that_is_given_counts_and_not_how_near_the_page_is() -> None:
    own = {**OWN, "origin": "http://localhost:8000"}
    assert guard({**own, "sec-fetch-site": "cross-site"}) is None
    assert guard({**OWN, "sec-fetch-site": "same-site"}) is not None
    assert guard(OWN) is None
