from __future__ import annotations

from evidence.checklist import FIELDS, Entry, checklist
from evidence.perspective import Perspective, seen_from
from evidence.trace import Trace
from tests.evidence import build


def entries(story: build.Story, perspective: Perspective = "all") -> dict[str, Entry]:
    seen = seen_from(Trace(story.spans, story.logs), perspective=perspective)
    return {entry.field: entry for entry in checklist(seen)}


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
    missing = {one.service: one.why for one in entries(build.a_socket())["httpStatus"].missing}
    assert missing["worker"] == "worker has no record of this request"
    assert missing["api"] == "no answer came to api"


def test_a_healthy_order_misses_the_error_kind_because_nothing_failed() -> None:
    missing = {one.service: one.why for one in entries(build.happy())["errorKind"].missing}
    assert missing["api"] == "no call of api failed"


def test_a_perspective_says_that_the_other_side_is_hidden() -> None:
    missing = {one.service: one.why for one in entries(build.happy(), "api")["boundary"].missing}
    assert missing == {"worker": "hidden: this side cannot see the records of worker"}


def test_a_worker_that_called_nobody_is_told_apart_from_one_that_forgot_a_field() -> None:
    missing = {one.service: one.why for one in entries(build.crash())["timeoutMs"].missing}
    assert missing["worker"] == "worker called nobody across a boundary"


def test_the_records_shown_for_a_field_are_bounded() -> None:
    story = build.Story()
    root = story.span("api", "order.place", 0, 1)
    for ms in range(100):
        story.log(root, "order accepted (pending)", ms)
    assert all(len(entry.found) <= 6 for entry in entries(story).values())
