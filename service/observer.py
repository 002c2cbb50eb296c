"""Calls of management commands to the running lab's observer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from base.client import LabClient
from base.errors import LabError, LabFailure
from service import lab_errors


def call_observer(
    method: str, path: str, *, body: object = None, timeout_seconds: float = 90.0
) -> Any:
    """Call the observer's HTTP API; return the JSON of its answer.

    :raises CommandError: it refuses, or no lab answers; a sentence for the terminal.
    """
    url = settings.LAB_OBSERVER_URL
    try:
        return LabClient(url, timeout_seconds=timeout_seconds).call(method, path, body=body)
    except LabError as error:
        if error.failure is LabFailure.UNREACHABLE:
            sentence = f"no lab answers at {url}: start it with `python lab.py`"
        else:
            sentence = lab_errors.sentence(error)
        raise CommandError(sentence) from None
