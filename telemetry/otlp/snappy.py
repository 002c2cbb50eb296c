"""Snappy in both of its formats, distinguished by how a body begins. Pure.

A Collector sends the block format as ``snappy`` and the framed one as ``x-snappy-framed``; those
before 0.131 sent the framed one as ``snappy``.
"""

from __future__ import annotations

from telemetry.errors import Malformed, TooLarge, Unsupported

FRAMED = b"\xff\x06\x00\x00sNaPpY"
_MAX_CHUNKS = 65_536
_HEADER_BYTES, _CHECKSUM_BYTES = 4, 4
_COMPRESSED, _UNCOMPRESSED = 0, 1


def unpack(data: bytes, *, max_bytes: int) -> bytes:
    """Unpack a body of either format.

    :raises Unsupported: the package that unpacks it is not installed.
    :raises Malformed: it is of neither.
    :raises TooLarge: it is over ``max_bytes`` when unpacked, or in too many chunks.
    """
    try:
        import cramjam
    except ImportError:
        raise Unsupported("snappy can't be unpacked: cramjam is not installed") from None
    try:
        framed = data.startswith(FRAMED)
        length = _framed_length(data) if framed else cramjam.snappy.decompress_raw_len(data)
        if length > max_bytes:
            raise TooLarge(f"the body is over {max_bytes} bytes when unpacked")
        unpacked = cramjam.snappy.decompress if framed else cramjam.snappy.decompress_raw
        return bytes(unpacked(data))
    except cramjam.DecompressionError as error:
        raise Malformed(f"the body is not snappy: {error}") from None


def _framed_length(data: bytes) -> int:
    """Sum what the chunks say to be long, before any is unpacked."""
    import cramjam

    length = place = 0
    for _ in range(_MAX_CHUNKS):
        if place >= len(data):
            return length
        size = int.from_bytes(data[place + 1 : place + _HEADER_BYTES], "little")
        begin = place + _HEADER_BYTES + _CHECKSUM_BYTES
        place += _HEADER_BYTES + size
        kind = data[place - _HEADER_BYTES - size]
        if kind == _COMPRESSED:
            length += cramjam.snappy.decompress_raw_len(data[begin:place])
        elif kind == _UNCOMPRESSED:
            length += size
    raise TooLarge(f"the snappy body has more than {_MAX_CHUNKS} chunks")
