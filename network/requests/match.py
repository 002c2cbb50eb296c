"""Which requests a toxic is meant for: ``match``, an extra that a toxic may carry."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from network.errors import BadRequestBody
from network.go_json.decoding import Struct

if TYPE_CHECKING:
    import random

    from network.http_request import Request

MAX_COUNT: Final = 1_000_000_000
_MATCH: Final = Struct(
    "Match",
    "match",
    {
        "method": "string",
        "path": "string",
        "header": "string",
        "contains": "string",
        "share": "float64",
        "first": "int64",
        "every": "int64",
    },
)


@dataclass(frozen=True, slots=True)
class Match:
    """Requests by ``method``, by a pattern of the path and by a header, then of these a part.

    ``path`` has ``*`` and ``?``; ``header`` is ``name`` or ``name: pattern``. Of those that fit,
    one in ``every`` is meant, the ``first`` so many of these (0: all), and each by the chance
    ``share``. Of another protocol than HTTP each piece is a request, or each that ``contains`` a
    text.
    """

    method: str = ""
    path: str = ""
    header: str = ""
    contains: str = ""
    share: float = 1.0
    first: int = 0
    every: int = 1

    def fits(self, request: Request) -> bool:
        """Whether method, path and header are those of ``request``, or its piece has the text."""
        if not request.method:
            of_http = self.method or self.path or self.header
            return not of_http and self.contains.encode() in request.data
        if self.contains:
            return False
        if self.method and self.method.upper() != request.method:
            return False
        if self.path and not fnmatchcase(request.path, self.path):
            return False
        name, _, pattern = self.header.partition(":")
        value = request.headers.get(name.strip().lower())
        return not name or (value is not None and fnmatchcase(value, pattern.strip() or "*"))

    def takes(self, ordinal: int, chance: random.Random) -> bool:
        """Whether the ``ordinal``-th (from 0) of those that fit is meant."""
        drawn = chance.random() < self.share
        if ordinal % self.every:
            return False
        return drawn and (not self.first or ordinal // self.every < self.first)

    def as_json(self) -> dict[str, Any]:
        """Return what was given."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        defaults = {field.name: field.default for field in fields(self)}
        return {name: each for name, each in values.items() if each != defaults[name]}


def read_match(given: dict[str, Any]) -> Match | None:
    """Read ``match`` of a toxic's body; None for every byte.

    :raises BadRequestBody: a field is unknown, of another type or out of its range.
    """
    if given.get("match") is None:
        return None
    found = _MATCH.read(given["match"])
    for name in found:
        if name not in _MATCH.fields:
            raise BadRequestBody(f"match has no field {name}")
    match = Match(**found)
    if not 0 <= match.share <= 1:
        raise BadRequestBody("match.share must be from 0 to 1")
    if not (0 <= match.first <= MAX_COUNT and 1 <= match.every <= MAX_COUNT):
        raise BadRequestBody(f"match.first and match.every must be from 1 to {MAX_COUNT}")
    return match
