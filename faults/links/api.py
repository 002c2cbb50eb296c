"""``/api/system`` and ``/api/links``: what there is now, and links that are attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from faults.links.attached import LINKS
from faults.links.request import read
from service.answers import answer, refusal
from service.errors import BodyTooLongError, RefusedError
from service.parsing import parse_object
from systems.running import RUNNING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from systems.system import SystemLink

_MAX_BODY_BYTES = 4_096


@require_GET
def system(_request: HttpRequest) -> HttpResponse:
    """``GET /api/system``: services, links and what is known of others, as the page draws them."""
    LINKS.refresh()
    return answer(RUNNING.system.as_json())


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """``GET`` lists all links; ``POST {name, from, to, listen, upstream, protocol?}`` makes one."""
    try:
        if len(request.body) > _MAX_BODY_BYTES:
            raise BodyTooLongError(max_bytes=_MAX_BODY_BYTES)
        LINKS.refresh()
        if request.method == "GET":
            return answer({"links": [_as_json(each) for each in RUNNING.system.links]})
        made = read(parse_object(request.body or b"{}"))
        LINKS.add(made)
    except RefusedError as error:
        return refusal(error)
    return answer(_as_json(made), status=201)


@require_http_methods(["DELETE"])
def link(_request: HttpRequest, name: str) -> HttpResponse:
    """``DELETE /api/links/{name}``: only what was attached."""
    try:
        LINKS.remove(name)
    except RefusedError as error:
        return refusal(error)
    return HttpResponse(status=204)


def _as_json(each: SystemLink) -> dict[str, Any]:
    return {
        "name": each.name,
        "from": each.sender,
        "to": each.receiver,
        "listen": each.listen,
        "upstream": each.upstream,
        "protocol": each.protocol,
        "attached": each.attached,
        "brokenByOthers": sorted(
            toxic for name, toxic in RUNNING.system.broken_by_others if name == each.name
        ),
    }
