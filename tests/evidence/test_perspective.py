from __future__ import annotations

from evidence.model.perspective import seen_from
from evidence.model.trace import Trace, service
from tests.evidence import build


def test_all_hides_nothing() -> None:
    story = build.happy()
    seen = seen_from(Trace(story.spans, story.logs), perspective="all")
    assert len(seen.trace.spans) == len(story.spans)
    assert (seen.hidden_spans, seen.hidden_logs) == (0, 0)


def test_a_side_sees_its_own_records_and_counts_the_others() -> None:
    story = build.happy()
    seen = seen_from(Trace(story.spans, story.logs), perspective="api")
    assert {service(record) for record in seen.trace.records} == {"api"}
    assert seen.hidden_spans == sum(service(span) != "api" for span in story.spans) > 0
    assert seen.hidden_logs == sum(service(log) != "api" for log in story.logs) > 0


def test_a_side_without_records_sees_nothing() -> None:
    story = build.shop()
    seen = seen_from(Trace(story.spans, story.logs), perspective="worker")
    assert not seen.trace
    assert seen.hidden_spans == len(story.spans)
