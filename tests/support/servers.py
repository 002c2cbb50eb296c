"""PostgreSQL and Redis of a test's own, to be killed and started again while the lab uses them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil
import psycopg

from base.process.listening import port_is_free
from tests.support.ports import free_ports
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


def programs() -> dict[str, str | None]:
    """Where the programs are that these servers need."""
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(installed, key=lambda each: float(each.parent.name))[-1:]
    path = os.pathsep.join([*(str(each) for each in newest), os.environ["PATH"]])
    return {name: shutil.which(name, path=path) for name in ("initdb", "pg_ctl", "redis-server")}


class Servers:
    """Both servers on free ports; a context manager."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="servers-"))
        # PostgreSQL refuses to run as root.
        as_root = sys.platform != "win32" and os.getuid() == 0
        self._user = "postgres" if as_root else None
        self._programs = programs()
        self.postgres_port, self.redis_port = free_ports(2)
        self._redis: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.directory.chmod(0o755)
        data = self.directory / "postgres"
        data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(data, user=self._user)
        self._run("initdb", "-D", str(data), "-U", "lab", "-A", "trust", "-E", "UTF8")
        self.start_postgres()
        self.start_redis()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.crash_redis()
        self.crash_postgres()
        shutil.rmtree(self.directory)

    @property
    def environ(self) -> dict[str, str]:
        """What makes a lab use them, with a new database for each of its processes."""
        url = f"postgresql://lab@127.0.0.1:{self.postgres_port}"
        environ = {"REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0"}
        with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
            for name in ("orders", "worker", "telemetry"):
                connection.execute(f"CREATE DATABASE {name}")
        variables = ("DATABASE_URL", "WORKER_DATABASE_URL", "TELEMETRY_DATABASE_URL")
        for variable, name in zip(variables, ("orders", "worker", "telemetry"), strict=True):
            environ[variable] = f"{url}/{name}"
        return environ

    def start_postgres(self) -> None:
        """Start PostgreSQL, and wait until it has recovered."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.postgres_port}"
        options += " -c unix_socket_directories="
        self._pg_ctl("-w", "-l", str(self.directory / "postgres" / "log"), "-o", options, "start")

    def crash_postgres(self) -> None:
        """End it without a clean shutdown: every connection breaks."""
        self._pg_ctl("-m", "immediate", "stop")

    @contextmanager
    def postgres_standing_still(self) -> Iterator[None]:
        """Pause every process of it within: its connections stay, and nothing is answered."""
        file = self.directory / "postgres" / "postmaster.pid"
        postmaster = psutil.Process(int(file.read_text(encoding="ascii").split()[0]))
        # The postmaster first: it would start more.
        postmaster.suspend()
        paused = [postmaster, *postmaster.children(recursive=True)]
        try:
            for each in paused:
                each.suspend()
            yield
        finally:
            for each in reversed(paused):
                each.resume()

    def start_redis(self) -> None:
        """Start Redis, which keeps nothing."""
        command = [self._programs["redis-server"] or "", "--bind", "127.0.0.1", "--save", ""]
        command += ["--port", str(self.redis_port), "--dir", str(self.directory)]
        self._redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        eventually(lambda: not port_is_free(self.redis_port))

    @contextmanager
    def redis_standing_still(self) -> Iterator[None]:
        """Pause it within."""
        assert self._redis is not None
        redis = psutil.Process(self._redis.pid)
        redis.suspend()
        try:
            yield
        finally:
            redis.resume()

    def crash_redis(self) -> None:
        """Kill it."""
        if self._redis is not None:
            self._redis.kill()
            self._redis.wait()

    def _pg_ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.directory / "postgres"), *arguments)

    def _run(self, name: str, *arguments: str) -> None:
        program = self._programs[name]
        assert program is not None, name
        subprocess.run(
            [program, *arguments],
            user=self._user,
            cwd=self.directory,
            check=True,
            # Its output goes nowhere else: a server that inherits a pipe would hold it open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
