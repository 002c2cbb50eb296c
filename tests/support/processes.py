"""The real lab on free ports: what the tests of the flow and of the page start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import requests

from base.client import answers
from supervision import signalling
from tests.support.lab import last_resort
from tests.support.lab.defences import turn_all_off
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
_PORTS = (
    "OBSERVER",
    "OTLP",
    "OTLP_GRPC",
    "API",
    "WORKER",
    "CLIENT_TO_API",
    "API_TO_WORKER",
    "WORKER_TO_API",
    "API_TO_DATABASE",
    "TOXIPROXY",
    "CONTROL",
)


class LabProcesses:
    """``manage.py lab`` in a directory of its own; a context manager."""

    program: tuple[str, ...] = ("manage.py", "lab")
    """The command, of Python's."""

    def __init__(self, directory: Path, *arguments: str, **environ: str) -> None:
        self.directory = directory
        self.arguments = arguments
        self.ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SIM_", "LAB_PORT_"))},
            "LAB_VAR_DIR": str(directory / "var"),
            **{f"LAB_PORT_{name}": str(port) for name, port in self.ports.items()},
            **backends(),
            **environ,
        }
        for name in ("LAB_SERVICE", "DJANGO_SETTINGS_MODULE"):
            self.environ.pop(name, None)
        self.log_path = directory / "lab.log"
        self.session = requests.Session()
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def observer_url(self) -> str:
        """The page, by the name under which its origin is known."""
        return f"http://localhost:{self.ports['OBSERVER']}"

    @property
    def client_url(self) -> str:
        """The API as a client reaches it, through its link."""
        return f"http://127.0.0.1:{self.ports['CLIENT_TO_API']}"

    @property
    def api_url(self) -> str:
        """The API itself, out of band."""
        return f"http://127.0.0.1:{self.ports['API']}"

    @property
    def worker_url(self) -> str:
        """The worker itself, out of band."""
        return f"http://127.0.0.1:{self.ports['WORKER']}"

    @property
    def toxiproxy_url(self) -> str:
        """The links' control API."""
        return f"http://127.0.0.1:{self.ports['TOXIPROXY']}"

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        assert self._popen is not None
        return self._popen.pid

    def pid_of(self, name: str) -> int:
        """The process id of one of the lab's processes, as the supervisor knows it."""
        secret = (self.directory / "var" / "secret").read_text(encoding="ascii").strip()
        answer = self.session.get(
            f"http://127.0.0.1:{self.ports['CONTROL']}/processes",
            headers={"X-Lab-Secret": secret},
            timeout=10,
        )
        return next(int(each["pid"]) for each in answer.json()["processes"] if each["name"] == name)

    @property
    def log(self) -> str:
        """All that the processes have printed."""
        return self.log_path.read_text(encoding="utf-8") if self.log_path.exists() else ""

    def start(self, *, seconds: float = 60.0) -> Self:
        """Start the lab and wait until it says that it is ready."""
        said_before = len(self.log)
        with self.log_path.open("ab") as output, in_background():
            self._popen = subprocess.Popen(
                [sys.executable, *self.program, "--no-browser", *self.arguments],
                cwd=ROOT,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                **signalling.own_group(),
            )
        last_resort.watch(self._popen.pid)
        eventually(
            lambda: (
                "is ready" in self.log[said_before:]
                or self._popen is None
                or self._popen.poll() is not None
            ),
            seconds=seconds,
        )
        assert self._popen.poll() is None, self.log
        return self

    def stop(self, *, by: Callable[[int], None] | None = None) -> int:
        """Stop the lab by an act on its process, Ctrl-C's by default; return its exit code."""
        if self._popen is None:
            return 0
        popen, self._popen = self._popen, None
        if popen.poll() is None:
            (by or interrupt)(popen.pid)
        code = popen.wait(timeout=20)
        last_resort.forget(popen.pid)
        return code

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.session.close()

    def place_order(self, **body: Any) -> requests.Response:
        """``POST /orders`` through the client's link."""
        return self.session.post(f"{self.client_url}/orders", json=body, timeout=15)

    def order(self, order_id: str) -> dict[str, Any]:
        """What the API believes of an order."""
        answer: dict[str, Any] = self.session.get(
            f"{self.api_url}/orders/{order_id}", timeout=10
        ).json()
        return answer

    def reservation(self, order_id: str) -> dict[str, Any] | None:
        """What the worker has done for an order, or None for nothing."""
        answer = self.session.get(f"{self.worker_url}/reservations/{order_id}", timeout=10)
        if answer.status_code == requests.codes.not_found:
            return None
        found: dict[str, Any] = answer.json()
        return found

    def set_fault(self, target: str, kind: str, **parameters: Any) -> dict[str, Any]:
        """Set a fault through the observer and return it."""
        answer = self.session.post(
            f"{self.observer_url}/api/faults",
            json={"target": target, "kind": kind, **parameters},
            timeout=15,
        )
        assert answer.status_code == requests.codes.created, answer.text
        fault: dict[str, Any] = answer.json()
        return fault

    def heal_all(self) -> None:
        """Heal every fault."""
        answer = self.session.delete(f"{self.observer_url}/api/faults", timeout=30)
        assert answer.ok, answer.text

    def restore(self) -> None:
        """Take back what a test may have left: a run, a mystery, faults, crashes, defences."""
        self.end_run_and_mystery()
        self.heal_all()
        urls = (self.observer_url, self.api_url, self.worker_url)
        eventually(lambda: all(answers(f"{url}/readyz") for url in urls), seconds=30)
        if any(each["on"] for each in self.get("/api/defences")["defences"]):
            turn_all_off(self)

    def end_run_and_mystery(self) -> None:
        """End an experiment's or a matrix' run and a mystery, with the faults that are theirs."""
        runs = self.get("/api/runs")["runs"]
        if runs and runs[0]["status"] == "running":
            self._post(f"/api/runs/{runs[0]['runId']}/stop")
            eventually(lambda: not self._is_running(runs[0]["runId"]), seconds=60)
        mystery = self.get("/api/lesson/mystery")
        if mystery["status"] == "on":
            self._post("/api/lesson/mystery/leave", id=mystery["id"])

    def _is_running(self, run_id: str) -> bool:
        return bool(self.get(f"/api/runs/{run_id}")["status"] == "running")

    def _post(self, path: str, **body: Any) -> None:
        answer = self.session.post(f"{self.observer_url}{path}", json=body, timeout=30)
        assert answer.ok, answer.text

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """GET a JSON answer of the observer."""
        answer = self.session.get(f"{self.observer_url}{path}", params=parameters, timeout=15)
        assert answer.ok, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def logs_of(self, request_id: str) -> list[dict[str, Any]]:
        """The log records of a request that the observer has by now."""
        logs: list[dict[str, Any]] = self.get("/api/logs", requestId=request_id)["logs"]
        return logs

    def trace_of(self, order_id: str) -> dict[str, Any]:
        """The trace of an order with its spans and logs; empty until the observer has it."""
        found = self.get("/api/traces", orderId=order_id)["traces"]
        return self.get(f"/api/traces/{found[0]['traceId']}") if found else {}


@contextmanager
def in_background() -> Iterator[None]:
    """Start processes as a shell starts what runs in the background: with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupt(pid: int) -> None:
    """Do as Ctrl-C does; on Windows a group of its own hears only what Ctrl-Break sends."""
    if sys.platform == "win32":
        signalling.terminate(pid)
    else:
        os.kill(pid, signal.SIGINT)


def backends() -> dict[str, str]:
    """Databases and channel layer of a run on PostgreSQL and Redis; nothing for the defaults."""
    postgres = os.environ.get("TEST_POSTGRES_URL")
    redis = os.environ.get("TEST_REDIS_URL")
    environ: dict[str, str] = {}
    if postgres:
        for variable in ("DATABASE_URL", "WORKER_DATABASE_URL", "TELEMETRY_DATABASE_URL"):
            environ[variable] = _new_database(postgres)
    if redis:
        environ["REDIS_URL"] = redis
    return environ


def _new_database(server_url: str) -> str:
    import psycopg

    name = f"lab_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server_url}/{name}"


def descriptors_of(process: psutil.Process) -> int:
    """Count the open descriptors of ``process``; on Windows its handles."""
    if sys.platform == "win32":
        return process.num_handles()
    else:  # noqa: RET505 (on Windows what follows would be unreachable)
        return process.num_fds()
