"""Bodies are unpacked whole, and within bounds."""

from __future__ import annotations

import gzip
import sys
import zlib
from typing import TYPE_CHECKING

import cramjam
import pytest

from telemetry.errors import Malformed, TooLarge, Unsupported
from telemetry.otlp.packing import MAX_UNPACKED_BYTES, unpack
from telemetry.otlp.snappy import FRAMED

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable


def bare_deflate(data: bytes) -> bytes:
    """What some send as deflate: without zlib's head and checksum."""
    return zlib.compress(data)[2:-4]


def snappy_block(data: bytes) -> bytes:
    """The format that a Collector sends as snappy."""
    return bytes(cramjam.snappy.compress_raw(data))


def snappy_framed(data: bytes) -> bytes:
    """The format that a Collector sends as x-snappy-framed."""
    return bytes(cramjam.snappy.compress(data))


def fast_zstd(data: bytes) -> bytes:
    return zstd.compress(data, 1)


CODINGS = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("zlib", zlib.compress),
    ("deflate", bare_deflate),
    ("zstd", fast_zstd),
    ("snappy", snappy_block),
    ("snappy", snappy_framed),
    ("x-snappy-framed", snappy_framed),
]


@pytest.mark.parametrize("padding", [b"", b"\0\0\0"])
def test_every_member_of_a_gzip_body_counts(padding: bytes) -> None:
    assert unpack("gzip", gzip.compress(b"one, ") + gzip.compress(b"two") + padding) == b"one, two"


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_body_without_encoding_stays_as_it_is(encoding: str) -> None:
    assert unpack(encoding, b"as it is") == b"as it is"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no gzip",
        gzip.compress(b"cut off", mtime=0)[:-3],
        gzip.compress(b"whole", mtime=0) + b"then no gzip",
        gzip.compress(b"whole", mtime=0) + gzip.compress(b"cut off", mtime=0)[:-3],
    ],
)
def test_what_is_no_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        unpack("gzip", body)


def test_other_encodings_are_refused_with_those_that_are_taken() -> None:
    with pytest.raises(Unsupported, match="one of gzip, deflate, zlib, zstd, snappy"):
        unpack("br", b"")


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
@pytest.mark.parametrize("size", [1, 100_000])
def test_every_coding_is_unpacked_whole(
    coding: str, pack: Callable[[bytes], bytes], size: int
) -> None:
    body = (b"a span of 13B" * (size // 13 + 1))[:size]
    assert unpack(coding, pack(body)) == body


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
def test_what_is_cut_off_or_of_another_coding_is_malformed(
    coding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(bytes(range(256)))
    for body in (b"", packed[:-3], b"\xfe\xfe\xfe\xfe\xfe no coding's"):
        with pytest.raises(Malformed):
            unpack(coding, body)


@pytest.mark.parametrize(("coding", "pack"), CODINGS)
def test_no_coding_unpacks_to_more_than_the_bound(
    coding: str, pack: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(TooLarge):
        unpack(coding, pack(bytes(MAX_UNPACKED_BYTES + 1)))


@pytest.mark.parametrize(
    ("coding", "begin", "part"),
    [
        ("gzip", b"", gzip.compress(b"", mtime=0)),
        ("zstd", b"", zstd.compress(b"")),
        ("x-snappy-framed", FRAMED, b"\xfe\0\0\0"),
    ],
)
def test_a_body_of_millions_of_empty_parts_is_refused(
    coding: str, begin: bytes, part: bytes
) -> None:
    with pytest.raises(TooLarge, match="more than 65536"):
        unpack(coding, begin + part * 500_000)


def test_frames_of_zstd_follow_one_another() -> None:
    skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    assert (
        unpack("zstd", zstd.compress(b"one, ") + skippable + zstd.compress(b"two")) == b"one, two"
    )


def test_a_frame_of_zstd_may_not_ask_for_more_memory_than_the_bound() -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    frame = packer.compress(b"little") + packer.flush()
    with pytest.raises(Malformed, match="too much memory"):
        unpack("zstd", frame)


@pytest.mark.parametrize(
    ("coding", "module", "package"),
    [("zstd", "backports", "backports.zstd"), ("snappy", "cramjam", "cramjam")],
)
def test_a_coding_whose_package_is_not_installed_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, coding: str, module: str, package: str
) -> None:
    if coding == "zstd" and sys.version_info >= (3, 14):
        pytest.skip("zstd is of the standard library")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Unsupported, match=f"{package} is not installed"):
        unpack(coding, b"")


@pytest.mark.parametrize("members", [1, 2])
def test_what_unpacks_to_more_than_the_bound_is_refused(members: int) -> None:
    size = MAX_UNPACKED_BYTES // members
    assert len(unpack("gzip", gzip.compress(bytes(size), 1) * members)) == size * members
    with pytest.raises(TooLarge):
        unpack("gzip", gzip.compress(bytes(size), 1) * members + gzip.compress(b"x"))
