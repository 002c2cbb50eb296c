"""The supervisor's door: what the observer asks it to do to a process, over loopback HTTP."""

from __future__ import annotations

import hmac
import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from labsite.supervision.process import StartError
from labsite.supervision.process_faults import BadFaultError, ProcessFaults

if TYPE_CHECKING:
    from labsite.supervision.supervisor import Supervisor

_MAX_BODY_BYTES = 4_096


class ControlDoor:
    """Serves ``/processes`` to those who know the lab's secret."""

    def __init__(self, supervisor: Supervisor, *, port: int, secret: str) -> None:
        self.faults = ProcessFaults(supervisor)
        door = self

        class Handler(_Handler):
            faults = door.faults
            processes = supervisor.processes
            expected_secret = secret.encode()

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    faults: ProcessFaults
    processes: dict[str, Any]
    expected_secret: bytes
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        """``/healthz``, and ``/processes`` with the faults in force."""
        if self.path == "/healthz":
            self._answer(HTTPStatus.OK, {"ok": True, "service": "supervisor"})
        elif self._allowed() and self._path() == ["processes"]:
            listed = [
                {"name": p.name, "pid": p.pid, "state": p.state} for p in self.processes.values()
            ]
            self._answer(HTTPStatus.OK, {"processes": listed, "faults": self.faults.as_json()})

    def do_POST(self) -> None:
        """``/processes/{name}/faults`` sets a crash or a pause."""
        if not self._allowed():
            return
        match self._path():
            case ["processes", target, "faults"]:
                try:
                    fault = self.faults.set(target, self._body())
                except BadFaultError as error:
                    self._answer(HTTPStatus.BAD_REQUEST, {"error": str(error)})
                else:
                    self._answer(HTTPStatus.CREATED, fault.as_json())
            case _:
                self._answer(HTTPStatus.NOT_FOUND, {"error": "not found"})

    def do_DELETE(self) -> None:
        """``/processes/faults/{id}`` heals one, ``/processes/faults`` all."""
        if not self._allowed():
            return
        try:
            match self._path():
                case ["processes", "faults", fault_id]:
                    self.faults.heal(fault_id)
                case ["processes", "faults"]:
                    self.faults.heal_all()
                case _:
                    self._answer(HTTPStatus.NOT_FOUND, {"error": "not found"})
                    return
        except StartError as error:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": str(error)})
        else:
            self._answer(HTTPStatus.NO_CONTENT, None)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: the observer logs what it asked for."""

    def _allowed(self) -> bool:
        given = self.headers.get("X-Lab-Secret", "").encode("utf-8", "replace")
        if hmac.compare_digest(given, self.expected_secret):
            return True
        self._answer(HTTPStatus.FORBIDDEN, {"error": "only the lab's own processes may ask this"})
        return False

    def _path(self) -> list[str]:
        return [part for part in self.path.split("?")[0].split("/") if part]

    def _body(self) -> object:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > _MAX_BODY_BYTES:
            raise BadFaultError("the body is too long")
        try:
            body: object = json.loads(self.rfile.read(int(length)))
        except ValueError:
            raise BadFaultError("the body is not JSON") from None
        return body

    def _answer(self, status: HTTPStatus, body: object) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
