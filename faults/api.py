"""``/api/faults``: set one, list them, heal one or all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from faults import kinds, serializers
from faults.firewall import system
from faults.ledger.ledger import LEDGER
from faults.links.attached import LINKS
from service.answers import answer, refusal
from service.errors import BodyTooLongError, RefusedError
from service.parsing import parse_object

if TYPE_CHECKING:
    from django.http import HttpRequest

_MAX_BODY_BYTES = 16_384


@require_http_methods(["GET", "POST", "DELETE"])
def faults(request: HttpRequest) -> HttpResponse:
    """``/api/faults``; hidden ones are counted, and listed with ``?hidden=1``."""
    try:
        # A link may have been attached a moment ago.
        LINKS.refresh()
        if request.method == "GET":
            return _list(hidden=request.GET.get("hidden") == "1")
        if request.method == "POST":
            return _set(request.body)
        LEDGER.heal_all()
    except RefusedError as error:
        return refusal(error)
    return HttpResponse(status=204)


@require_http_methods(["DELETE"])
def fault(_request: HttpRequest, fault_id: str) -> HttpResponse:
    """``DELETE /api/faults/{id}``."""
    try:
        LEDGER.heal(fault_id)
    except RefusedError as error:
        return refusal(error)
    return HttpResponse(status=204)


def _list(*, hidden: bool) -> HttpResponse:
    return answer(
        {
            "faults": LEDGER.as_json(hidden=hidden),
            "hidden": LEDGER.hidden_count(),
            "kinds": [kind.as_json(target) for target, kind in kinds.listed()],
            **_unavailable(),
        }
    )


def _unavailable() -> dict[str, dict[str, Any]]:
    """Levels at which this observer can't set a fault, with the reason as text and as message."""
    problem = system.permission_problem()
    if problem is None:
        return {"unavailable": {}, "unavailableMessages": {}}
    return {
        "unavailable": {"firewall": serializers.sentence(problem)},
        "unavailableMessages": {"firewall": problem.as_json()},
    }


def _set(body: bytes) -> HttpResponse:
    if len(body) > _MAX_BODY_BYTES:
        raise BodyTooLongError(max_bytes=_MAX_BODY_BYTES)
    created = LEDGER.set(parse_object(body or b"{}"))
    return answer(serializers.as_json(created, now=timezone.now()), status=201)
