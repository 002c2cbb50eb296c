"""Reading what a request carries: JSON bodies, ids and the numbers of a query."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import orjson

from base.numbers import whole_number
from service.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

# PostgreSQL stores none. After an even number of backslashes, which stand for themselves.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def parse_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    :raises BadRequestError: it is not JSON, or not an object, or holds a NUL.
    """
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(f"the body is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadRequestError("the body must be a JSON object")
    if _NUL.search(body):
        raise BadRequestError("a text of the body may not hold a NUL")
    return data


def parse_uuid(value: object) -> uuid.UUID | None:
    """Read a UUID; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def query_ids(query: Mapping[str, str], name: str, *, most: int) -> list[uuid.UUID]:
    """Read ``name`` of a query: UUIDs with commas between; none where it is left out or empty.

    :raises BadRequestError: one is no UUID, or they are more than ``most``.
    """
    text = query.get(name)
    given = text.split(",") if text else []
    ids = [parsed for each in given if (parsed := parse_uuid(each)) is not None]
    if len(ids) != len(given) or len(ids) > most:
        raise BadRequestError(f"{name} must be up to {most} UUIDs", field=name)
    return ids


def query_number(
    query: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int
) -> int:
    """Read the whole number ``name`` of a query; ``default`` where it is left out or empty.

    :raises BadRequestError: it is no whole number from ``lowest`` to ``highest``.
    """
    text = query.get(name)
    if not text:
        return default
    number = whole_number(text, lowest=lowest, highest=highest)
    if number is None:
        raise BadRequestError(f"{name} must be from {lowest} to {highest}", field=name)
    return number
