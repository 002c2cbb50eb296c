from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.model.perspective import Perspective, seen_from
from evidence.model.trace import Trace
from evidence.orders.checklist import FIELDS, checklist
from evidence.rendering import text_of
from tests.evidence import build

if TYPE_CHECKING:
    from evidence.model.checklist import Entry
    from telemetry.records import LogRecord, Span


def entries(story: build.Story, perspective: Perspective = "all") -> dict[str, Entry]:
    seen = seen_from(Trace(story.spans, story.logs), perspective=perspective)
    return {entry.field: entry for entry in checklist(seen)}


def reasons(entry: Entry) -> dict[str, str]:
    """Why no record of a service carries the field, by service."""
    return {one.service: text_of(one.why) for one in entry.missing}


def test_it_has_the_ten_fields_in_order() -> None:
    assert list(entries(build.happy())) == list(FIELDS)
    assert len(FIELDS) == 10


def test_a_field_is_found_with_record_service_and_value() -> None:
    story = build.a_socket()
    line = next(log for log in story.logs if log.body == "failed to deliver job to worker")
    found = entries(story)["errorKind"].found[0]
    assert (found.proof.type, found.proof.id, found.proof.service) == ("log", str(line.seq), "api")
    assert found.value == "connect_refused"


def test_a_refused_job_shows_boundary_timeout_and_attempt_but_no_status() -> None:
    shown = entries(build.a_socket())
    values = {field: {found.value for found in shown[field].found} for field in shown}
    assert values["boundary"] == {"api->worker"}
    assert values["timeoutMs"] == {"800"}
    assert values["attempt"] == {"1"}
    assert values["elapsedMs"] == {"3"}
    assert values["requestId"] == {build.REQUEST_ID}
    assert values["orderId"] == {build.ORDER_ID}
    assert values["traceId"] == {build.TRACE_ID}
    assert values["httpStatus"] == set()


def test_what_is_missing_names_the_service_and_the_reason() -> None:
    missing = reasons(entries(build.a_socket())["httpStatus"])
    assert missing["worker"] == "no call across a boundary on record"
    assert missing["api"] == "no answer came"
    assert reasons(entries(build.a_socket())["orderId"]) == {"worker": "no record of this request"}


def test_a_healthy_order_misses_the_error_kind_because_nothing_failed() -> None:
    missing = reasons(entries(build.happy())["errorKind"])
    assert missing["api"] == "no call failed"


def test_under_a_perspective_the_reason_is_that_the_other_side_is_hidden() -> None:
    missing = reasons(entries(build.happy(), "api")["boundary"])
    assert missing == {"worker": "hidden from this side"}


def test_a_worker_that_called_nobody_differs_from_one_that_forgot_a_field() -> None:
    missing = reasons(entries(build.crash())["timeoutMs"])
    assert missing["worker"] == "no call across a boundary on record"


def test_the_records_shown_for_a_field_are_bounded() -> None:
    story = build.Story()
    root = story.span("api", "order.place", 0, 1)
    for ms in range(100):
        story.log(root, "order accepted (pending)", ms)
    assert all(len(entry.found) <= 6 for entry in entries(story).values())


def test_a_field_is_found_only_where_every_service_has_it_that_the_question_needs_it_of() -> None:
    states = {field: entry.state for field, entry in entries(build.a_socket()).items()}
    assert states["orderId"] == "partly"
    assert states["errorKind"] == "found"
    assert states["httpStatus"] == "not_needed"
    healthy = {field: entry.state for field, entry in entries(build.happy()).items()}
    assert healthy["orderId"] == "found"
    assert healthy["errorKind"] == "not_needed"


def test_a_field_that_a_caller_lacks_is_found_at_the_other_alone() -> None:
    story = build.b_socket()
    records: list[Span | LogRecord] = [*story.spans, *story.logs]
    for record in records:
        if record.resource.service_name == "worker":
            for name in ("timeoutMs", "lab.timeout_ms"):
                record.attributes.pop(name, None)  # type: ignore[attr-defined]
    story.spans = [span for span in story.spans if span.resource.service_name != "client"]
    assert entries(story)["timeoutMs"].state == "partly"
    assert entries(story, "api")["timeoutMs"].state == "found"
    assert entries(story, "worker")["timeoutMs"].state == "missing"
    assert reasons(entries(story)["timeoutMs"]) == {"worker": "no record carries it"}


def test_a_name_for_an_unknown_kind_of_failure_is_no_kind() -> None:
    story = build.Story()
    story.span("client", "order.click", 0, 4, kind="CLIENT", error="x", error__type="_OTHER")
    entry = entries(story)["errorKind"]
    assert (entry.found, entry.state) == ((), "missing")
    assert reasons(entry) == {"client": "no record carries it"}


def test_the_status_of_a_services_own_answer_is_not_that_of_the_answer_that_it_got() -> None:
    story = build.a_socket()
    server = next(span for span in story.spans if span.name == "POST /orders")
    attributes = {**server.attributes, "http.response.status_code": 201}
    story.change(server, attributes=attributes)
    entry = entries(story)["httpStatus"]
    assert (entry.found, entry.state) == ((), "not_needed")
    assert reasons(entry)["api"] == "no answer came"
