"""Faults of the links, through Toxiproxy's control API: the lab's own, or a real Toxiproxy."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _

from base.client import LabClient
from base.errors import LabError
from faults.errors import FaultError
from faults.holders.holder import TIMEOUT_SECONDS, Holder, holder_errors
from faults.holders.toxics import OURS, PREFIX, ids_of, toxics_of
from systems.current import SYSTEM

if TYPE_CHECKING:
    from faults.fault import Fault
    from faults.holders.toxics import ToxicSpec


class ToxicHolder(Holder):
    """The control API at ``url``. ``own``: it is the lab's own, which supports ``ttl_ms``."""

    def __init__(self, url: str, *, own: bool) -> None:
        self._links = LabClient(url, timeout_seconds=TIMEOUT_SECONDS)
        self._own = own

    @property
    def self_healing(self) -> bool:
        """True for the lab's own links; a real Toxiproxy has no timers."""
        return self._own

    def apply(self, fault: Fault) -> None:
        """Add the fault's toxics, all or none; a cut disables the proxy.

        :raises FaultError: a real Toxiproxy lacks such a toxic, or there is no such link.
        """
        if fault.target not in self._proxies():
            raise FaultError(
                _(
                    "nothing of the lab carries %(target)s here (with --hosts it is a wire):"
                    " break it at the level firewall"
                )
                % {"target": fault.target},
                field="level",
            )
        extra = self._ttl(fault)
        if fault.kind == "cut":
            self._enable(fault.target, enabled=False, extra=extra)
            return
        if fault.hidden and self._own:
            # Its traces are what it is to be found by, and must not name it.
            extra = {**extra, "journal": False}
        added: list[ToxicSpec] = []
        try:
            for toxic in toxics_of(fault):
                self._add(fault, toxic, extra=extra)
                added.append(toxic)
        except Exception:
            for toxic in added:
                self._remove(fault.target, toxic.name)
            raise

    def heal(self, fault: Fault) -> None:
        """Remove the fault's toxics; a cut's proxy is enabled again, if it is still there."""
        if fault.kind == "cut":
            # A link that somebody has removed is not cut any more.
            self._call("POST", _path(fault.target), body={"enabled": True}, missing_ok=True)
            return
        for toxic in toxics_of(fault):
            self._remove(fault.target, toxic.name)

    def replaces(self, fault: Fault) -> bool:
        """True for a cut: healing the first would enable the proxy that the second disabled."""
        return fault.kind == "cut"

    def heal_all(self) -> None:
        """Remove the lab's toxics and enable its links; other proxies stay as they are."""
        for name, proxy in self._proxies().items():
            for toxic in proxy["toxics"]:
                if toxic["name"].startswith(PREFIX):
                    self._remove(name, toxic["name"])
            if not proxy["enabled"] and name in SYSTEM.link_names:
                self._enable(name, enabled=True, extra={})

    def outlives_heal_all(self, fault: Fault) -> bool:
        """True for a cut of a link that is not the system's: others disable theirs too."""
        return fault.kind == "cut" and fault.target not in SYSTEM.link_names

    def held(self) -> set[str]:
        """Return the ids of the faults with toxics; ``cut:<link>`` for a disabled link."""
        found: set[str] = set()
        for name, proxy in self._proxies().items():
            found |= ids_of(toxic["name"] for toxic in proxy["toxics"])
            if not proxy["enabled"]:
                found.add(f"cut:{name}")
        return found

    def holds(self, fault: Fault) -> bool:
        """Whether it has the fault's toxics, or the link is disabled by a cut."""
        name = f"cut:{fault.target}" if fault.kind == "cut" else fault.id
        return name in self.held()

    def run(self) -> str:
        """Return the run of the lab's own links; a Toxiproxy server names none."""
        return str(self._call("GET", "/healthz")["run"]) if self._own else ""

    def _proxies(self) -> dict[str, Any]:
        listed: dict[str, Any] = self._call("GET", "/proxies")
        return listed

    @holder_errors()
    def _add(self, fault: Fault, toxic: ToxicSpec, *, extra: dict[str, int]) -> None:
        if toxic.is_ours and not self._own:
            raise FaultError(
                _(
                    "the Toxiproxy server at %(url)s can't hold a fault to some requests, nor"
                    " vary it so: unset TOXIPROXY_URL to use the lab's own links"
                )
                % {"url": self._links.base_url},
                field="kind",
            )
        try:
            self._links.call(
                "POST", f"/proxies/{fault.target}/toxics", body={**toxic.as_json(), **extra}
            )
        except LabError as error:
            if error.status == HTTPStatus.BAD_REQUEST:
                raise self._refusal(fault, toxic, error.detail) from None
            raise

    def _refusal(self, fault: Fault, toxic: ToxicSpec, reason: str) -> FaultError:
        if toxic.type in OURS and not self._own:
            return FaultError(
                _(
                    "the Toxiproxy server at %(url)s has no toxic %(toxic)s, which %(kind)s needs:"
                    " unset TOXIPROXY_URL to use the lab's own links"
                )
                % {"url": self._links.base_url, "toxic": toxic.type, "kind": fault.kind},
                field="kind",
            )
        return FaultError(f"the links refused {toxic.type}: {reason}", field="kind")

    def _remove(self, link: str, toxic: str) -> None:
        path = f"{_path(link)}/toxics/{quote(toxic, safe='')}"
        self._call("DELETE", path, missing_ok=True)

    def _enable(self, link: str, *, enabled: bool, extra: dict[str, int]) -> None:
        self._call("POST", _path(link), body={"enabled": enabled, **extra})

    @holder_errors()
    def _call(self, method: str, path: str, **options: Any) -> Any:
        return self._links.call(method, path, **options)

    def _ttl(self, fault: Fault) -> dict[str, int]:
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is None or not self._own:
            return {}
        return {"ttl_ms": max(1, round(remaining * 1_000))}


def _path(link: str) -> str:
    return f"/proxies/{quote(link, safe='')}"
