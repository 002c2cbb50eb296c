"""Content codings of OTLP/HTTP bodies, unpacked within bounds. Pure."""

from __future__ import annotations

import re
import sys
import zlib
from typing import TYPE_CHECKING, Protocol

from telemetry.errors import Malformed, TooLarge, Unsupported
from telemetry.otlp import snappy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_GZIP_WINDOW = 31
_GZIP_HEAD = b"\x1f\x8b"
_RAW_DEFLATE_WINDOW = -15
# What a frame may ask for in memory: no more than all of it may be when unpacked.
_ZSTD_WINDOW_LOG = 26
_MAX_STREAMS = 65_536
_PIECE_BYTES = 65_536
_PADDING = re.compile(rb"\0*")


class Unpacker(Protocol):
    """One stream of a body: gzip's member, zstd's frame."""

    @property
    def eof(self) -> bool:
        """Whether its end was reached."""

    @property
    def unused_data(self) -> bytes:
        """What follows its end."""

    def decompress(self, data: bytes | memoryview, max_length: int, /) -> bytes:
        """Unpack ``data`` to ``max_length`` bytes at most."""


def unpack(coding: str, data: bytes) -> bytes:
    """Unpack a body; gzip and zstd may come in several streams, one after the other.

    :raises Unsupported: the coding is none that is taken here.
    :raises Malformed: the body is not of its coding.
    :raises TooLarge: it is over `MAX_UNPACKED_BYTES`, or in too many pieces, when unpacked.
    """
    if coding in ("", "identity"):
        return data
    unpacker = _CODINGS.get(coding)
    if unpacker is None:
        raise Unsupported(f"the content encoding must be one of {', '.join(_CODINGS)}, or none")
    return unpacker(data)


def packed_as(message: bytes) -> str:
    """By its beginning, how a message of gRPC is packed; none of OTLP's begins so unpacked."""
    if message.startswith(_GZIP_HEAD):
        return "gzip"
    return "deflate" if _has_zlib_head(message) else ""


def _gzip(data: bytes) -> bytes:
    return _streams("gzip", data, lambda: zlib.decompressobj(_GZIP_WINDOW), zlib.error)


def _deflate(data: bytes) -> bytes:
    """Unpack zlib's format, which HTTP calls deflate, and the bare one that some send for it."""
    window = zlib.MAX_WBITS if _has_zlib_head(data) else _RAW_DEFLATE_WINDOW
    return _streams("deflate", data, lambda: zlib.decompressobj(window), zlib.error)


def _has_zlib_head(data: bytes) -> bool:
    return len(data) > 1 and data[0] & 15 == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0


def _zstd(data: bytes) -> bytes:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError:
        raise Unsupported("zstd can't be unpacked: backports.zstd is not installed") from None
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
    return _streams("zstd", data, lambda: zstd.ZstdDecompressor(options=options), zstd.ZstdError)


def _snappy(data: bytes) -> bytes:
    return snappy.unpack(data, max_bytes=MAX_UNPACKED_BYTES)


def _streams(
    coding: str, data: bytes, new: Callable[[], Unpacker], error: type[Exception]
) -> bytes:
    """Unpack streams that follow one another; zeros between and after them are padding."""
    view, place = memoryview(data), 0
    parts: list[bytes] = []
    left = MAX_UNPACKED_BYTES
    for _ in range(_MAX_STREAMS):
        stream = new()
        while not stream.eof:
            piece = view[place : place + _PIECE_BYTES]
            if not piece:
                raise Malformed(f"the {coding} body is cut off")
            try:
                # One byte more than may be, since a limit of 0 means none.
                parts.append(stream.decompress(piece, left + 1))
            except error as problem:
                raise Malformed(f"the body is not {coding}: {problem}") from None
            left -= len(parts[-1])
            if left < 0:
                raise TooLarge(f"the body is over {MAX_UNPACKED_BYTES} bytes when unpacked")
            place += len(piece) - len(stream.unused_data)
        padding = _PADDING.match(data, place)
        place = padding.end() if padding else place
        if place >= len(data):
            return b"".join(parts)
    raise TooLarge(f"the {coding} body has more than {_MAX_STREAMS} parts")


_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "zlib": _deflate,  # the Collector's name for the same
    "zstd": _zstd,
    "snappy": _snappy,
    "x-snappy-framed": _snappy,
}
