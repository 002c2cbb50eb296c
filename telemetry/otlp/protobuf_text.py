"""Parsing protobuf within bounds, and with strings that are no UTF-8.

A proto3 parser refuses a whole message for one bad byte in a string. Here such a string gets U+FFFD
where it is broken: the message is walked by its descriptor and written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError

from telemetry.errors import Malformed, TooLarge

if TYPE_CHECKING:
    from google.protobuf.message import Message

    M = TypeVar("M", bound=Message)

MAX_ELEMENTS = 500_000
"""Messages in one body: what bounds the time and memory that parsing it takes."""

_COUNTED_BYTES = 2 * MAX_ELEMENTS
"""A body of fewer bytes can't have too many messages, each of which takes two at least."""

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10
_MAX_DEPTH = 100


def parse(kind: type[M], body: bytes) -> M:
    """Parse ``body`` as a message of ``kind``.

    :raises Malformed: it is none.
    :raises TooLarge: it has more than `MAX_ELEMENTS` messages.
    """
    message = kind()
    if len(body) >= _COUNTED_BYTES:
        _Walk(MAX_ELEMENTS).message(body, kind.DESCRIPTOR)
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        repaired = _Walk(MAX_ELEMENTS).message(body, kind.DESCRIPTOR)
        if repaired == body:
            raise Malformed(f"the body is not OTLP protobuf: {error}") from None
        message = kind()
        try:
            message.ParseFromString(repaired)
        except DecodeError as second:
            raise Malformed(f"the body is not OTLP protobuf: {second}") from None
    return message


class _Walk:
    """One walk through a message, which counts its messages and repairs its strings."""

    def __init__(self, most: int) -> None:
        self._left = most

    def message(self, data: bytes, descriptor: Any, depth: int = 0) -> bytes:
        """Return ``data`` with each string made UTF-8."""
        self._left -= 1
        if self._left < 0:
            raise TooLarge(f"the body has more than {MAX_ELEMENTS} messages")
        if depth > _MAX_DEPTH:
            raise Malformed(f"the body is nested more than {_MAX_DEPTH} deep")
        parts: list[bytes] = []
        place = 0
        while place < len(data):
            start = place
            key, place = _varint(data, place)
            wire_type = key & 7
            if wire_type != _LENGTH:
                place = _skip(data, place, wire_type)
                parts.append(data[start:place])
                continue
            length, begin = _varint(data, place)
            parts.append(data[start:place])
            place = begin + length
            if place > len(data):
                raise Malformed("the body is cut off")
            content = self._content(
                data[begin:place], descriptor.fields_by_number.get(key >> 3), depth
            )
            parts += (_packed_varint(len(content)), content)
        return b"".join(parts)

    def _content(self, content: bytes, field: FieldDescriptor | None, depth: int) -> bytes:
        if field is None:
            return content
        if field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type is not None:
            return self.message(content, field.message_type, depth + 1)
        if field.type == FieldDescriptor.TYPE_STRING:
            return content.decode("utf-8", "replace").encode()
        return content


def _skip(data: bytes, place: int, wire_type: int) -> int:
    if wire_type == _VARINT:
        return _varint(data, place)[1]
    size = {_FIXED64: 8, _FIXED32: 4}.get(wire_type)
    if size is None or place + size > len(data):
        raise Malformed("the body is not OTLP protobuf")
    return place + size


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for number in range(_MAX_VARINT_BYTES):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 127) << (7 * number)
        if byte < 128:
            return value, place
    raise Malformed("the body is not OTLP protobuf")


def _packed_varint(value: int) -> bytes:
    packed = bytearray()
    while value > 127:
        packed.append(value & 127 | 128)
        value >>= 7
    packed.append(value)
    return bytes(packed)
