"""What can go wrong with a system's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.errors import BadSettingError

if TYPE_CHECKING:
    from collections.abc import Iterable


class NoSuchPartError(LookupError):
    """The system has no service or link of this name; the text lists those that it has."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"{name!r} is not one of {', '.join(known)}")


class SystemFileError(BadSettingError):
    """A system file can't be read, is no TOML, or describes no system; the text names the place."""
