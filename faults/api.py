"""``/api/faults``: set one, list them, heal one or all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from faults import kinds, words
from faults.fault import FaultError
from faults.firewall import system
from faults.holders.holder import HolderError
from faults.ledger import LEDGER

if TYPE_CHECKING:
    from django.http import HttpRequest

_MAX_BODY_BYTES = 16_384


@require_http_methods(["GET", "POST", "DELETE"])
def faults(request: HttpRequest) -> HttpResponse:
    """``/api/faults``; hidden ones are counted, and told with ``?hidden=1``."""
    if request.method == "GET":
        return JsonResponse(
            {
                "faults": LEDGER.as_json(hidden=request.GET.get("hidden") == "1"),
                "hidden": LEDGER.hidden_count(),
                "kinds": [kind.as_json(target) for target, kind in kinds.listed()],
                "unavailable": _unavailable(),
            }
        )
    if request.method == "DELETE":
        failed = LEDGER.heal_all()
        if failed:
            return JsonResponse({"error": "; ".join(failed)}, status=502)
        return HttpResponse(status=204)
    return _set(request)


@require_http_methods(["DELETE"])
def fault(_request: HttpRequest, fault_id: str) -> HttpResponse:
    """``DELETE /api/faults/{id}``."""
    try:
        healed = LEDGER.heal(fault_id)
    except HolderError as error:
        return JsonResponse({"error": str(error)}, status=502)
    if not healed:
        return JsonResponse({"error": "not found"}, status=404)
    return HttpResponse(status=204)


def _unavailable() -> dict[str, str]:
    """Levels at which this observer can't set a fault, with the reason."""
    reason = system.why_not_permitted()
    return {"firewall": reason} if reason else {}


def _set(request: HttpRequest) -> HttpResponse:
    if len(request.body) > _MAX_BODY_BYTES:
        return JsonResponse({"error": f"the body is over {_MAX_BODY_BYTES} bytes"}, status=413)
    try:
        made = LEDGER.set(json.loads(request.body or b"{}"))
    except FaultError as error:
        body = {"error": str(error)} | ({"field": error.field} if error.field else {})
        return JsonResponse(body, status=400)
    except ValueError:
        return JsonResponse({"error": "the body is not JSON"}, status=400)
    except HolderError as error:
        return JsonResponse({"error": str(error)}, status=502)
    return JsonResponse(words.as_json(made, now=timezone.now()), status=201)
