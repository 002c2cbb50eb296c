"""The supervisor's control API: what the observer has it do to a process, over loopback HTTP."""

from __future__ import annotations

import hmac
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from base.client import SECRET_HEADER
from base.faults.request import FaultRequestError
from base.http.application import Application
from base.http.hosts import served_host
from base.http.message import Request, Response, error_response, json_response
from base.http.pool import Pool
from base.http.server import HttpServer
from base.loops import DONE, Loop
from base.process.readiness import readiness
from supervision.errors import (
    BadBodyError,
    ControlError,
    ForbiddenError,
    HostNotServedError,
    UnknownPathError,
)
from supervision.process_faults import ProcessFaults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supervision.supervisor import Supervisor

_ADDRESS: Final = "127.0.0.1"
_THREADS = 16
_MAX_BODY_BYTES = 4_096


class ControlServer:
    """Serves ``/processes`` to those who know the lab's secret.

    :raises OSError: the port cannot be listened on.
    """

    def __init__(
        self, supervisor: Supervisor, *, port: int, secret: str, hosts: Iterable[str]
    ) -> None:
        self.faults = ProcessFaults(supervisor)
        self._processes = supervisor.processes
        self._secret = secret.encode()
        self._hosts = frozenset(hosts)
        # Setting and healing may wait for a process to start; health is answered all the same.
        self._control = Pool("supervisor-control", _THREADS)
        self._health = Pool("supervisor-health", 1)
        self._server = HttpServer(
            Application(self.respond, pool_of=self._pool_of, max_body_bytes=_MAX_BODY_BYTES),
            addresses=[(_ADDRESS, port)],
        )
        self._loop = Loop("control", self._serve)

    @property
    def port(self) -> int:
        """The port, also when the system chose it."""
        return self._server.ports[0]

    def start(self) -> None:
        """Begin to answer."""
        self._loop.start()

    def stop(self) -> None:
        """Answer no more, and let no fault end by itself."""
        self.faults.stop()
        self._server.stop()
        self._loop.stop()

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        try:
            return self._respond(request)
        except FaultRequestError as error:
            return error_response(HTTPStatus.BAD_REQUEST, str(error))
        except ControlError as error:
            return error_response(error.http_status, str(error))

    def _respond(self, request: Request) -> Response:
        if not served_host(request.headers.get("host", ""), self._hosts):
            raise HostNotServedError("this host name is not served here")
        match request.method, request.path:
            case "GET", "/healthz":
                return json_response(HTTPStatus.OK, {"ok": True, "service": "supervisor"})
            case "GET", "/readyz":
                return json_response(*readiness("supervisor"))
        given = request.headers.get(SECRET_HEADER.lower(), "").encode("latin-1")
        if not hmac.compare_digest(given, self._secret):
            raise ForbiddenError("only the lab's own processes may call this")
        return self._respond_to_lab(request)

    def _respond_to_lab(self, request: Request) -> Response:
        """``/processes`` with the faults in force; a crash or pause of one; healing one or all."""
        match request.method, [part for part in request.path.split("/") if part]:
            case "GET", ["processes"]:
                listed = [
                    {"name": each.name, "pid": each.pid, "state": each.state}
                    for each in self._processes.values()
                ]
                faults = self.faults.as_json()
                return json_response(HTTPStatus.OK, {"processes": listed, "faults": faults})
            case "POST", ["processes", target, "faults"]:
                fault = self.faults.set(target, _decoded(request.body))
                return json_response(HTTPStatus.CREATED, fault.as_json())
            case "DELETE", ["processes", "faults"]:
                self.faults.heal_all()
            case "DELETE", ["processes", "faults", fault_id]:
                self.faults.heal(fault_id)
            case _:
                raise UnknownPathError("not found")
        return Response(HTTPStatus.NO_CONTENT)

    def _pool_of(self, _method: str, path: str) -> Pool:
        return self._health if path in ("/healthz", "/readyz") else self._control

    def _serve(self) -> float:
        self._server.run()
        return DONE


def _decoded(body: bytes) -> object:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBodyError("the body is not JSON") from None
    return value
