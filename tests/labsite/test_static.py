"""The page's own files: served from memory, asked about again, and nothing else of the disk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dashboard.templatetags.lab import imports_of
from labsite.static import StaticDoor

ENTRY = "dashboard/pages/trace.js"


async def _not_ours(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def ask(path: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request through the door."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {}

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    asyncio.run(StaticDoor(_not_ours)(scope, receive, send))
    start, body = sent
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body["body"]


def test_a_module_has_its_type_and_is_asked_about_again() -> None:
    status, headers, content = ask(f"/static/{ENTRY}")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["cache-control"] == "no-cache"
    assert b"lab_trace.js" in content
    assert ask(f"/static/{ENTRY}", if_none_match=headers["etag"])[::2] == (304, b"")
    assert ask(f"/static/{ENTRY}", method="HEAD")[::2] == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/dashboard",
        "/static/no/such.js",
        "/static/../pyproject.toml",
        "/static//etc/hostname",
        "/static/dashboard/../../../pyproject.toml",
    ],
)
def test_what_is_no_file_of_the_page_is_not_found(path: str) -> None:
    assert ask(path)[0] == 404


def test_everything_else_goes_on() -> None:
    assert ask("/api/traces")[0] == 418
    assert ask(f"/static/{ENTRY}", method="POST")[0] == 418


def test_all_that_a_module_imports_is_known_beforehand() -> None:
    found = imports_of(ENTRY)
    assert "dashboard/elements/lab_trace.js" in found
    assert "dashboard/model/critical_path.js" in found
    assert len(found) == len(set(found))
