"""What a run's process writes is passed on; what is no state of the run is left out."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from base import loops
from experiments.runs.follower import Follower
from tests.support.waiting import eventually

RUN = {
    "runId": "one",
    "name": "a",
    "title": "A",
    "status": "running",
    "startedAt": "2026-01-01T00:00:00.000Z",
    "endedAt": None,
}
GARBAGE = ["1", "null", "[]", "{", '"text"', "{}", '{"status": "running"}', "\\xff\\xfe", ""]


class Followed:
    """Follows a process that writes ``lines``; the first call of ``ended`` may fail."""

    def __init__(self, *lines: str, fails: int = 0) -> None:
        script = "import sys; sys.stdout.buffer.write(sys.argv[1].encode('latin-1'))"
        self.states: list[dict[str, Any]] = []
        self.last: list[dict[str, Any]] = []
        self._fails = fails
        text = "".join(f"{line}\n" for line in lines)
        with subprocess.Popen(
            [sys.executable, "-c", script, text], stdout=subprocess.PIPE
        ) as process:
            Follower(process, RUN, changed=self.states.append, ended=self._ended).start()
            eventually(lambda: self.last)

    def _ended(self, state: dict[str, Any]) -> None:
        if self._fails:
            self._fails -= 1
            raise ValueError("not now")
        self.last.append(state)


def state(**changed: Any) -> str:
    return json.dumps({**RUN, **changed})


def test_each_state_is_passed_on_and_the_last_one_at_the_end() -> None:
    followed = Followed(state(title="B"), state(status="passed"))
    assert [each["title"] for each in followed.states] == ["B"]
    assert [each["status"] for each in followed.last] == ["passed"]


def test_lines_that_are_no_state_are_left_out() -> None:
    errors = loops.errors()
    followed = Followed(
        *GARBAGE, state(title="B"), *GARBAGE, state(runId="two"), state(status=5), state(title="C")
    )
    assert [each["title"] for each in followed.states] == ["B", "C"]
    assert loops.errors() == errors


def test_a_process_that_ends_without_a_last_state_has_failed() -> None:
    [last] = Followed("1").last
    assert (last["runId"], last["status"]) == ("one", "failed")
    assert last["endedAt"]


def test_the_end_is_passed_on_though_it_fails_at_first() -> None:
    assert len(Followed(state(status="passed"), fails=2).last) == 1
