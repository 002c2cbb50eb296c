"""Reads a body as Go does, and says in its words what it can't read.

Like Go it reads the first value and leaves what follows, takes a field's name in either case and a
null as if the field were left out, takes an object that is given twice as one, and replaces what
is no text.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

from network.errors import BadRequestBody
from network.go_json.syntax import OF_VALUE, after_blanks, broken_number, quoted, said_by_go

if TYPE_CHECKING:
    from collections.abc import Mapping

GoType = Literal["string", "bool", "float32", "float64", "int", "int64", "[]float64"]

_MAX_DIGITS: Final = 19
_MAX_INT64: Final = 2**63 - 1
_MAX_FLOAT32: Final = 3.4028235677973366e38
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Struct:
    """A Go struct: ``name`` as errors have it, ``type`` as a whole value's error has it."""

    name: str
    type: str
    fields: Mapping[str, GoType | Struct]

    def read(self, value: object, *, path: str = "") -> dict[str, Any]:
        """Return the fields that ``value`` has, by their names in lower case; nulls are left out.

        :raises BadRequestBody: a value is not of its field's type.
        """
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise mismatch(value, f"value of type {self.type}")
        given = {name.lower(): each for name, each in value.items() if each is not None}
        for name, each in given.items():
            of_field = self.fields.get(name)
            if of_field is None:
                continue
            target = f"struct field {self.name}.{path}{name} of type "
            if isinstance(of_field, Struct):
                if not isinstance(each, dict):
                    raise mismatch(each, target + of_field.type)
            elif not _fits(each, of_field):
                raise mismatch(each, target + of_field, numeric=of_field not in ("string", "bool"))
        return given


class Number(float):
    """A number as it was written: Go's errors quote it."""

    literal: str


def decode(body: bytes) -> object:
    """Return the first JSON value of ``body``.

    :raises BadRequestBody: there is none.
    """
    text = body.decode("utf-8", "replace")
    start = after_blanks(text, 0)
    if start == len(text):
        raise BadRequestBody("EOF")
    try:
        value: object
        value, end = _DECODER.raw_decode(text, start)
        if isinstance(value, int | float) and (said := broken_number(text, end)) is not None:
            raise BadRequestBody(said)
        return _without_surrogates(value) if "\\u" in text else value
    except json.JSONDecodeError as error:
        raise BadRequestBody(said_by_go(text, error)) from None
    except RecursionError:
        raise BadRequestBody("exceeded max depth") from None


def mismatch(value: object, target: str, *, numeric: bool = False) -> BadRequestBody:
    """Return the error of a value that ``target`` can't hold; a ``numeric`` one quotes numbers."""
    kinds: dict[type, str] = {bool: "bool", str: "string", dict: "object", list: "array"}
    kind = kinds.get(type(value), "number")
    if kind == "number" and numeric:
        kind += f" {value.literal if isinstance(value, Number) else value}"
    return BadRequestBody(f"json: cannot unmarshal {kind} into Go {target}")


def _fits(value: object, go_type: GoType) -> bool:
    if go_type == "string":
        return isinstance(value, str)
    if go_type == "[]float64":
        return isinstance(value, list) and all(_fits(each, "float64") for each in value)
    if isinstance(value, bool):
        return go_type == "bool"
    if go_type in ("int", "int64"):
        return isinstance(value, int) and -_MAX_INT64 <= value <= _MAX_INT64
    if go_type == "bool" or not isinstance(value, int | float):
        return False
    return abs(value) < (_MAX_FLOAT32 if go_type == "float32" else math.inf)


def _number(literal: str) -> int | Number:
    if literal.lstrip("-").isdigit() and len(literal.lstrip("-")) <= _MAX_DIGITS:
        return int(literal)
    number = Number(literal)
    number.literal = literal
    return number


def _without_surrogates(value: object) -> object:
    match value:
        case str():
            return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)
        case list():
            return [_without_surrogates(each) for each in value]
        case dict():
            return {str(_without_surrogates(k)): _without_surrogates(v) for k, v in value.items()}
    return value


def _refuse_constant(name: str) -> NoReturn:
    if name.startswith("-"):
        raise BadRequestBody("invalid character 'I' in numeric literal")
    raise BadRequestBody(f"invalid character {quoted(name[0])} {OF_VALUE}")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        earlier = found.get(name)
        if isinstance(earlier, dict) and isinstance(value, dict):
            found[name] = earlier | value
        elif value is not None or earlier is None:
            found[name] = value
    return found


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_number,
    parse_float=_number,
    parse_constant=_refuse_constant,
)
