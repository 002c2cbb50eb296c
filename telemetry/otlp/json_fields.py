"""Reading one field of OTLP JSON: a missing one has its default, a wrong one refuses its record.

Each function raises `RecordRefusedError` for what the field's type cannot hold.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, TypeAlias

from telemetry.errors import RecordRefusedError
from telemetry.otlp.enums import MAX_DEPTH, MAX_UINT32, MAX_UINT64

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telemetry.records import AttributeValue

Json: TypeAlias = "dict[str, Any]"

SEVERITIES = (
    "UNSPECIFIED",
    *(
        f"{name}{step}"
        for name in ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
        for step in ("", 2, 3, 4)
    ),
)

MIN_INT64, MAX_INT64 = -(2**63), 2**63 - 1
# As many digits as the longest 64-bit number has, with its sign.
MAX_DIGITS = 20
# As many as any 64-bit number may have.
SAFE_DIGITS = 18
_OBJECTS = frozenset({dict})


def text(record: Json, name: str) -> str:
    """Return a string."""
    value = record.get(name)
    if type(value) is str:
        return value
    if value is None:
        return ""
    raise RecordRefusedError(f"{name} is not a string")


def uint32(record: Json, name: str) -> int:
    """Return a number from 0 to 2³²-1."""
    value = record.get(name)
    if value is None:
        return 0
    if type(value) is int and 0 <= value <= MAX_UINT32:
        return value
    return _integer(value, name, 0, MAX_UINT32)


def uint64(record: Json, name: str) -> int:
    """Return a number from 0 to 2⁶⁴-1, as times are."""
    value = record.get(name)
    if value is None:
        return 0
    if type(value) is str and len(value) < MAX_DIGITS and value.isdecimal() and value.isascii():
        return int(value)
    return _integer(value, name, 0, MAX_UINT64)


def enum(record: Json, name: str, prefix: str, names: Sequence[str]) -> int:
    """Return an enumeration's number, which may be given as its name; 0 for an unknown one."""
    value = record.get(name)
    if value is None:
        return 0
    if type(value) is int and 0 <= value < len(names):
        return value
    if isinstance(value, str) and not value.isdecimal():
        bare = value.removeprefix(prefix)
        return names.index(bare) if bare in names else 0
    number = _integer(value, name, -(2**31), 2**31 - 1)
    return number if 0 <= number < len(names) else 0


def identifier(record: Json, name: str) -> str:
    """Return an id in lower case, for `telemetry.judge` to look at; empty when there is none."""
    return text(record, name).lower()


def objects(record: Json, name: str) -> list[Json]:
    """Return a list of objects."""
    value = record.get(name)
    if value is None:
        return []
    if type(value) is not list or not _OBJECTS.issuperset(map(type, value)):
        raise RecordRefusedError(f"{name} is not a list of objects")
    return value


def one_object(record: Json, name: str) -> Json:
    """Return an object; an empty one when there is none."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordRefusedError(f"{name} is not an object")
    return value


def attributes(record: Json, name: str = "attributes") -> dict[str, AttributeValue]:
    """Return attributes; of a key that comes twice the last one counts."""
    found: dict[str, AttributeValue] = {}
    for pair in objects(record, name):
        key, value = pair.get("key"), pair.get("value")
        # Most are texts and small numbers: they are looked at here rather than by a function for
        # each step.
        if type(value) is dict and len(value) == 1 and type(key) is str:
            given = value.get("stringValue")
            if type(given) is str:
                found[key] = given
                continue
            given = value.get("intValue")
            if (
                type(given) is str
                and len(given) <= SAFE_DIGITS
                and given.isdecimal()
                and given.isascii()
            ):
                found[key] = int(given)
                continue
        found[text(pair, "key")] = any_value(value)
    return found


def any_value(value: object, depth: int = 0) -> AttributeValue:
    """Return a value of any of OTLP's types; None for an empty one."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise RecordRefusedError("a value is not an object")
    if depth > MAX_DEPTH:
        raise RecordRefusedError(f"a value is nested more than {MAX_DEPTH} deep")
    if len(value) == 1:
        [(kind, given)] = value.items()
        return _READERS[kind](given, depth) if kind in _READERS and given is not None else None
    for kind, read in _READERS.items():
        given = value.get(kind)
        if given is not None:
            return read(given, depth)
    return None


def _text(value: object, _depth: int) -> str:
    if not isinstance(value, str):
        raise RecordRefusedError("stringValue is not a string")
    return value


def _bool(value: object, _depth: int) -> bool:
    if not isinstance(value, bool):
        raise RecordRefusedError("boolValue is neither true nor false")
    return value


def _int(value: object, _depth: int) -> int:
    return _integer(value, "intValue", MIN_INT64, MAX_INT64)


def _double(value: object, _depth: int) -> float:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    raise RecordRefusedError("doubleValue is not a number")


def _array(value: object, depth: int) -> list[AttributeValue]:
    if not isinstance(value, dict):
        raise RecordRefusedError("arrayValue is not an object")
    given = value.get("values")
    if given is None:
        return []
    if not isinstance(given, list):
        raise RecordRefusedError("values is not a list")
    return [any_value(each, depth + 1) for each in given]


def _key_values(value: object, depth: int) -> dict[str, AttributeValue]:
    if not isinstance(value, dict):
        raise RecordRefusedError("kvlistValue is not an object")
    return {
        text(pair, "key"): any_value(pair.get("value"), depth + 1)
        for pair in objects(value, "values")
    }


def _bytes(value: object, _depth: int) -> bytes:
    if isinstance(value, str):
        # Protobuf's JSON mapping takes both of base64's alphabets, with padding or without.
        packed = value.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
        except (binascii.Error, ValueError):
            pass
    raise RecordRefusedError("bytesValue is not base64")


_READERS: dict[str, Callable[[object, int], AttributeValue]] = {
    "stringValue": _text,
    "intValue": _int,
    "boolValue": _bool,
    "doubleValue": _double,
    "arrayValue": _array,
    "kvlistValue": _key_values,
    "bytesValue": _bytes,
}


def _integer(value: object, name: str, minimum: int, maximum: int) -> int:
    number: int | None = None
    if isinstance(value, str):
        if len(value) <= MAX_DIGITS and value.isascii() and value.removeprefix("-").isdecimal():
            number = int(value)
    elif isinstance(value, int):
        number = None if isinstance(value, bool) else value
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    if number is None or not minimum <= number <= maximum:
        raise RecordRefusedError(f"{name} is not a whole number from {minimum} to {maximum}")
    return number
