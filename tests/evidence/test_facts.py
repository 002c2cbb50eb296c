from __future__ import annotations

from itertools import combinations

import pytest

from evidence.model.perspective import seen_from
from evidence.model.trace import Trace
from evidence.orders.facts import facts, reservations
from tests.evidence import build

# From the least to the greatest: what the worker writes, and what it then has done.
OUTCOMES = [
    ("job accepted", "accepted"),
    ("job not begun: its deadline has passed", "declined"),
    ("stock rejected (sold out)", "rejected"),
    ("stock reserved", "reserved"),
    ("stock released", "released"),
]


def worker_logs(*lines: str) -> build.Story:
    story = build.Story()
    server = story.span("worker", "POST /jobs/reserve-stock", 0, 90, kind="SERVER")
    for ms, line in enumerate(lines, start=1):
        story.log(server, line, ms)
    return story


def values(story: build.Story) -> list[str]:
    seen = seen_from(Trace(story.spans, story.logs), perspective="all")
    return [change.value for change in facts(seen)]


@pytest.mark.parametrize(("lesser", "greater"), [*combinations(OUTCOMES, 2)])
def test_a_greater_outcome_follows_a_lesser_one_and_a_lesser_changes_nothing(
    lesser: tuple[str, str], greater: tuple[str, str]
) -> None:
    assert values(worker_logs(lesser[0], greater[0])) == ["nothing", lesser[1], greater[1]]
    assert values(worker_logs(greater[0], lesser[0])) == ["nothing", greater[1]]


def test_a_job_of_a_cancelled_order_is_declined() -> None:
    assert values(worker_logs("job of a cancelled order: nothing reserved"))[-1] == "declined"


def test_each_log_line_of_the_worker_is_a_reservation_and_no_other_services() -> None:
    story = worker_logs("stock reserved", "job accepted", "stock reserved")
    other = story.span("shop", "x", 0, 9)
    story.log(other, "stock reserved", 5)
    assert [log.seq for log in reservations(Trace(story.spans, story.logs))] == [
        story.logs[0].seq,
        story.logs[2].seq,
    ]


def test_without_log_lines_the_spans_that_reserved_count() -> None:
    story = build.Story()
    for start, outcome in ((0, "RESERVED"), (10, "REJECTED"), (20, "RESERVED")):
        story.span("worker", "stock.reserve", start, start + 5, lab__reservation=outcome)
    story.span("worker", "stock.reserve", 30, None, lab__reservation="RESERVED")
    found = reservations(Trace(story.spans, story.logs))
    assert found == (story.spans[0], story.spans[2])
    story.log(story.spans[0], "stock reserved", 4)
    assert reservations(Trace(story.spans, story.logs)) == (story.logs[0],)
