"""Why the lab can't be started or tested."""

from __future__ import annotations


class LaunchError(Exception):
    """A prerequisite is missing; the message names it and how to get it."""
