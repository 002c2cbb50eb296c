"""What a side could know by a moment is judged by its own records until then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from telemetry.records import Resource
from tests.evidence.calls.run import Run, codes, texts

if TYPE_CHECKING:
    from telemetry.records import Span


def called_back(at: float) -> Run:
    """A caller that gets no answer, and whose callee calls it back."""
    run = Run()
    root = run.span("shop", "GET /", 0, 1_010, kind="SERVER")
    call = _call(run, root, "shop", 2, 1_002, failed=True)
    work = run.span("bank", "POST /pay", 5, 2_000, parent=call, kind="SERVER")
    run.span("shop", "POST /paid", at, at + 4, parent=_call(run, work, "bank", at - 2, at + 5))
    last = run.spans[-1]
    run.spans[-1] = run.span(
        *("shop", "POST /paid", at, at + 4), parent=last.parent_span_id, kind="SERVER"
    )
    run.spans.pop(-2)
    return run


def _call(
    run: Run, parent: Span, service: str, start: float, end: float, *, failed: bool = False
) -> Span:
    more = {"error.type": "ReadTimeout"} if failed else {"http.response.status_code": 200}
    return run.span(service, "POST", start, end, parent=parent, kind="CLIENT", more=more)


def test_who_was_called_back_before_giving_up_is_not_said_to_know_nothing() -> None:
    assert "calls.could_not_know" not in codes(called_back(500))
    assert "calls.arrival_unknown_to_side" not in codes(called_back(500), "shop")


@pytest.mark.parametrize("at", [500, 1_500])
def test_a_callback_may_show_its_taker_that_the_call_arrived(at: int) -> None:
    unknown = texts(called_back(at), "unknown", perspective="shop")
    assert unknown[0] == (
        "“POST /paid” came to shop afterwards. If the called side sent it because of this call,"
        " the call had arrived; these records do not show who sent it."
    )


def test_who_was_called_back_later_could_not_know_it_then() -> None:
    run = called_back(1_500)
    assert "calls.could_not_know" in codes(run)


@pytest.mark.parametrize("perspective", ["all", "shop"])
def test_what_a_side_has_on_record_is_never_unknown(perspective: str) -> None:
    run = Run()
    root = run.span("shop", "GET /", 0, 100, kind="SERVER")
    run.span("shop", "GET", 2, 9, parent=root, kind="CLIENT", http__status_code=503)
    assert not any("reached" in text for text in texts(run, "unknown", perspective=perspective))


def test_what_a_callee_did_after_its_caller_left_shows_that_it_was_at_work() -> None:
    run = Run()
    root = run.span("shop", "GET /", 0, 810, kind="SERVER")
    call = _call(run, root, "shop", 2, 802, failed=True)
    work = run.span("bank", "POST", 5, 806, parent=call, kind="SERVER")
    node = Resource({"service.name": "bank", "telemetry.sdk.language": "nodejs"})
    run.spans[-1] = replace(work, resource=node)
    assert "calls.ended_together_unknown" in codes(run)
    _call(run, work, "bank", 2_005, 2_030)
    assert "calls.ended_together_unknown" not in codes(run)
    facts = texts(run, "fact")
    assert any("bank was still at work then and ended 1,228 ms later" in each for each in facts)


def test_from_the_side_of_a_callee_its_caller_is_open() -> None:
    run = called_back(500)
    assert {"calls.caller_hidden"} <= codes(run, "bank")
    assert not any("gave up" in text for text in texts(run, perspective="bank"))
