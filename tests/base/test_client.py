"""A call to a part of the lab returns JSON, or raises `LabError`."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from base import client as client_module
from base.client import LabClient, answers
from base.errors import LabError, LabFailure
from tests.support import upstreams
from tests.support.ports import free_ports

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

SECONDS = 0.3


def failure(behave: Callable[[socket.socket], None], method: str = "GET") -> LabError:
    with upstreams.server(behave) as url, pytest.raises(LabError) as caught:
        LabClient(url, timeout_seconds=SECONDS).call(method, "/x")
    return caught.value


def test_json_goes_out_and_comes_in() -> None:
    requests: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        requests.append(upstreams.read_request(connection))
        connection.sendall(b'HTTP/1.1 201 X\r\nContent-Length: 8\r\n\r\n{"id":7}')

    with upstreams.server(behave) as url:
        client = LabClient(url, secret="s3cret")
        made = client.exchange("POST", "/a", params={"q": "ü"}, body={"x": 1}, headers={"X-Y": "z"})
    assert made == (201, {"id": 7})
    head, _, body = requests[0].decode().partition("\r\n\r\n")
    lines = head.lower().split("\r\n")
    assert lines[0] == "post /a?q=%c3%bc http/1.1"
    assert {"x-lab-secret: s3cret", "x-y: z", "content-type: application/json"} <= set(lines)
    assert json.loads(body) == {"x": 1}


def test_without_a_secret_none_is_sent() -> None:
    requests: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        requests.append(upstreams.read_request(connection))
        connection.sendall(b"HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n")

    with upstreams.server(behave) as url:
        assert LabClient(url).call("DELETE", "/a") is None
    assert b"x-lab-secret" not in requests[0].lower()


@pytest.mark.parametrize(
    ("behave", "expected", "status", "detail"),
    [
        (upstreams.silent, LabFailure.TIMED_OUT, None, None),
        (upstreams.trickling_headers, LabFailure.TIMED_OUT, None, None),
        (upstreams.trickling_body, LabFailure.TIMED_OUT, None, None),
        (upstreams.resetting, LabFailure.UNREACHABLE, None, None),
        (upstreams.closing_midway, LabFailure.UNREACHABLE, None, None),
        (upstreams.answering(400, b'{"error": "no such"}'), LabFailure.REFUSED, 400, "no such"),
        (upstreams.answering(503, b"busy\n"), LabFailure.REFUSED, 503, "busy"),
        (
            upstreams.answering(302, b"", extra=b"Location: /y\r\n"),
            LabFailure.REFUSED,
            302,
            "",
        ),
        (upstreams.answering(200, b"<p>"), LabFailure.BAD_ANSWER, 200, "the answer is not JSON"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_each_failure_has_its_kind_and_its_parts(
    behave: Callable[[socket.socket], None],
    expected: LabFailure,
    status: int | None,
    detail: str | None,
) -> None:
    error = failure(behave)
    assert (error.failure, error.status, error.sent) == (expected, status, True)
    assert error.url.endswith("/x")
    assert detail is None or error.detail == detail


def test_the_deadline_covers_the_whole_call() -> None:
    started = time.monotonic()
    error = failure(upstreams.trickling_body)
    assert SECONDS <= time.monotonic() - started < SECONDS * 10
    assert str(error).endswith("did not answer in 0.3 s")


def test_a_refused_connection_certainly_sent_nothing() -> None:
    (port,) = free_ports(1)
    with pytest.raises(LabError) as caught:
        LabClient(f"http://127.0.0.1:{port}").call("POST", "/x", body={})
    error = caught.value
    assert (error.failure, error.sent) == (LabFailure.UNREACHABLE, False)
    assert str(error) == f"http://127.0.0.1:{port}/x can't be reached (connection refused)"


def test_a_refusal_keeps_the_other_sides_json() -> None:
    error = failure(upstreams.answering(409, b'{"status": "CANCELLED"}'))
    assert error.body == {"status": "CANCELLED"}


def test_what_is_missing_may_be_none() -> None:
    with upstreams.server(upstreams.answering(404, b'{"error": "not found"}')) as url:
        assert LabClient(url).call("GET", "/x", missing_ok=True) is None
        with pytest.raises(LabError, match="404"):
            LabClient(url).call("GET", "/x")


def test_an_answer_over_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_MAX_ANSWER_BYTES", 10)
    error = failure(upstreams.answering(200, b'"0123456789"'))
    assert (error.failure, error.detail) == (
        LabFailure.BAD_ANSWER,
        "the answer is over 10 bytes",
    )


def test_a_thread_keeps_its_connection() -> None:
    accepted: list[socket.socket] = []
    answer = upstreams.answering()

    def behave(connection: socket.socket) -> None:
        accepted.append(connection)
        answer(connection)

    with upstreams.server(behave) as url:

        def call_three_times() -> None:
            for _ in range(3):
                assert LabClient(url).call("GET", "/x") == {"ok": True}

        threads = [threading.Thread(target=call_three_times) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(accepted) == 2


@pytest.mark.parametrize(
    ("status", "body", "expected"), [(200, b"<p>", True), (200, b"{}", True), (503, b"{}", False)]
)
def test_a_process_answers_when_its_status_is_200(status: int, body: bytes, expected: bool) -> None:
    with upstreams.server(upstreams.answering(status, body)) as url:
        assert answers(f"{url}/readyz") is expected
    assert not answers(f"{url}/readyz")
