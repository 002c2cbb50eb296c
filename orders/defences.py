"""The API's defences; all off is the naive flow."""

from __future__ import annotations

from boundary.defences import Defences

RETRY = "retry"
"""A job that could not be delivered is sent again, after a wait and within a budget."""

DEFENCES = Defences([RETRY])
