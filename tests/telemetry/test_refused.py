"""What was refused is counted, within bounds, and is news for a while."""

from __future__ import annotations

from telemetry.refused import CODING, ORIGIN, SECONDS, Refused


def test_the_same_attempt_is_one_entry_with_its_count() -> None:
    refused = Refused()
    for _ in range(3):
        refused.count(ORIGIN, "https://app.example")
    refused.count(CODING, "br")
    assert refused.listed() == [
        {"code": ORIGIN, "value": "https://app.example", "count": 3},
        {"code": CODING, "value": "br", "count": 1},
    ]


def test_it_is_news_until_some_time_after_the_last_attempt() -> None:
    now = 0.0
    refused = Refused(clock=lambda: now)
    refused.count(CODING, "br")
    now = SECONDS
    assert refused.recent() == [(CODING, "br")]
    now = SECONDS + 1
    assert refused.recent() == []
    assert refused.listed() != []
    refused.count(CODING, "br")
    assert refused.recent() == [(CODING, "br")]


def test_a_sender_that_tries_a_thousand_things_takes_no_more_room() -> None:
    refused = Refused()
    for number in range(1_000):
        refused.count(CODING, str(number) + "x" * 1_000)
    assert len(refused.listed()) == 100
    assert max(len(each["value"]) for each in refused.listed()) == 100
    assert refused.listed()[-1]["value"].startswith("999")


def test_each_sender_of_metrics_is_told_once_and_all_points_are_counted() -> None:
    refused = Refused()
    notified = [refused.count_metrics(2, sender) for sender in ("a", "a", "b", "a")]
    assert notified == [True, False, True, False]
    assert refused.metric_points == 8
