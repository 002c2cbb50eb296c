"""The observer lists the problems of the processes' ``/readyz``; one that is down has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from base import loops
from labsite import problems
from labsite.problems import PROBLEMS
from telemetry.refused import Refused
from tests.support import upstreams
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from django.conf import LazySettings

pytestmark = [
    pytest.mark.django_db(databases=["default", "worker", "telemetry"], transaction=True),
    pytest.mark.urls("labsite.http.urls_observer"),
]


def answer(body: object) -> bytes:
    data = json.dumps(body).encode()
    return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data)


@pytest.fixture(autouse=True)
def _silent(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # What other tests have sent and was refused is named for some minutes.
    monkeypatch.setattr(problems, "REFUSED", Refused())
    for name in ("LAB_API_URL", "LAB_WORKER_URL", "LAB_CONTROL_URL", "TOXIPROXY_URL"):
        setattr(settings, name, f"http://127.0.0.1:{free_ports(1)[0]}")
    yield
    PROBLEMS.current, PROBLEMS.silent = [], []


def listed() -> list[dict[str, str]]:
    PROBLEMS._poll()
    problems: list[dict[str, str]] = (
        Client(headers={"host": "localhost"}).get("/api/problems").json()["problems"]
    )
    return problems


def test_processes_that_do_not_answer_have_no_problems() -> None:
    assert listed() == []


def test_a_service_that_does_not_answer_is_silent(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "_TIMEOUT_SECONDS", 0.2)

    def say_nothing(connection: socket.socket) -> None:
        upstreams.read_request(connection)

    ready = upstreams.answering(body=b'{"ok": true, "problems": []}')
    with upstreams.server(say_nothing) as stopped, upstreams.server(ready) as running:
        settings.LAB_API_URL, settings.LAB_WORKER_URL = stopped, running
        assert listed() == []
        assert PROBLEMS.as_json() == {"problems": [], "silent": ["api"]}


def test_what_another_process_says_is_listed(settings: LazySettings) -> None:
    params = {"loop": "relay-worker.callbackentry", "failures": 4, "error": "no"}
    body = {
        "ok": False,
        "service": "worker",
        "problems": [{"code": "loop_failing", "params": params}],
    }

    def behave(connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            assert request.startswith(b"GET /readyz ")
            connection.sendall(answer(body))

    with upstreams.server(behave) as url:
        settings.LAB_WORKER_URL = url
        assert listed() == [
            {
                "service": "worker",
                "code": "loop_failing",
                "loop": "relay-worker.callbackentry",
                "error": "no",
            }
        ]


@pytest.mark.parametrize("body", [1, None, [], {"problems": []}])
def test_an_answer_of_another_shape_is_no_problem(settings: LazySettings, body: object) -> None:
    def behave(connection: socket.socket) -> None:
        while upstreams.read_request(connection):
            connection.sendall(answer(body))

    with upstreams.server(behave) as url:
        settings.LAB_API_URL = url
        assert listed() == []


def test_a_loop_of_the_observer_is_listed_while_it_fails() -> None:
    def broken() -> None:
        raise ValueError("broken")

    loop = loops.Loop("live-news", broken, longest_pause=0.01)
    loop.start()
    try:
        [problem] = eventually(listed)
        assert (problem["loop"], problem["error"]) == ("live-news", "ValueError: broken")
    finally:
        loop.stop()
    assert listed() == []
