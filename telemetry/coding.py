"""JSON that keeps what JSON would change: bytes, integers over 64 bits, floats that are none."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telemetry.records import AttributeValue

_WIDE_INT = 2**63


def dumps(value: Any) -> str:
    """Dump JSON in which bytes, wide integers and odd floats keep what they are."""
    try:
        return orjson.dumps(value, default=_default).decode()
    except (TypeError, ValueError):
        return orjson.dumps(marked(value)).decode()


def loads(text: str) -> Any:
    """Load what `dumps` wrote."""
    data = orjson.loads(text)
    return _unmarked(data) if '"\\u0000' in text or "\x00" in text else data


def encoded(attributes: Mapping[str, AttributeValue]) -> Mapping[str, Any]:
    """Mark what `dumps` would change or refuse; what needs no mark is given back as it is."""
    for value in attributes.values():
        if type(value) not in _SIMPLE:
            return {key: marked(each) for key, each in attributes.items()}
    return attributes


_SIMPLE = {str, bool, int}


def marked(value: Any) -> Any:
    """Mark a value, however deep it is."""
    if isinstance(value, bytes):
        return {"\x00bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and value - value != 0:
        return {"\x00float": str(value)}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _WIDE_INT:
        return {"\x00int": str(value)}
    if isinstance(value, dict):
        return {str(key): marked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [marked(each) for each in value]
    return value


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, inner)] = value.items()
        if key in _READERS:
            return _READERS[key](inner)
    return {key: _unmarked(each) for key, each in value.items()}


_READERS: dict[str, Callable[[str], Any]] = {
    "\x00bytes": base64.b64decode,
    "\x00float": float,
    "\x00int": int,
}


def _default(value: Any) -> Any:
    raise TypeError(type(value).__name__)
