"""JSON that keeps what JSON would change: bytes, integers over 64 bits, floats that are none.

Such a value is kept as an object of one member whose name, a marker, begins with NUL. A name of a
sender's own that begins so gets one NUL more, and never acts as a marker.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telemetry.records import AttributeValue

_WIDE_INT = 2**63
_MARK = "\x00"
_SIMPLE = frozenset({str, bool, int})


def dumps(value: Any) -> str:
    """Dump JSON in which bytes, wide integers and odd floats keep what they are."""
    try:
        return orjson.dumps(value, default=_refuse).decode()
    except (TypeError, ValueError):
        return orjson.dumps(marked(value)).decode()


def loads(text: str) -> Any:
    """Load what `dumps` wrote."""
    data = orjson.loads(text)
    return _unmarked(data) if '"\\u0000' in text else data


def encoded(attributes: Mapping[str, AttributeValue]) -> Mapping[str, Any]:
    """Mark what `dumps` would change or refuse; what needs no mark is given back as it is."""
    if _SIMPLE.issuperset(map(type, attributes.values())) and _MARK not in "".join(attributes):
        return attributes
    return {_key(name): marked(each) for name, each in attributes.items()}


def marked(value: Any) -> Any:
    """Mark a value, however deep it is."""
    if isinstance(value, bytes):
        return {"\x00bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and value - value != 0:
        return {"\x00float": str(value)}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _WIDE_INT:
        return {"\x00int": str(value)}
    if isinstance(value, dict):
        return {_key(str(key)): marked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [marked(each) for each in value]
    return value


def _key(name: str) -> str:
    return _MARK + name if name[:1] == _MARK else name


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, inner)] = value.items()
        if key in _READERS and isinstance(inner, str):
            try:
                return _READERS[key](inner)
            except ValueError:
                # A sender's own, kept before such names were set apart.
                return value
    return {
        key[1:] if key[:2] == _MARK * 2 else key: _unmarked(each) for key, each in value.items()
    }


_READERS: dict[str, Callable[[str], Any]] = {
    "\x00bytes": base64.b64decode,
    "\x00float": float,
    "\x00int": int,
}


def _refuse(value: Any) -> Any:
    raise TypeError(type(value).__name__)
