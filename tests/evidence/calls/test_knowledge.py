"""What a side could know by a moment is judged by its own records until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


def test_who_was_called_back_later_could_not_know_it_then() -> None:
    run = called_back(1_500)
    assert "calls.could_not_know" in codes(run)


@pytest.mark.parametrize("perspective", ["all", "shop"])
def test_what_a_side_has_on_record_is_never_unknown(perspective: str) -> None:
    run = Run()
    root = run.span("shop", "GET /", 0, 100, kind="SERVER")
    run.span("shop", "GET", 2, 9, parent=root, kind="CLIENT", http__status_code=503)
    assert not any("reached" in text for text in texts(run, "unknown", perspective=perspective))


def test_from_the_side_of_a_callee_its_caller_is_open() -> None:
    run = called_back(500)
    assert {"calls.caller_hidden"} <= codes(run, "bank")
    assert not any("gave up" in text for text in texts(run, perspective="bank"))
