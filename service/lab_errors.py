"""A failed call to the lab as a sentence in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from base.errors import LAB_TEXTS
from base.message import render

if TYPE_CHECKING:
    from base.errors import LabError

_TRANSLATED = {code: gettext_lazy(text) for code, text in LAB_TEXTS.items()}


def sentence(error: LabError) -> str:
    """Say which call failed, and how."""
    return render(error.message, _TRANSLATED)
