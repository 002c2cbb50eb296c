"""``/api/defences``: which are on, and turning them on and off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from defences.switchboard import SWITCHBOARD, RefusedError, UnreachableError

if TYPE_CHECKING:
    from django.http import HttpRequest

_MAX_BODY_BYTES = 4_096


@require_http_methods(["GET", "PATCH"])
def defences(request: HttpRequest) -> HttpResponse:
    """``GET /api/defences`` and ``PATCH /api/defences`` ``{name: true|false, …, mode?}``."""
    if request.method == "PATCH":
        if len(request.body) > _MAX_BODY_BYTES:
            return _refusal(f"the body is over {_MAX_BODY_BYTES} bytes", 413)
        try:
            SWITCHBOARD.switch(json.loads(request.body or b"null"))
        except RefusedError as error:
            return _refusal(str(error), 400)
        except ValueError:
            return _refusal("the body is not JSON", 400)
        except UnreachableError as error:
            return _refusal(str(error), 502)
    return JsonResponse({"defences": SWITCHBOARD.as_json(), "mode": SWITCHBOARD.mode()})


def _refusal(text: str, status: int) -> HttpResponse:
    return JsonResponse({"error": text}, status=status)
