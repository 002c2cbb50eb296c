"""What sentences say of calls to databases, by gRPC, through queues, and of a part of a trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.evaluation import evidence_of
from telemetry.records import Scope
from tests.evidence.calls.run import TRACE, Run, codes, headline, texts

QUEUE = {"messaging.system": "aws_sqs", "messaging.destination.name": "thumbs"}
GRPC = {"rpc.system": "grpc", "rpc.service": "shop.Orders", "rpc.method": "Get"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"db.system": "redis", "db.statement": "GET ?"}, "“GET” of store to redis"),
        (
            {"db.system": "redis", "db.statement": "GET ?", "server.address": "cache"},
            "“GET” of store to redis (cache)",
        ),
        (
            {"db.system": "redis", "db.statement": "GET ?", "peer.service": "cache"},
            "“GET redis” of store to cache",
        ),
        (
            {"db.system": "postgresql", "db.statement": "SELECT id FROM orders"},
            "“SELECT orders” of store to postgresql",
        ),
        (
            {"url.full": "https://pay.example/v1/charges", "server.address": "pay.example"},
            "“GET /v1/charges” of store to pay.example",
        ),
        (
            {"rpc.method": "shop.Prices/Get", "server.address": "price", "server.port": 9000},
            "“shop.Prices/Get” of store to price:9000",
        ),
        ({"server.address": "price"}, "“GET” of store to price"),
    ],
)
def test_a_call_is_named_without_repeating_whom_it_calls(
    more: dict[str, object], said: str
) -> None:
    run = Run()
    run.span("store", "GET", 0, 5, kind="CLIENT", more={**more, "error.type": "ECONNREFUSED"})
    assert texts(run, "fact") == [
        f"The call {said} failed after 5 ms: the connection was refused (ECONNREFUSED)."
    ]


def test_a_call_without_a_name_is_said_to_have_none() -> None:
    run = Run()
    run.span("store", "", 0, 5, kind="CLIENT", message="x", more={"server.address": "price"})
    assert texts(run, "fact")[0].startswith("The call “(no name)” of store to price failed")


def test_a_message_that_could_not_be_handed_over_names_its_queue_once() -> None:
    run = Run()
    more = {**QUEUE, "error.type": "ECONNREFUSED"}
    run.span("web", "thumbs send", 0, 5, kind="PRODUCER", more=more)
    assert headline(run) == "Handing a message of web to thumbs failed"
    [said] = texts(run, "fact")
    assert said.startswith("Handing over the message “thumbs send” of web failed after 5 ms:")


@pytest.mark.parametrize(("error", "kind"), [("ENOTFOUND", "dns"), ("CERT_HAS_EXPIRED", "tls")])
def test_a_name_and_a_certificate_are_no_side_that_was_not_started(error: str, kind: str) -> None:
    run = Run()
    more = {"server.address": "price", "error.type": error}
    run.span("cart", "GET", 0, 5, kind="CLIENT", message=error, more=more)
    found = codes(run)
    assert {f"unreached.{kind}", f"unreached_why.{kind}", f"unreached_settles.{kind}"} <= found
    assert "calls.unreached_why" not in found


def test_a_switch_in_the_code_is_the_reason() -> None:
    run = Run()
    more = {"server.address": "price", "error.type": "simulated_partition"}
    run.span("cart", "GET", 0, 5, kind="CLIENT", message="x", more=more)
    assert texts(run, "unknown") == []


@pytest.mark.parametrize("code", [1, 4])
def test_a_server_that_grpc_ended_with_its_caller_has_not_done_its_part(code: int) -> None:
    run = Run()
    more = {**GRPC, "rpc.grpc.status_code": 4}
    call = run.span("gateway", "shop.Orders/Get", 0, 500, kind="CLIENT", message="x", more=more)
    own = {**GRPC, "rpc.grpc.status_code": code}
    run.span(
        *("orders", "shop.Orders/Get", 5, 499), parent=call, kind="SERVER", message="x", more=own
    )
    if code == 4:
        assert headline(run) == "The call of gateway to orders failed"
        assert "calls.gave_up_or_answered" in codes(run)
        assert "calls.gave_up" not in codes(run)
    else:
        assert headline(run) == "gateway got no answer from orders"
    assert {"calls.ended_together", "calls.cancelled_together_unknown"} <= codes(run)
    assert {one["outcome"] for one in run.evidence()["messages"]} == {"delivered", "unknown"}
    assert "calls.answered_in_the_end" not in codes(run, "orders")


def test_a_server_that_failed_before_its_caller_gave_up_has_not_done_its_part() -> None:
    run = Run()
    more = {"server.address": "price", "error.type": "ReadTimeout"}
    call = run.span("cart", "GET", 0, 1_000, kind="CLIENT", message="x", more=more)
    own = {"http.response.status_code": 500}
    run.span("price", "GET /price", 5, 50, parent=call, kind="SERVER", message="x", more=own)
    assert headline(run) == "cart got no answer from price"
    assert "calls.ready_before" in codes(run)


def test_a_message_that_was_taken_again_after_its_taker_had_failed() -> None:
    run = Run()
    sent = run.span("web", "thumbs send", 0, 5, kind="PRODUCER", more=QUEUE)
    take = ("thumbnailer", "thumbs process")
    run.span(*take, 50, 90, parent=sent, kind="CONSUMER", message="too large", more=QUEUE)
    run.span(*take, 30_090, 30_100, parent=sent, kind="CONSUMER", more=QUEUE)
    assert headline(run) == "thumbnailer failed at a message from thumbs"
    again = "thumbnailer took it again 30,000 ms later, without a failure on record."
    assert texts(run, "fact")[:2] == [
        "In thumbnailer, “thumbs process” failed: too large",
        again,
    ]
    assert "calls.message_twice_why" in codes(run)
    assert "calls.twice_why" not in codes(run)
    assert again not in texts(run, perspective="thumbnailer")


def test_what_came_from_a_side_without_records_may_show_that_the_call_arrived() -> None:
    run = Run()
    more = {**GRPC, "rpc.grpc.status_code": 4, "server.address": "orders"}
    run.span("gateway", "shop.Orders/Get", 0, 500, kind="CLIENT", message="x", more=more)
    assert "calls.may_have_arrived" not in codes(run)
    run.span("stock", "shop.Stock/Reserve", 20, 900, parent="f" * 16, kind="SERVER")
    assert [text.partition(",")[0] for text in texts(run, "unknown")][1] == (
        "“shop.Stock/Reserve” came to stock afterwards"
    )
    assert "calls.may_have_arrived" not in codes(run, "gateway")


def test_a_text_that_repeats_its_exception_is_said_once() -> None:
    run = Run()
    error = ("KeyError", "'amount'")
    run.span("billing", "charge", 0, 5, message="KeyError: 'amount'", exception=error)
    assert texts(run, "fact") == ["In billing, “charge” failed (KeyError): 'amount'"]


def test_of_a_trace_that_was_read_in_part_nothing_is_said_of_the_rest() -> None:
    run = Run()
    run.span("shop", "work", 0, 5)
    found = evidence_of(run.spans, [], trace_id=TRACE, truncated=True)["diagnosis"]
    assert found["headline"] == "No error in the part that was read"
    assert found["sentences"][0]["text"] == (
        "All of this rests on the first 1 spans and 0 log records of the trace: what is missing"
        " here may be in the rest."
    )
    whole = evidence_of(run.spans, [], trace_id=TRACE)["diagnosis"]
    assert whole["headline"] == "No error on record"


@pytest.mark.parametrize(
    ("exception", "message", "more"),
    [
        ("psycopg.errors.QueryCanceled", "canceling statement due to statement timeout", {}),
        ("sqlalchemy.exc.IntegrityError", "duplicate key", {}),
        ("org.postgresql.util.PSQLException", "ERROR: duplicate key", {}),
        ("com.example.Wrapped", "no such table", {"db.response.status_code": "42P01"}),
        ("*mysql.MySQLError", "Duplicate entry", {"db.response.status_code": "1062"}),
        ("redis.exceptions.ResponseError", "WRONGTYPE", {}),
    ],
)
def test_an_error_of_the_database_is_its_answer(
    exception: str, message: str, more: dict[str, str]
) -> None:
    run = Run()
    more = {"db.system": "postgresql", "db.statement": "SELECT id FROM items", **more}
    run.span(
        *("store", "SELECT", 0, 50),
        kind="CLIENT",
        message=message,
        exception=(exception, message),
        more=more,
    )
    assert headline(run) == "postgresql answered store with an error"
    assert texts(run, "fact") == [
        (
            "The call “SELECT items” of store to postgresql failed after 50 ms: it is on record as"
            f" {exception}."
        ),
        f"The error says: {message}",
    ]
    assert {"calls.error_answered", "calls.before_unknown"} <= codes(run)
    assert [one["outcome"] for one in run.evidence()["messages"]] == ["delivered", "delivered"]


@pytest.mark.parametrize(
    ("exception", "message", "more"),
    [
        ("psycopg.OperationalError", "server closed the connection unexpectedly", {}),
        ("psycopg.errors.ConnectionTimeout", "connection timeout expired", {}),
        ("org.postgresql.util.PSQLException", "Connection refused", {}),
        ("java.sql.SQLException", "Connection reset", {"db.response.status_code": "08006"}),
        ("x", "Lost connection", {"db.response.status_code": "2013"}),
    ],
)
def test_what_a_databases_client_says_of_its_connection_is_no_answer(
    exception: str, message: str, more: dict[str, str]
) -> None:
    run = Run()
    more = {"db.system": "postgresql", "server.address": "db", **more}
    run.span(
        *("store", "SELECT", 0, 50),
        kind="CLIENT",
        message=message,
        exception=(exception, message),
        more=more,
    )
    assert "calls.error_answered" not in codes(run)


@pytest.mark.parametrize(("method", "is_certain"), [("GET", False), ("POST", True)])
def test_of_a_client_that_makes_a_call_anew_within_its_span_the_last_attempt_alone_is_certain(
    method: str, is_certain: bool
) -> None:
    run = Run()
    more = {"server.address": "price", "http.request.method": method}
    error = {"error.type": "java.net.ConnectException"}
    run.span("cart", method, 0, 50, kind="CLIENT", message="x", more={**more, **error})
    scope = Scope("io.opentelemetry.java-http-client")
    run.spans = [replace(run.spans[0], scope=scope)]
    assert ("unreached.connect_refused" in codes(run)) is is_certain
    assert ({"calls.last_attempt_unreached", "calls.attempts_unknown"} <= codes(run)) is (
        not is_certain
    )
    [message] = run.evidence()["messages"]
    assert message["outcome"] == ("refused" if is_certain else "unknown")
