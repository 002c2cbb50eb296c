"""``manage.py relay``: two at once on one database deliver each job of the outbox once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support import upstreams
from tests.support.lab.manage import manage
from tests.support.processes import ROOT, backends
from tests.support.waiting import eventually, let_pass

if TYPE_CHECKING:
    import socket
    from pathlib import Path
    from typing import TextIO

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]

JOBS = 60
FILL = f"""
from django.utils import timezone
from orders.models import Order, OutboxEntry
for number in range({JOBS}):
    order = Order.objects.create(
        sku="apple", quantity=1, request_id=f"req-{{number}}", created_at=timezone.now()
    )
    OutboxEntry.objects.create(order=order, request_id=order.request_id)
"""
LEFT = "from orders.models import OutboxEntry; print('left:', OutboxEntry.objects.count())"


class Recorder:
    """A worker that takes its time, so that both relays are at work; one entry a job."""

    def __init__(self) -> None:
        self.jobs: Counter[str] = Counter()
        self.connections: set[int] = set()
        self._lock = threading.Lock()

    def behave(self, connection: socket.socket) -> None:
        while request := upstreams.read_request(connection):
            body = json.loads(request.partition(b"\r\n\r\n")[2])
            with self._lock:
                self.jobs[body["requestId"]] += 1
                self.connections.add(id(connection))
            let_pass(0.02)
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}')


def text(log: TextIO) -> str:
    log.seek(0)
    return log.read()


def test_two_relays_at_once_deliver_each_job_once(tmp_path: Path) -> None:
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SIM_", "LAB_", "DJANGO_"))},
        "LAB_VAR_DIR": str(tmp_path),
        "OTEL_SDK_DISABLED": "1",
        **backends(),
    }

    def manage_api(*arguments: str) -> str:
        done = manage({**environ, "LAB_SERVICE": "api"}, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage_api("migrate", "--verbosity", "0")
    recorder = Recorder()
    with upstreams.server(recorder.behave) as url, ExitStack() as stack:
        logs = [stack.enter_context((tmp_path / f"{n}.log").open("w+")) for n in range(2)]
        relays = [
            subprocess.Popen(
                [sys.executable, "manage.py", "relay"],
                cwd=ROOT,
                env={**environ, "WORKER_URL": url},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            for log in logs
        ]
        try:
            eventually(lambda: all("relay started" in text(log) for log in logs), seconds=60)
            manage_api("shell", "-c", FILL)
            eventually(lambda: len(recorder.jobs) == JOBS, seconds=60)
        finally:
            for relay in relays:
                relay.terminate()
            codes = [relay.wait(timeout=20) for relay in relays]
        outputs = [text(log) for log in logs]
    assert codes == [0, 0], outputs
    assert set(recorder.jobs.values()) == {1}
    assert len(recorder.connections) == 2
    assert all("job delivered to worker" in each for each in outputs)
    assert "left: 0" in manage_api("shell", "-c", LEFT)


def test_it_is_a_command_of_the_api(tmp_path: Path) -> None:
    environ = {**os.environ, "LAB_VAR_DIR": str(tmp_path), "LAB_SERVICE": "observer"}
    done = manage(environ, "relay")
    assert done.returncode == 1
    assert "a command of the api" in done.stderr
