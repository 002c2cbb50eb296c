"""What each holder of faults can do, and how it says that it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import requests
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from faults.fault import Fault

TIMEOUT_SECONDS = 5.0


class HolderError(Exception):
    """The process that holds a fault could not be asked, or failed; nothing is known to change."""


class Holder(Protocol):
    """Something that does faults, and undoes them when their time is over.

    Every method may raise `HolderError`.
    """

    @property
    def self_healing(self) -> bool:
        """Whether it ends a fault at its time by itself, even when the observer has gone."""

    def apply(self, fault: Fault) -> None:
        """Do ``fault``.

        :raises FaultError: this holder can't do that fault here; nothing has changed.
        """

    def heal(self, fault: Fault) -> None:
        """Undo ``fault``; one that is over already is no error."""

    def replaces(self, fault: Fault) -> bool:
        """Whether applying ``fault`` undoes an earlier one of its target and kind by itself."""

    def heal_everything(self) -> None:
        """Undo every fault of the lab that it holds, those nobody remembers included."""

    def held(self) -> set[str]:
        """Ids of the faults that it holds at this moment."""

    def found(self, ids: set[str]) -> list[Fault]:
        """Describe those of ``ids`` that were turned on at its start, by the environment."""


def ask(
    method: str,
    url: str,
    *,
    secret: str = "",
    body: object = None,
    timeout: float = TIMEOUT_SECONDS,
    absent: tuple[int, ...] = (),
) -> requests.Response:
    """Call a door of the lab out of band; statuses in ``absent`` are answers as good as success.

    :raises UnreachableError: nothing listens there.
    :raises HolderError: no answer in ``timeout`` seconds, or one that says no.
    """
    headers = {"X-Lab-Secret": secret} if secret else {}
    try:
        answer = requests.request(
            method, url, json=body, headers=headers, timeout=timeout, allow_redirects=False
        )
    except requests.Timeout:
        said = _("%(url)s did not answer in %(seconds)s s")
        raise HolderError(said % {"url": url, "seconds": f"{timeout:.0f}"}) from None
    except requests.ConnectionError as error:
        said = _("%(url)s can't be reached (%(reason)s)")
        raise UnreachableError(said % {"url": url, "reason": _reason(error)}) from None
    if answer.status_code in absent or answer.ok:
        return answer
    said = _("%(url)s answered %(status)s: %(said)s")
    values = {"url": url, "status": answer.status_code, "said": _said(answer)}
    raise HolderError(said % values)


class UnreachableError(HolderError):
    """Nothing listens where the holder should be: whatever it held in memory has gone with it."""


def _reason(error: requests.ConnectionError) -> str:
    text = str(error)
    return "connection refused" if "refused" in text else type(error).__name__


def _said(answer: requests.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        return answer.text.strip()[:200]
    return str(said.get("error", said)) if isinstance(said, dict) else str(said)[:200]
