"""The numbers of a fault: their types, bounds, units and defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from faults.fault import FaultError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Parameter(Protocol):
    """Something that a kind of fault can be told."""

    @property
    def name(self) -> str:
        """What it is called in JSON."""

    def read(self, given: Any) -> Any:
        """Check a value; None stands for the default.

        :raises FaultError: the value is of another type or out of bounds.
        """

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    name: str
    title: _StrPromise
    default: int
    unit: str
    minimum: int
    maximum: int

    def read(self, given: Any) -> int:
        """Check a whole number.

        :raises FaultError: it is no whole number, or out of bounds.
        """
        value = self.default if given is None else given
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not self.minimum <= value <= self.maximum:
            raise FaultError(
                _("%(name)s must be a whole number from %(minimum)s to %(maximum)s")
                % _bounds(self),
                field=self.name,
            )
        return value

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return _described(self, type_="integer")


@dataclass(frozen=True, slots=True)
class Real:
    """A number."""

    name: str
    title: _StrPromise
    default: float
    unit: str
    minimum: float
    maximum: float

    def read(self, given: Any) -> float:
        """Check a number.

        :raises FaultError: it is no finite number, or out of bounds.
        """
        value = self.default if given is None else given
        number = isinstance(value, int | float) and not isinstance(value, bool)
        # NaN fails every comparison, but an explicit test says that it is meant to.
        if not number or math.isnan(value) or not self.minimum <= value <= self.maximum:
            raise FaultError(
                _("%(name)s must be a number from %(minimum)s to %(maximum)s") % _bounds(self),
                field=self.name,
            )
        return float(value)

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return _described(self, type_="number")


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a few."""

    name: str
    title: _StrPromise
    default: str
    choices: tuple[str, ...]

    def read(self, given: Any) -> str:
        """Check a word.

        :raises FaultError: it is not one of the choices.
        """
        for choice in self.choices:
            if choice == (self.default if given is None else given):
                return choice
        said = _("%(name)s must be one of %(known)s") % {
            "name": self.name,
            "known": ", ".join(self.choices),
        }
        raise FaultError(said, field=self.name)

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return {
            "name": self.name,
            "type": "choice",
            "unit": "",
            "default": self.default,
            "minimum": None,
            "maximum": None,
            "title": str(self.title),
            "choices": [{"value": each, "title": _choice_title(each)} for each in self.choices],
        }


def _bounds(parameter: Whole | Real) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
    }


def _described(parameter: Whole | Real, *, type_: str) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": type_,
        "unit": parameter.unit,
        "default": parameter.default,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "title": str(parameter.title),
    }


def _choice_title(choice: str) -> str:
    titles = {"request": _("requests"), "response": _("responses"), "both": _("both ways")}
    return titles.get(choice, choice)
