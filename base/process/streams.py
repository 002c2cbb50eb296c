"""A process's output, for terminals and files of any encoding."""

from __future__ import annotations

import io
import re
import sys

# What a terminal obeys instead of showing it: control characters but tab and newline, marks that
# turn the direction of writing, separators of lines, halves of characters, and invisible tags.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Return ``text`` with what a terminal would obey written as escapes, which JSON reads back."""
    # Nearly every line: known in a tenth of the time.
    if text.isascii() and text.rstrip("\n").isprintable():
        return text
    return _UNSAFE.sub(_escaped, text)


def one_line(text: str) -> str:
    """Return ``text`` as a line of its own: no newline within it begins another."""
    return visible(text).replace("\n", "\\n")


def make_output_safe() -> None:
    """Let nothing that is printed from now on control a terminal, or raise for its encoding.

    What the encoding lacks becomes ``?``: output that is redirected on Windows has the system's,
    and cp932 in Japan has no ``·``.
    """
    sys.stdout, sys.stderr = map(_safe, (sys.stdout, sys.stderr))


class _SafeOutput(io.TextIOWrapper):
    """A text stream that writes `visible` text."""

    def write(self, text: str, /) -> int:
        super().write(visible(text))
        return len(text)

    def close(self) -> None:
        """Leave the buffer open: it belongs to the stream that this one took it from."""
        if not self.buffer.closed:
            self.flush()


def _safe(stream: object) -> _SafeOutput:
    """Write to the same buffer as ``stream``; what is no file of a process stays as it is."""
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, _SafeOutput):
        return stream  # type: ignore[return-value] # it has `write`, as what stands for stdout has
    stream.flush()
    return _SafeOutput(
        stream.buffer,
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
