"""The supervisor starts its processes, restarts those that exit, reports those that can't start."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from base import loops
from base.client import answers
from supervision import signalling
from supervision.errors import StartError
from supervision.process import Process
from supervision.process_faults import ProcessFaults
from supervision.supervisor import Supervisor
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = """
import http.server, pathlib, sys, time
if pathlib.Path(sys.argv[2] + "-broken").exists():
    sys.exit(3)
if pathlib.Path(sys.argv[2] + "-slow").exists():
    time.sleep(60)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def process(name: str, directory: Path) -> Process:
    """Describe one that answers; the file ``{name}-broken`` or ``-slow`` prevents it at a start."""
    [port] = free_ports(1)
    return Process(
        name=name,
        argv=[sys.executable, "-c", SERVER, str(port), str(directory / name)],
        ready_url=f"http://127.0.0.1:{port}/readyz",
        environ=dict(os.environ),
        directory=ROOT,
    )


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor([process("observer", tmp_path), process("worker", tmp_path)], directory=ROOT)
    yield made
    made.stop()


@contextmanager
def watched(supervisor: Supervisor) -> Iterator[None]:
    """Watch in a thread, as the main one does."""
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    yield
    supervisor.request_stop()
    thread.join(10)
    assert not thread.is_alive()


def pids(supervisor: Supervisor) -> list[int]:
    return [each.pid for each in supervisor.processes.values() if each.pid is not None]


def reaper(supervisor: Supervisor) -> int:
    pid = supervisor.last_resort.pid
    assert pid is not None
    return pid


def test_it_starts_all_and_stops_all(supervisor: Supervisor) -> None:
    supervisor.start()
    assert all(answers(each.ready_url) for each in supervisor.processes.values())
    started = [*pids(supervisor), reaper(supervisor)]
    supervisor.stop()
    assert len(started) == 3
    assert not any(signalling.is_alive(pid) for pid in started)
    supervisor.stop()
    assert {each.state for each in supervisor.processes.values()} == {"stopped"}


def test_a_process_that_exits_is_restarted(supervisor: Supervisor) -> None:
    supervisor.start()
    worker = supervisor.processes["worker"]
    killed = worker.pid
    assert killed is not None
    with watched(supervisor):
        signalling.kill(killed)
        eventually(lambda: worker.pid not in (None, killed) and worker.state == "running")
    assert answers(worker.ready_url)


def test_a_crash_that_is_a_fault_is_left_alone(supervisor: Supervisor) -> None:
    supervisor.start()
    observer, worker = supervisor.processes.values()
    with watched(supervisor):
        worker.kill()
        killed = observer.pid
        assert killed is not None
        signalling.kill(killed)
        # Both were looked at once the other one is there again.
        eventually(lambda: observer.pid not in (None, killed) and observer.state == "running")
        assert (worker.pid, worker.state) == (None, "crashed")


def test_a_process_that_can_not_start_is_reported_and_delays_no_other(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start()
    observer, worker = supervisor.processes.values()
    broken = tmp_path / "observer-broken"
    broken.touch()
    with watched(supervisor):
        for each in pids(supervisor):
            signalling.kill(each)
        eventually(lambda: answers(worker.ready_url), seconds=20)
        [problem] = eventually(loops.problems)
        assert (problem.code, problem.params["loop"]) == ("loop_failing", "watch")
        assert "observer ended with code 3" in str(problem.params["error"])
        broken.unlink()
        eventually(lambda: answers(observer.ready_url), seconds=20)
        eventually(lambda: not loops.problems())


def test_a_start_that_fails_leaves_nothing(supervisor: Supervisor, tmp_path: Path) -> None:
    (tmp_path / "worker-broken").touch()
    with pytest.raises(StartError, match="worker ended with code 3"):
        supervisor.start()
    assert pids(supervisor) == []
    assert supervisor.last_resort.pid is None


def test_when_it_has_been_killed_its_processes_are_terminated(supervisor: Supervisor) -> None:
    supervisor.start()
    started = list(supervisor.processes.values())
    popen = supervisor.last_resort._popen
    assert popen is not None
    assert popen.stdin is not None
    # What the system does with the pipe when the supervisor is killed.
    popen.stdin.close()
    eventually(lambda: all(each.exit_code is not None for each in started))
    assert popen.wait(10) == 0
    supervisor.last_resort._popen = None


def test_a_killed_reaper_is_noticed_and_replaced_by_one_that_knows_all(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor.start()
    first = reaper(supervisor)
    with watched(supervisor):
        signalling.kill(first)
        eventually(lambda: supervisor.last_resort.pid not in (None, first))
        assert "the reaper" in caplog.text
        eventually(lambda: set(supervisor.last_resort._known) == set(pids(supervisor)))


def test_the_reaper_forgets_a_process_that_has_been_restarted(supervisor: Supervisor) -> None:
    supervisor.start()
    worker = supervisor.processes["worker"]
    killed = worker.pid
    assert killed is not None
    with watched(supervisor):
        signalling.kill(killed)
        eventually(lambda: worker.pid not in (None, killed) and worker.state == "running")
        eventually(lambda: set(supervisor.last_resort._known) == set(pids(supervisor)))


def test_a_process_that_is_slow_to_start_delays_neither_a_pause_of_another_nor_the_stop(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start()
    observer, worker = supervisor.processes.values()
    (tmp_path / "observer-slow").touch()
    faults = ProcessFaults(supervisor)
    with watched(supervisor):
        killed = observer.pid
        assert killed is not None
        signalling.kill(killed)
        eventually(lambda: observer.state == "starting")
        began = time.monotonic()
        faults.set("worker", {"id": "one", "kind": "pause"})
        assert worker.state == "paused"
        faults.heal("one")
        assert (worker.state, observer.state) == ("running", "starting")
        assert time.monotonic() - began < 1
    supervisor.stop()
    assert time.monotonic() - began < 5
    assert pids(supervisor) == []


def test_who_has_run_well_for_a_time_has_its_fast_restarts_again(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def no_wait(_condition: object, *, seconds: float) -> bool:
        waits.append(seconds)
        return False

    monkeypatch.setattr("supervision.supervisor.wait_until", no_wait)
    monkeypatch.setattr("supervision.supervisor._FAST_FAILURES", 2)
    supervisor.start()
    worker = supervisor.processes["worker"]

    def fail() -> None:
        assert worker.pid is not None
        signalling.kill(worker.pid)
        eventually(lambda: worker.exit_code is not None)
        supervisor._check()
        assert worker.state == "running"

    for waited in (0, 0, 1):
        fail()
        assert len(waits) == waited
    assert worker.ready_at is not None
    worker.ready_at -= 60
    fail()
    fail()
    assert len(waits) == 1
