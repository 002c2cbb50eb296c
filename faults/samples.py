"""Recorded delays: numbers of a file, of which the distribution is kept. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from base.faults.request import MAX_MS, FaultRequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django_stubs_ext import StrPromise

RECORDED: Final = "recorded"
MOST_GIVEN: Final = 100_000
MOST_KEPT: Final = 500
"""Of more numbers so many quantiles are kept: what is drawn from them is spread as they are."""

_BETWEEN: Final = re.compile(r"[\s,;]+")
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class SamplesParameter:
    """Milliseconds from a file: its text, or a list of numbers; none is the default.

    In a text they stand with blanks, commas or line ends between; a line's rest from ``#`` is left
    out.
    """

    name: str
    title: StrPromise
    default: tuple[float, ...] = ()

    def read(self, given: Any) -> tuple[float, ...] | list[float]:
        """Check them; return them in order, or `MOST_KEPT` quantiles of more.

        :raises FaultRequestError: something in it is no number of milliseconds, or too much is.
        """
        if given is None or given in ("", []):
            return self.default
        if isinstance(given, str):
            found = list(self._of_text(given))
        elif isinstance(given, list):
            found = [self._number(each, place=f"[{at}]") for at, each in enumerate(given)]
        else:
            raise FaultRequestError("samples", field=self.name)
        if not found:
            raise FaultRequestError("samples_none", field=self.name)
        if len(found) > MOST_GIVEN:
            raise FaultRequestError("samples_many", field=self.name, highest=MOST_GIVEN)
        return quantiles(found, most=MOST_KEPT)

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return {
            "name": self.name,
            "type": "file",
            "unit": "",
            "default": "",
            "minimum": None,
            "maximum": None,
            "title": str(self.title),
        }

    def _of_text(self, text: str) -> Iterator[float]:
        for number, line in enumerate(text.splitlines(), start=1):
            for word in _BETWEEN.split(line.partition("#")[0]):
                if word:
                    yield self._number(word, place=f"line {number}")

    def _number(self, value: Any, *, place: str) -> float:
        try:
            found = float(value)
        except (TypeError, ValueError, OverflowError):
            found = -1.0
        if isinstance(value, bool) or not 0 <= found <= MAX_MS:
            shown = str(value)[:_LONGEST_SHOWN]
            raise FaultRequestError(
                "samples_number", field=self.name, place=place, value=shown, highest=MAX_MS
            )
        return found


def with_samples(values: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Complete a delay that is drawn from samples: alone, unless one is given to be added.

    :raises FaultRequestError: it is to be recorded, and there are none.
    """
    if "samples" not in values:
        if values.get("distribution") == RECORDED:
            raise FaultRequestError("samples_missing", field="samples")
        return values
    return {**values, "distribution": RECORDED, "ms": values["ms"] if "ms" in given else 0}


def quantiles(numbers: Iterable[float], *, most: int) -> list[float]:
    """Return the numbers in order, or ``most`` of them, evenly spaced, the least and the most."""
    ordered = sorted(numbers)
    if len(ordered) <= most:
        return ordered
    last = len(ordered) - 1
    return [ordered[round(at * last / (most - 1))] for at in range(most)]
