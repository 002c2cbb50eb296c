"""Pages of this machine, and of the origins that the settings name, may send; no others may."""

from __future__ import annotations

import pytest

from telemetry.refused import HOST, ORIGIN, REFUSED
from tests.telemetry.otlp.requests_to_endpoint import ask

THOSE_THAT_MAY = [
    "http://localhost:3000",
    "https://localhost",
    "http://127.0.0.1:5173",
    "http://[::1]:8080",
    "http://shop.localhost:3000",
    "https://app.example",
    "HTTPS://APP.EXAMPLE",
]
THOSE_THAT_MAY_NOT = [
    "null",
    "https://evil.example",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example.evil.example",
    "http://localhost.evil.example",
    "http://evil-localhost",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1:x",
    "file://localhost",
]
JSON = "application/json"
WANTED = "content-type,x-api-key"


@pytest.mark.parametrize("origin", THOSE_THAT_MAY)
async def test_a_page_that_may_is_answered_by_its_own_origin(origin: str) -> None:
    for site in ("none", "same-site", "cross-site"):
        answer = await ask("/v1/traces", origin=origin, content_type=JSON, sec_fetch_site=site)
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", THOSE_THAT_MAY_NOT)
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
async def test_another_page_is_refused_and_its_origin_counted(origin: str, method: str) -> None:
    before = counted(ORIGIN, origin)
    answer = await ask(
        "/v1/logs", method=method, origin=origin, access_control_request_method="POST"
    )
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["vary"] == "Origin"
    assert b"LAB_OTLP_ORIGINS" in answer.body
    assert counted(ORIGIN, origin) == before + 1
    assert (ORIGIN, origin) in REFUSED.recent()


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs", "/v1/metrics"])
async def test_a_preflight_is_answered_without_a_body_to_read(path: str) -> None:
    answer = await ask(
        path,
        method="OPTIONS",
        origin="http://localhost:3000",
        access_control_request_method="POST",
        access_control_request_headers=WANTED,
        access_control_request_private_network="true",
    )
    assert (answer.status, answer.body) == (204, b"")
    assert "content-length" not in answer.headers
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == WANTED
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-allow-private-network"] == "true"


async def test_what_is_no_list_of_header_names_is_not_echoed() -> None:
    answer = await ask(
        "/v1/traces",
        method="OPTIONS",
        origin="http://localhost:3000",
        access_control_request_method="POST",
        access_control_request_headers="x: y\r\nset-cookie",
    )
    assert "access-control-allow-headers" not in answer.headers


async def test_errors_can_be_read_by_the_page_that_caused_them() -> None:
    answer = await ask("/v1/traces", b"{", origin="http://localhost:3000", content_type="text/x")
    assert answer.status == 415
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"


async def test_without_an_origin_what_a_browser_says_of_its_site_counts() -> None:
    assert (await ask("/v1/traces", content_type=JSON)).status == 200
    for site in ("cross-site", "same-site"):
        assert (await ask("/v1/traces", sec_fetch_site=site)).status == 403


async def test_a_host_name_that_is_not_served_is_refused_with_the_setting_that_lets_it_in() -> None:
    before = counted(HOST, "host.docker.internal:4318")
    answer = await ask("/v1/traces", host="host.docker.internal:4318")
    assert answer.status == 403
    assert b"LAB_ALLOWED_HOSTS" in answer.body
    assert counted(HOST, "host.docker.internal:4318") == before + 1


def counted(code: str, value: str) -> int:
    return sum(
        each["count"] for each in REFUSED.listed() if (each["code"], each["value"]) == (code, value)
    )
