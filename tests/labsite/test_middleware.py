"""What the services' and the observer's guards refuse, and the headers of their responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from labsite.http.middleware import PageGuard, content_security_policy
from service.guard import ServiceGuard

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

PAGE = "http://localhost:8000"
FOREIGN = "http://evil.example"
GUARDS = [ServiceGuard, PageGuard]


@pytest.fixture(autouse=True)
def _lab(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.LAB_PAGE_ORIGINS = [PAGE]
    settings.LAB_MAX_BODY_BYTES = 10


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} reached the view")


def send(
    guard: type[ServiceGuard | PageGuard],
    method: str = "POST",
    path: str = "/orders",
    data: bytes = b"",
    /,
    **headers: str,
) -> HttpResponseBase:
    named = {"host": "localhost", **{k.replace("_", "-"): v for k, v in headers.items()}}
    request = RequestFactory().generic(method, path, data, "text/plain", headers=named)
    return guard(view)(request)


def body(response: Any) -> bytes:
    content: bytes = response.content
    return content


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize(
    "headers", [{}, {"origin": PAGE}, {"origin": PAGE, "sec_fetch_site": "same-site"}]
)
def test_scripts_and_the_page_are_let_in(guard: Any, headers: dict[str, str]) -> None:
    response = send(guard, **headers)
    assert (response.status_code, body(response)) == (200, b"POST reached the view")


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("headers", [{"origin": FOREIGN}, {"sec_fetch_site": "cross-site"}])
def test_a_foreign_page_changes_nothing_but_may_ask(guard: Any, headers: dict[str, str]) -> None:
    assert send(guard, **headers).status_code == 403
    assert send(guard, "DELETE", **headers).status_code == 403
    for method in ("GET", "HEAD", "OPTIONS"):
        assert send(guard, method, **headers).status_code == 200


@pytest.mark.parametrize("guard", GUARDS)
def test_a_rebound_name_is_refused_whatever_it_asks(guard: Any) -> None:
    assert send(guard, "GET", host="evil.example").status_code == 400


def test_a_body_may_be_as_long_as_it_may_be_and_no_longer() -> None:
    assert send(ServiceGuard, "POST", "/orders", b"x" * 10).status_code == 200
    assert send(ServiceGuard, "POST", "/orders", b"x" * 11).status_code == 413
    assert send(ServiceGuard, content_length="1x").status_code == 413
    megabytes = 64 * 1024 * 1024
    assert send(PageGuard, content_length=str(megabytes)).status_code == 200
    assert send(PageGuard, content_length=str(megabytes + 1)).status_code == 413


def test_only_the_page_may_read_a_services_response() -> None:
    read = send(ServiceGuard, origin=PAGE)
    assert read.headers["Access-Control-Allow-Origin"] == PAGE
    assert "X-Request-Id" in read.headers["Access-Control-Expose-Headers"]
    foreign = send(ServiceGuard, "GET", origin=FOREIGN)
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert read.headers["Vary"] == foreign.headers["Vary"] == "Origin"
    assert "Vary" not in send(ServiceGuard).headers


def test_a_preflight_request_gets_the_allowed_methods_and_headers() -> None:
    answer = send(ServiceGuard, "OPTIONS", origin=PAGE)
    assert (answer.status_code, body(answer)) == (204, b"")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "idempotency-key" in answer.headers["Access-Control-Allow-Headers"]
    assert send(ServiceGuard, "OPTIONS", origin=FOREIGN).status_code == 200


def test_only_a_services_documentation_may_have_styles_of_its_own() -> None:
    assert (
        "'unsafe-inline'"
        in send(ServiceGuard, "GET", "/api/docs").headers["Content-Security-Policy"]
    )
    # The server adds the strict one.
    assert "Content-Security-Policy" not in send(ServiceGuard, "GET").headers


def test_every_answer_of_the_observer_says_what_its_page_may_do() -> None:
    for answer in (send(PageGuard, "GET"), send(PageGuard, origin=FOREIGN)):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_with_a_policy_of_its_own_keeps_it() -> None:
    def report(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    request = RequestFactory().get("/", headers={"host": "localhost"})
    assert PageGuard(report)(request).headers["Content-Security-Policy"] == "default-src 'none'"


def test_the_page_may_call_the_api_by_either_name_of_this_machine() -> None:
    policy = content_security_policy("http://localhost:4300")
    assert "connect-src 'self' http://localhost:4300 http://127.0.0.1:4300;" in policy
