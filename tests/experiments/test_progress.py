"""A run's state keeps what each step observed or why it failed, in English and as a message."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest
from chaoslib.exceptions import ActivityFailed
from django.utils.translation import override

from base.message import Message
from experiments import actions
from experiments.observing.observation import of_each
from experiments.runs import session
from experiments.runs.progress import Progress
from experiments.texts import plain
from experiments.wording import run_json

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP = {"name": "heal", "type": "action"}
PROBE = {"name": "all in one trace", "type": "probe"}


@pytest.fixture
def progress() -> Iterator[Progress]:
    """The progress of a run of a lab that nobody has to answer for."""
    session.reset()
    state = {"title": "C: the worker is slow", "steps": [], "observed": [], "reason": ""}
    made = Progress(state, lambda _state: None)
    made.session = session.current({})
    made.start_method({})
    yield made
    session.reset()


def failed(error: Exception) -> dict[str, Any]:
    """A run of an activity as Chaos Toolkit has it."""
    return {"status": "failed", "exception": traceback.format_exception(error)}


def test_a_refused_activity_leaves_its_message(progress: Progress) -> None:
    progress.start_activity(STEP)
    with pytest.raises(ActivityFailed) as refused:
        actions.place_orders(count=0)
    progress.activity_completed(STEP, failed(refused.value))
    [step] = progress.state["steps"]
    assert (step["status"], step["text"]) == ("failed", "count must be from 1 to 100000")
    with override("ja"):
        translated = run_json(progress.state)
    assert translated["steps"][0]["text"] == "countは1～100000で指定してください"


def test_the_next_failure_does_not_inherit_it(progress: Progress) -> None:
    with pytest.raises(ActivityFailed):
        actions.place_orders(count=0)
    progress.start_activity(STEP)
    progress.activity_completed(STEP, failed(ValueError("of another's making")))
    [step] = progress.state["steps"]
    assert step["text"] == "ValueError: of another's making"
    assert "message" not in step


def test_an_observation_is_kept_with_its_messages(progress: Progress) -> None:
    found = of_each(Message("observed.traces"), [], expected=plain("x"))
    progress.start_activity(PROBE)
    progress.activity_completed(PROBE, {"status": "succeeded", "output": found})
    assert progress.state["observed"] == [{"name": PROBE["name"], **found}]
    [step] = progress.state["steps"]
    assert (step["status"], step["text"]) == ("deviated", "nothing was sent")
    with override("ja"):
        translated = run_json(progress.state)
    assert translated["observed"][0]["actual"] == translated["steps"][0]["text"]
    assert translated["observed"][0]["actual"] != "nothing was sent"


def test_an_observation_of_another_probe_needs_no_messages(progress: Progress) -> None:
    own = {"text": "mine", "expected": "1", "actual": "1", "ok": True}
    progress.start_activity(PROBE)
    progress.activity_completed(PROBE, {"status": "succeeded", "output": own})
    with override("ja"):
        assert run_json(progress.state)["observed"][0]["actual"] == "1"
    assert progress.state["steps"][0]["status"] == "succeeded"
