"""One lab a folder: its databases are not for two.

Whoever holds the lock has written into its file where its page is. The system releases the lock of
a process that ends, however it does.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from supervision.errors import FolderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Windows locks bytes, and others can't read those: one far behind what is written.
_LOCKED_BYTE: Final = 1 << 20


@contextmanager
def held(directory: Path, *, url: str) -> Iterator[None]:
    """Hold the lock of ``directory`` for the lab whose page is at ``url``.

    :raises FolderError: another lab has it, or a file can't be written there.
    """
    path = directory / "lab.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FolderError(f"{directory} can't be written ({error.strerror})") from None
    try:
        if not _lock(descriptor):
            raise FolderError(_whose(path, directory))
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "url": url}).encode())
        yield
    finally:
        os.close(descriptor)


def _whose(path: Path, directory: Path) -> str:
    try:
        other = json.loads(path.read_bytes())
        where = f"at {other['url']} (process {other['pid']})"
    except (OSError, ValueError, LookupError, TypeError):
        where = "somewhere else"
    return f"a lab runs already {where} with the files in {directory}"


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
