"""What Django is given of a request, and what becomes of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from base.http.message import Request
from service.http.wsgi import RECEIVED, environ_of, handler_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def request(path: str = "/orders", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", path, "a=1&b", named, b"body", 12.5, "1.1", ("::1", 80), ("::1", 9))


def test_a_request_is_written_as_pep_3333_has_it() -> None:
    environ = environ_of(request(content_type="text/plain", host="localhost:4000"))
    assert environ["wsgi.input"].read() == b"body"
    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/orders",
        "QUERY_STRING": "a=1&b",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "4",
        "HTTP_HOST": "localhost:4000",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "::1",
    }
    assert expected.items() <= environ.items()


@pytest.mark.parametrize(
    ("path", "info"),
    [("/%C3%A9", "/Ã©"), ("/a%2Fb", "/a/b"), ("/%ff", "/ÿ"), ("/%zz", "/%zz"), ("*", "*")],
)
def test_a_path_is_unquoted_to_the_bytes_it_stands_for(path: str, info: str) -> None:
    assert environ_of(request(path))["PATH_INFO"] == info


def test_when_a_request_was_whole_is_not_the_callers_to_say() -> None:
    claimed = Request("GET", "/", "", {"x-lab-received": "1", "lab.received_at": "2"}, b"", 3.0)
    assert environ_of(claimed)[RECEIVED] == 3.0


def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_hyphen() -> None:
    forged = Request("GET", "/", "", {"x_lab_secret": "guess"}, b"", 0.0)
    assert "HTTP_X_LAB_SECRET" not in environ_of(forged)


def test_an_answer_is_closed_when_it_has_been_read() -> None:
    closed: list[bool] = []

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            assert not closed
            return iter([b"o", b"k"])

        def close(self) -> None:
            closed.append(True)

    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        start("201 Created", [("A", "b")])
        return Answer()

    response = handler_of(application)(request())
    assert (response.status, response.body, response.headers) == (201, b"ok", [("A", "b")])
    assert closed == [True]
