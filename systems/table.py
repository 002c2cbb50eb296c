"""The keys of one table of a TOML file, each read once and by its type; what is left is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from systems.errors import SystemFileError

if TYPE_CHECKING:
    from collections.abc import Collection

_Word = TypeVar("_Word", bound=str)


class Table:
    """A table at ``place``, as errors name it: ``[[link]] 2 (api-to-worker)``."""

    def __init__(self, place: str, values: dict[str, Any]) -> None:
        self.place = place
        self._values = dict(values)
        self._known: list[str] = []

    def fail(self, message: str) -> NoReturn:
        """Refuse the file for this table.

        :raises SystemFileError: always.
        """
        raise SystemFileError(f"{self.place}: {message}" if self.place else message)

    def string(self, key: str, default: str | None = None) -> str:
        """Read a string; without ``default`` one that is there and not empty."""
        value = self._take(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fail(f"{key} must be a string, not {value!r}")
        return value

    def word(self, key: str, words: Collection[_Word], default: _Word) -> _Word:
        """Read one of ``words``."""
        value = self._take(key, default)
        found = next((each for each in words if each == value), None)
        if found is None:
            self.fail(f"{key} must be one of {', '.join(words)}, not {value!r}")
        return found

    def integer(self, key: str, default: int, *, lowest: int, highest: int) -> int:
        """Read a whole number within bounds."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.fail(f"{key} must be a whole number from {lowest} to {highest}, not {value!r}")
        return value

    def rate(self, key: str, default: float, *, highest: float) -> float:
        """Read a number over 0."""
        value = self._take(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 < value <= highest
        ):
            self.fail(f"{key} must be a number over 0 and at most {highest:g}, not {value!r}")
        return float(value)

    def strings(self, key: str) -> tuple[str, ...] | None:
        """Read a list of strings that is not empty; None when the key is left out."""
        value = self._take(key, None)
        if value is None:
            return None
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(each, str) for each in value)
        ):
            self.fail(f'{key} must be a list of strings such as ["npm", "start"], not {value!r}')
        return tuple(value)

    def mapping(self, key: str) -> dict[str, str]:
        """Read a table of strings, empty when it is left out."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            self.fail(f'{key} must be a table such as {{ PORT = "4000" }}, not {value!r}')
        for name, each in value.items():
            if not isinstance(each, str):
                self.fail(f'{key}.{name} must be a string, not {each!r}: write "{each}"')
        return dict(value)

    def tables(self, key: str) -> list[dict[str, Any]]:
        """Read ``[[key]]``, empty when it is left out."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fail(f"{key} must be written as [[{key}]]")
        return list(value)

    def end(self) -> None:
        """Refuse what has not been read.

        :raises SystemFileError: there is a key that nobody asked for.
        """
        for key in self._values:
            self.fail(f"there is no key {key!r} here; there are {', '.join(self._known)}")

    def _take(self, key: str, default: object) -> Any:
        self._known.append(key)
        return self._values.pop(key, default)
