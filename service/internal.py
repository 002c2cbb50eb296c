"""Calls among the lab's own processes: a service's faults in its code, its defences, its state."""

from __future__ import annotations

import hmac
import logging
from functools import wraps
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from service.answers import answer, refusal, refuse
from service.changes import CHANGES
from service.errors import BadRequestError, NotOfTheLabError, RefusedError
from service.parsing import parse_object, parse_uuid
from service.simulation import faults
from service.storage import storing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from django.http import HttpRequest
    from django.urls import URLPattern

    from service.defences import Defences
    from service.simulation.switches import Switches

    Removed = Mapping[str, int | list[str]]
    State = Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]]

log = logging.getLogger("service")


def for_the_lab_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in only those who know the secret that the lab's processes share."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given = request.META.get("HTTP_X_LAB_SECRET", "")
        if not hmac.compare_digest(given.encode(), settings.LAB_SECRET.encode()):
            return refuse(request, NotOfTheLabError())
        return view(request, *args, **kwargs)

    return guarded


def for_the_lab_or_when_open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in those too who call from this machine, where ``LAB_OPEN_CALLBACK`` is set."""
    guarded = for_the_lab_only(view)

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_open = settings.LAB_OPEN_CALLBACK and is_loopback(request.META.get("REMOTE_ADDR", ""))
        return (view if is_open else guarded)(request, *args, **kwargs)

    return opened


def is_loopback(address: str) -> bool:
    """Whether ``address`` is one of this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def urls(
    *,
    switches: Switches,
    allowed: Mapping[str, tuple[str, ...]],
    defences: Defences,
    state: State,
    start_over: Callable[[], Removed],
    forget: Callable[[Sequence[UUID]], int] | None = None,
) -> list[URLPattern]:
    """Return the routes under ``/internal/`` that every service has.

    ``allowed`` maps the targets of a service's faults to their kinds, ``state`` what can be read
    of the service to the function that lists it by a query. ``start_over`` removes what the service
    has done and returns how much that was; ``forget`` removes what it did for some orders, and
    keeps it from doing more for them.
    """

    @require_http_methods(["GET", "POST", "DELETE"])
    @for_the_lab_only
    def all_faults(request: HttpRequest) -> HttpResponse:
        """``/internal/faults``: list them, turn one on, turn all off."""
        if request.method == "GET":
            return answer({"faults": faults.listed(switches)})
        if request.method == "DELETE":
            switches.heal()
            return HttpResponse(status=204)
        try:
            switched = faults.turn_on(switches, parse_object(request.body), allowed=allowed)
        except RefusedError as error:
            return refusal(error)
        return answer(faults.as_json(switches, switched), status=201)

    @require_http_methods(["DELETE"])
    @for_the_lab_only
    def one_fault(_request: HttpRequest, fault_id: str) -> HttpResponse:
        """``DELETE /internal/faults/{id}``."""
        switches.heal(fault_id)
        return HttpResponse(status=204)

    @require_http_methods(["GET", "PATCH"])
    @for_the_lab_only
    def all_defences(request: HttpRequest) -> HttpResponse:
        """``/internal/defences``: which are on; turn some on or off."""
        if request.method == "PATCH":
            try:
                defences.switch(parse_object(request.body))
            except RefusedError as error:
                return refusal(error)
            log.info("defences switched", extra={"defences": defences.as_json()})
        return answer(defences.as_json())

    return [
        path("internal/defences", all_defences),
        _state_url(state),
        _start_over_url(start_over),
        *([_forget_url(forget)] if forget else []),
        path("internal/faults", all_faults),
        path("internal/faults/<str:fault_id>", one_fault),
    ]


def _state_url(state: State) -> URLPattern:
    @require_GET
    @for_the_lab_only
    def one(request: HttpRequest, name: str) -> HttpResponse:
        """``GET /internal/state/{name}``: out of band, with neither faults nor records."""
        if name not in state:
            return answer({"error": "not found"}, status=404)
        try:
            return answer(state[name](request.GET))
        except BadRequestError as error:
            return refusal(error)

    return path("internal/state/<str:name>", one)


def _start_over_url(start_over: Callable[[], Removed]) -> URLPattern:
    @require_POST
    @for_the_lab_only
    def begin(_request: HttpRequest) -> HttpResponse:
        """``POST /internal/start-over``: back to the first minute, settings kept."""
        with storing():
            removed = start_over()
        CHANGES.note_all()
        return answer(removed)

    return path("internal/start-over", begin)


def _forget_url(forget: Callable[[Sequence[UUID]], int]) -> URLPattern:
    @require_POST
    @for_the_lab_only
    def some(request: HttpRequest) -> HttpResponse:
        """``POST /internal/forget`` ``{orderIds}``: what is gone elsewhere is gone here."""
        try:
            given = parse_object(request.body).get("orderIds")
            ids = [parse_uuid(each) for each in given] if isinstance(given, list) else [None]
            if None in ids:
                raise BadRequestError("orderIds must be UUIDs", field="orderIds")
        except RefusedError as error:
            return refusal(error)
        removed = forget([each for each in ids if each is not None])
        CHANGES.note_all()
        return answer({"removed": removed})

    return path("internal/forget", some)
