"""Shapes of ordinary instrumentations, and what is said of each, whatever the services' names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from telemetry.records import SpanLink
from tests.evidence.calls.run import Run, codes, headline, texts

if TYPE_CHECKING:
    from telemetry.records import Span

NAMES = [("cart", "price"), ("api", "worker"), ("worker", "api"), ("client", "observer")]
names = pytest.mark.parametrize(("caller", "callee"), NAMES)


def served(run: Run, caller: str, end: float, **attributes: Any) -> Span:
    """The request within which the caller calls."""
    return run.span(caller, "GET /cart", 0, end, kind="SERVER", more=attributes)


@names
@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9"),
        ("java.net.ConnectException", "Connection refused"),
        ("httpx.ConnectError", "[Errno 111] Connection refused"),
    ],
)
def test_a_refused_call_certainly_did_not_arrive(
    caller: str, callee: str, error: str, message: str
) -> None:
    run = Run()
    root = served(run, caller, 20, http__response__status_code=503, error__type="503")
    more = {"error.type": error, "server.address": callee}
    run.span(caller, "GET", 2, 4, parent=root, kind="CLIENT", message=message, more=more)
    assert headline(run) == f"{caller} did not reach {callee}"
    assert texts(run, "certain") == [
        f"The call did not reach {callee}: its connection was refused."
    ]
    assert any(error in text for text in texts(run, "fact"))
    assert [one["outcome"] for one in run.evidence()["messages"]] == ["refused"]


@names
def test_a_caller_that_gave_up_while_its_callee_worked(caller: str, callee: str) -> None:
    run = Run()
    root = served(run, caller, 1_010, message="timed out", http__response__status_code=503)
    error = {"error.type": "java.net.http.HttpTimeoutException"}
    call = run.span(caller, "GET", 2, 1_002, parent=root, kind="CLIENT", message="x", more=error)
    run.span(callee, "GET /price", 5, 2_510, parent=call, kind="SERVER", http__status_code=200)
    facts = texts(run, "fact")
    assert headline(run) == f"{caller} gave up while {callee} was at work"
    assert facts[0].startswith(f"{caller} gave up its call “GET” to {callee} after 1,000 ms")
    too_late = "ended 1,508 ms later: an answer at its end came too late."
    assert f"{callee} was still at work then and {too_late}" in facts
    assert not any("nothing" in text.lower() for text in texts(run))
    assert [one["outcome"] for one in run.evidence()["messages"]] == ["delivered", "late"]


def test_an_answer_of_500_arrived_though_its_callee_sends_no_telemetry() -> None:
    run = Run()
    root = served(run, "cart", 20, message="x", http__response__status_code=502)
    more = {
        "error.type": "500",
        "http.response.status_code": 500,
        "server.address": "price.internal",
    }
    run.span("cart", "GET", 2, 10, parent=root, kind="CLIENT", more=more)
    [certain] = texts(run, "certain")
    assert certain.startswith("It arrived and was answered 500, by price.internal or by something")
    assert certain.endswith("; cart did not give up.")
    assert texts(run, "unknown") == [
        "What price.internal did before it answered cannot be known from these records."
    ]
    assert [one["outcome"] for one in run.evidence()["messages"]] == ["delivered", "delivered"]


def test_services_that_are_named_like_the_labs_get_their_own_words() -> None:
    run = Run()
    root = run.span("api", "GET /report", 0, 100, kind="SERVER")
    call = run.span("api", "GET", 2, 90, parent=root, kind="CLIENT", server__address="worker")
    work = run.span("worker", "GET /render", 5, 85, parent=call, kind="SERVER")
    database = {"db.system": "postgresql", "server.address": "db"}
    run.span("worker", "SELECT", 10, 20, parent=work, kind="CLIENT", more=database)
    found = run.evidence()
    assert found["of"] == "calls"
    assert found["lanes"] == ["api", "worker", "postgresql (db)"]
    assert found["perspectives"] == ["all", "api", "worker"]
    assert found["diagnosis"]["headline"] == "No error on record"
    assert {one["outcome"] for one in found["messages"]} == {"delivered"}
    assert {one["label"] for one in found["messages"]} == {"GET", "SELECT", "answer"}
    written = " ".join(
        texts(run) + texts(run, perspective="api") + texts(run, perspective="worker")
    )
    assert not any(
        word in written.lower() for word in ("order", "job", "the api", "stock", "callback")
    )


def test_a_log_that_sounds_like_an_orders_makes_no_order() -> None:
    run = Run()
    run.log("shop", "order confirmed", 1)
    run.span("shop", "GET /", 0, 5, kind="SERVER")
    assert run.evidence()["of"] == "calls"


@names
def test_work_after_an_answer_is_no_clock_that_disagrees(caller: str, callee: str) -> None:
    run = Run()
    root = served(run, caller, 60)
    call = run.span(caller, "POST", 2, 50, parent=root, kind="CLIENT", http__status_code=200)
    run.span(callee, "POST /mail", 5, 2_500, parent=call, kind="SERVER")
    assert headline(run) == f"No error on record; {callee} worked on after its answer"
    assert "calls.served_on" in codes(run)
    assert "caveat.clocks" not in codes(run)


def test_the_old_conventions_name_the_callee_and_the_failure() -> None:
    run = Run()
    root = served(run, "cart", 20, message="x", http__status_code=503)
    url = {"http.method": "GET", "http.url": "http://price.internal:8080/p"}
    raised = ("httpx.ConnectError", "[Errno 111] Connection refused")
    run.span(
        *("cart", "GET", 2, 4),
        parent=root,
        kind="CLIENT",
        message="ConnectError: [Errno 111]",
        exception=raised,
        more=url,
    )
    assert headline(run) == "cart did not reach price.internal:8080"
    assert "(httpx.ConnectError)" in texts(run, "fact")[0]


@names
def test_one_call_that_arrived_twice(caller: str, callee: str) -> None:
    run = Run()
    root = served(run, caller, 60)
    call = run.span(caller, "POST", 2, 50, parent=root, kind="CLIENT", http__status_code=200)
    for start in (5, 6):
        run.span(callee, "POST /charge", start, start + 35, parent=call, kind="SERVER")
    assert headline(run) == f"One call arrived 2 times at {callee}"
    assert f"One call, “POST” of {caller}, arrived 2 times at {callee}." in texts(run, "fact")


def test_a_late_log_does_not_stretch_what_is_said() -> None:
    run = Run()
    run.span("web", "GET /x", 0, 100, kind="SERVER")
    run.log("web", "late", 20_000)
    assert any(text.startswith("It took 100 ms") for text in texts(run, "fact"))


def test_a_trace_of_logs_alone_says_what_was_logged() -> None:
    run = Run()
    run.log("lonely", "only a log", 1, severity=17)
    assert headline(run) == "lonely logged an error"
    assert texts(run, "fact")[0] == "lonely logged: only a log"


def test_of_a_wait_it_is_said_for_whom() -> None:
    run = Run()
    root = served(run, "cart", 300)
    more = {"server.address": "price", "url.full": "http://price/apples"}
    call = run.span("cart", "GET", 10, 210, parent=root, kind="CLIENT", more=more)
    run.span("price", "GET /{fruit}", 200, 210, parent=call, kind="SERVER")
    run.span("cart", "GET", 220, 250, parent=root, kind="CLIENT")
    assert texts(run, "fact")[-1].endswith(
        "most of it: 190 ms in which cart waited for “GET /apples” of price, 70 ms in “GET /cart”"
        " of cart, 30 ms in which cart waited for “GET”."
    )


LOGGED = "price logged: the store did not answer"


def test_what_a_callee_without_spans_has_logged_is_known_of_it() -> None:
    run = Run()
    more = {"server.address": "price", "http.response.status_code": 502, "error.type": "502"}
    run.span("cart", "GET", 0, 100, kind="CLIENT", message="502", more=more)
    run.log("price", "the store did not answer", 50, severity=17)
    assert LOGGED in texts(run, "fact")
    assert texts(run, "unknown") == [
        "What else price did before it answered cannot be known from these records."
    ]
    moments = run.evidence()["truths"]["moments"]
    assert [each["callee"]["text"] for each in moments] == [
        "has nothing on record",
        "has logged: the store did not answer",
        "has logged: the store did not answer",
    ]
    of_cart = [each["text"] for each in run.evidence("cart")["diagnosis"]["sentences"]]
    assert LOGGED not in of_cart
    assert "What price did before it answered cannot be known from these records." in of_cart


def test_a_callee_without_spans_that_logged_was_called_though_not_known_by_which_call() -> None:
    run = Run()
    more = {"server.address": "price", "error.type": "ReadTimeout"}
    run.span("cart", "GET", 0, 100, kind="CLIENT", message="timed out", more=more)
    run.log("price", "before it", -50)
    assert "calls.arrival_unknown" in codes(run)
    run.log("price", "the store did not answer", 50)
    assert LOGGED in texts(run, "fact")
    assert [text.partition(" cannot")[0] for text in texts(run, "unknown")] == [
        "Whether it was the call “GET” that came to price"
    ]


def test_what_a_callee_with_spans_has_logged_stands_in_its_spans() -> None:
    run = Run()
    more = {"server.address": "price", "error.type": "ReadTimeout"}
    run.span("cart", "GET", 0, 100, kind="CLIENT", message="timed out", more=more)
    run.span("price", "nightly", 10, 20)
    run.log("price", "the store did not answer", 50)
    assert LOGGED not in texts(run, "fact")


@pytest.mark.parametrize("by", ["parent", "link"])
def test_a_message_goes_from_its_sender_by_its_queue_to_its_taker(by: str) -> None:
    run = Run()
    root = run.span("web", "POST /upload", 0, 20, kind="SERVER")
    queue = {"messaging.system": "rabbitmq", "messaging.destination.name": "images"}
    sent = run.span("web", "images publish", 5, 7, parent=root, kind="PRODUCER", more=queue)
    taken = run.span(
        *("resizer", "images process", 500, 900),
        parent=sent if by == "parent" else None,
        links=(sent,) if by == "link" else (),
        kind="CONSUMER",
        message="bad image",
        more=queue,
    )
    # As the case has it: a link into another trace beside.
    elsewhere = SpanLink("e" * 32, "4" * 16)
    run.spans[-1] = replace(taken, links=[*taken.links, elsewhere])
    found = run.evidence()
    [message] = found["messages"]
    assert (message["from"], message["to"], message["label"]) == ("web", "resizer", "images")
    assert found["diagnosis"]["headline"] == "resizer failed at a message from images"
    facts = texts(run, "fact")
    assert "In resizer, “images process” failed: bad image" in facts
    assert (
        "A message of web waited 493 ms in images until resizer took it, by the clocks of both."
        in facts
    )
