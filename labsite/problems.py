"""The problems of the lab's processes, for the page: collected from their ``/readyz``; and what was
lately refused of telemetry.

A service that does not respond has none here, and is named as silent: that it is crashed or paused
is known of faults alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import JsonResponse

from base.client import LabClient
from base.errors import LabError
from base.loops import Loop
from dashboard.live_orders import LIVE_ORDERS
from labsite import signals
from service.health import readiness_of_this_process
from systems.current import SYSTEM
from systems.orders import URL_SETTINGS, runs
from telemetry.refused import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest

_POLL_SECONDS = 2.0
_TIMEOUT_SECONDS = 1.0
_MAX_REFUSED = 5


class Problems:
    """Polls every process, out of band."""

    def __init__(self) -> None:
        self.current: list[dict[str, str]] = []
        self.silent: list[str] = []
        self._answering: set[str] = set()
        self._loop = Loop("problems", self._poll, every=_POLL_SECONDS)

    def start(self) -> None:
        """Start to poll."""
        self._loop.start()

    def stop(self) -> None:
        """Stop polling."""
        self._loop.stop(seconds=1)

    def _poll(self) -> None:
        found = [*_problems(readiness_of_this_process()[1]), *_refused()]
        answering = set()
        for url in _urls():
            body = _readiness(url)
            found += _problems(body)
            answering |= {url} if body else set()
        silent = [name for name, url in _services().items() if url not in answering]
        if (found, silent) != (self.current, self.silent):
            self.current, self.silent = found, silent
            frame = {"type": "problems", **self.as_json()}
            signals.problems_changed.send_robust(type(self), frame=frame)
        if answering != self._answering:
            # What a process that comes back holds, and that one is away, is for the pages to show.
            self._answering = answering
            LIVE_ORDERS.any_changed()

    def as_json(self) -> dict[str, Any]:
        """Return the problems, and which services do not answer."""
        return {"problems": self.current, "silent": self.silent}


def _readiness(url: str) -> Mapping[str, Any]:
    process = LabClient(url, secret=settings.LAB_SECRET, timeout_seconds=_TIMEOUT_SECONDS)
    try:
        body = process.call("GET", "/readyz")
    except LabError as error:
        body = error.body
    return body if isinstance(body, dict) else {}


def _services() -> dict[str, str]:
    # Others' are not asked: it would make records of theirs.
    ours = {each.name: runs(each) for each in SYSTEM.services}
    return {name: getattr(settings, URL_SETTINGS[each]) for name, each in ours.items() if each}


def _urls() -> list[str]:
    urls = [*_services().values(), settings.LAB_CONTROL_URL]
    return [*urls, settings.TOXIPROXY_URL] if settings.LAB_OWN_NETWORK else urls


def _problems(body: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    service = str(body.get("service", ""))
    for problem in body.get("problems", ()):
        params = problem.get("params", {})
        yield {
            "service": service,
            "code": str(problem.get("code", "")),
            "loop": str(params.get("loop", "")),
            "error": str(params.get("error", "")),
        }


def _refused() -> Iterable[dict[str, str]]:
    """What was lately sent to OTLP and refused; only this process takes it in."""
    for code, value in REFUSED.recent()[:_MAX_REFUSED]:
        yield {"service": "observer", "code": code, "loop": "", "error": value}


PROBLEMS = Problems()


def listed(_request: HttpRequest) -> JsonResponse:
    """``GET /api/problems``: ``{problems: [{service, code, loop, error}], silent: [service]}``.

    It is two seconds old.
    """
    return JsonResponse(PROBLEMS.as_json())
