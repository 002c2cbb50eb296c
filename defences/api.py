"""``/api/defences``: which are on, and switching them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_http_methods

from defences.switchboard import SWITCHBOARD
from service.answers import answer, refusal
from service.errors import BodyTooLongError, RefusedError
from service.parsing import parse_object

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_MAX_BODY_BYTES = 4_096


@require_http_methods(["GET", "PATCH"])
def defences(request: HttpRequest) -> HttpResponse:
    """``GET /api/defences`` and ``PATCH /api/defences`` ``{name: true|false, …, mode?}``."""
    if request.method == "PATCH":
        try:
            if len(request.body) > _MAX_BODY_BYTES:
                raise BodyTooLongError(max_bytes=_MAX_BODY_BYTES)
            SWITCHBOARD.switch(parse_object(request.body))
        except RefusedError as error:
            return refusal(error)
    return answer(SWITCHBOARD.as_json())
