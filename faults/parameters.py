"""The numbers of a fault: their types, bounds, units and defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from base.faults.request import integer, number, one_of, text

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Parameter(Protocol):
    """A parameter of a kind of fault."""

    @property
    def name(self) -> str:
        """Its name in JSON."""

    @property
    def default(self) -> Any:
        """What it is where it is not given."""

    def read(self, given: Any) -> Any:
        """Check a value; None stands for the default.

        :raises FaultRequestError: the value is of another type or out of bounds.
        """

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""


@dataclass(frozen=True, slots=True)
class IntParameter:
    """A whole number."""

    name: str
    title: StrPromise
    default: int
    unit: str
    minimum: int
    maximum: int

    def read(self, given: Any) -> int:
        """Check a whole number.

        :raises FaultRequestError: it is no whole number, or out of bounds.
        """
        value = self.default if given is None else given
        return integer(value, field=self.name, lowest=self.minimum, highest=self.maximum)

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return _described(self, type_="integer")


@dataclass(frozen=True, slots=True)
class FloatParameter:
    """A number."""

    name: str
    title: StrPromise
    default: float
    unit: str
    minimum: float
    maximum: float

    def read(self, given: Any) -> float:
        """Check a number.

        :raises FaultRequestError: it is no finite number, or out of bounds.
        """
        value = self.default if given is None else given
        return number(value, field=self.name, lowest=self.minimum, highest=self.maximum)

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return _described(self, type_="number")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several strings."""

    name: str
    title: StrPromise
    default: str
    choices: tuple[str, ...]

    def read(self, given: Any) -> str:
        """Check a string.

        :raises FaultRequestError: it is not one of the choices.
        """
        return one_of(self.default if given is None else given, self.choices, field=self.name)

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


@dataclass(frozen=True, slots=True)
class TextParameter:
    """A text that may be empty, which is its default; ``hint`` is one that it could be."""

    name: str
    title: StrPromise
    hint: str
    default: str = ""

    def read(self, given: Any) -> str:
        """Check a text.

        :raises FaultRequestError: it is none, or too long.
        """
        return text(self.default if given is None else given, field=self.name)

    def as_json(self) -> dict[str, Any]:
        """Describe it for a form."""
        return {
            "name": self.name,
            "type": "text",
            "unit": "",
            "default": self.default,
            "minimum": None,
            "maximum": None,
            "title": str(self.title),
            "hint": self.hint,
        }


def _described(parameter: IntParameter | FloatParameter, *, type_: str) -> dict[str, Any]:
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
    titles = {
        "request": _("requests"),
        "response": _("responses"),
        "both": _("both ways"),
        "uniform": _("evenly"),
        "normal": _("normally distributed"),
        "pareto": _("with a long tail"),
        "recorded": _("as recorded"),
        "each": _("each connection"),
        "shared": _("all connections together"),
    }
    return titles.get(choice, choice)
