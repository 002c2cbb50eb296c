"""Starting over: faults, orders, reservations, stock and their telemetry as in the first minute.

Settings are kept: defences, theme, language; so are the files of past runs, what a person has
imported, and the telemetry of other applications.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.client import LabClient
from base.errors import LabError
from experiments.runs.processes import RUNS
from faults import history
from faults.errors import HolderError
from faults.ledger.ledger import LEDGER
from labsite import signals
from labsite.observed_calls import OBSERVED_CALLS
from lesson.game import GAME
from service import lab_errors
from service.answers import answer
from systems.current import SYSTEM
from systems.orders import API, URL_SETTINGS, WORKER, runs
from systems.system import CLIENT
from telemetry.records import NETWORK
from telemetry.store.retention import RETENTION

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_TIMEOUT_SECONDS = 30.0
# One that has ended by itself answers again by then; all of them together are waited for so long.
_START_SECONDS = 6.0
_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 0.2
# Orders in one call, whose body is bounded.
_BATCH = 100
# What the services had still to send has come by then.
_SENT_SECONDS = 0.5
_LOCK = threading.Lock()


@require_POST
def start_over(_request: HttpRequest) -> HttpResponse:
    """``POST /api/start-over``: ``{orders, reservations, traces, logs}``, how much was removed.

    409 while something goes on that would be torn apart; 502 when a part could not be done, with
    ``failed`` as ``{part: reason}`` beside what was. Doing it again does what is left.
    """
    if not _LOCK.acquire(blocking=False):
        return answer({"error": _("The lab is being started over already.")}, status=409)
    try:
        obstacle = _obstacle()
        if obstacle:
            return answer({"error": obstacle}, status=409)
        return _response(*_start_over())
    finally:
        _LOCK.release()


def _obstacle() -> str:
    if RUNS.busy:
        return _("An experiment is running: stop it first.")
    if GAME.state()["status"] == "on":
        return _("A mystery is on: answer it or leave it first.")
    return ""


def _start_over() -> tuple[dict[str, int], dict[str, str]]:
    removed: dict[str, int] = {}
    failed: dict[str, str] = {}
    # Faults first: what they hold up is let go, and what they hold back can be reached.
    try:
        LEDGER.heal_all()
    except HolderError as error:
        failed["faults"] = str(error)
    history.forget()
    OBSERVED_CALLS.forget()
    gone: list[str] = []
    give_up_at = time.monotonic() + _START_SECONDS
    here = set(map(runs, SYSTEM.services))
    # The worker first: what it does from then on for orders that are gone it is told to forget.
    for service in filter(here.__contains__, (WORKER, API)):
        if not _answers(service, until=give_up_at, failed=failed):
            continue
        counts = _ask(service, "/internal/start-over", failed=failed)
        gone += counts.pop("orderIds", [])
        removed = counts | removed
    for first in range(0, len(gone), _BATCH):
        _ask(WORKER, "/internal/forget", {"orderIds": gone[first : first + _BATCH]}, failed=failed)
    began_ns = time.time_ns()
    time.sleep(_SENT_SECONDS)
    senders = [CLIENT, NETWORK, *SYSTEM.service_names]
    traces, logs = RETENTION.remove_services(senders, until_ns=began_ns)
    removed |= {"traces": traces, "logs": logs}
    signals.started_over.send_robust(start_over, frame={"type": "startedOver"})
    return removed, failed


def _answers(service: str, *, until: float, failed: dict[str, str]) -> bool:
    """Whether a service, which may just be starting again, answers; why not goes to ``failed``."""
    client = _client(service, timeout_seconds=_LOOK_SECONDS)
    while True:
        try:
            client.call("GET", "/healthz")
        except LabError as error:
            if time.monotonic() >= until:
                failed[service] = lab_errors.sentence(error)
                return False
            time.sleep(_AGAIN_SECONDS)
        else:
            return True


def _ask(service: str, path: str, body: object = None, *, failed: dict[str, str]) -> dict[str, Any]:
    """Call a service; what it can't do is noted in ``failed``."""
    if service in failed:
        return {}
    client = _client(service, timeout_seconds=_TIMEOUT_SECONDS)
    try:
        answered: dict[str, Any] = client.call("POST", path, body=body)
    except LabError as error:
        failed[service] = lab_errors.sentence(error)
        return {}
    return answered


def _client(service: str, *, timeout_seconds: float) -> LabClient:
    url = getattr(settings, URL_SETTINGS[service])
    return LabClient(url, secret=settings.LAB_SECRET, timeout_seconds=timeout_seconds)


def _response(removed: dict[str, int], failed: dict[str, str]) -> HttpResponse:
    if not failed:
        return answer(removed)
    parts = "; ".join(f"{part}: {reason}" for part, reason in failed.items())
    body: dict[str, Any] = {
        "error": _("Not all of it could be started over: %(parts)s") % {"parts": parts},
        "failed": failed,
        **removed,
    }
    return answer(body, status=502)
