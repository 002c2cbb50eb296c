"""Faults of the links, through Toxiproxy's control API: the lab's own, or a real Toxiproxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _

from faults.fault import LINKS, FaultError
from faults.holders.holder import ask
from faults.holders.toxics import OURS, PREFIX, ids_of, toxics_of

if TYPE_CHECKING:
    from faults.fault import Fault
    from faults.holders.toxics import ToxicSpec

_NOT_FOUND = 404


class ToxicHolder:
    """The control API at ``url``. ``own`` says that it is the lab's own, which knows ``ttl_ms``."""

    def __init__(self, url: str, *, own: bool) -> None:
        self._url = url
        self._own = own

    @property
    def self_healing(self) -> bool:
        """The lab's own links end a fault by themselves; a real Toxiproxy does not."""
        return self._own

    def apply(self, fault: Fault) -> None:
        """Make the fault's toxics, all or none; a cut takes the proxy down.

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
        made: list[ToxicSpec] = []
        try:
            for toxic in toxics_of(fault):
                self._make(fault, toxic, extra=extra)
                made.append(toxic)
        except Exception:
            for toxic in made:
                self._remove(fault.target, toxic.name)
            raise

    def heal(self, fault: Fault) -> None:
        """Remove the fault's toxics; a cut's proxy comes up again."""
        if fault.kind == "cut":
            self._enable(fault.target, enabled=True, extra={})
            return
        for toxic in toxics_of(fault):
            self._remove(fault.target, toxic.name)

    def replaces(self, fault: Fault) -> bool:
        """A proxy is down once, however often it is cut: healing the first would end the second."""
        return fault.kind == "cut"

    def heal_everything(self) -> None:
        """Remove the lab's toxics and bring the lab's links up; other proxies are left alone."""
        for name, proxy in self._proxies().items():
            for toxic in proxy["toxics"]:
                if toxic["name"].startswith(PREFIX):
                    self._remove(name, toxic["name"])
            if not proxy["enabled"]:
                self._enable(name, enabled=True, extra={})

    def held(self) -> set[str]:
        """Ids of the faults whose toxics are there; for a link that is down, ``cut:<link>``."""
        found: set[str] = set()
        for name, proxy in self._proxies().items():
            found |= ids_of(toxic["name"] for toxic in proxy["toxics"])
            if not proxy["enabled"]:
                found.add(f"cut:{name}")
        return found

    def found(self, ids: set[str]) -> list[Fault]:
        """Nothing is turned on here by the environment."""
        del ids
        return []

    def _proxies(self) -> dict[str, Any]:
        listed: dict[str, Any] = ask("GET", f"{self._url}/proxies").json()
        return {name: proxy for name, proxy in listed.items() if name in LINKS}

    def _make(self, fault: Fault, toxic: ToxicSpec, *, extra: dict[str, int]) -> None:
        answer = ask(
            "POST",
            f"{self._url}/proxies/{fault.target}/toxics",
            body={**toxic.as_json(), **extra},
            absent=(400,),
        )
        if answer.ok:
            return
        said = answer.text.strip()
        if toxic.type in OURS and not self._own:
            raise FaultError(
                _(
                    "the Toxiproxy server at %(url)s has no toxic %(toxic)s, which %(kind)s needs:"
                    " unset TOXIPROXY_URL to use the lab's own links"
                )
                % {"url": self._url, "toxic": toxic.type, "kind": fault.kind},
                field="kind",
            )
        raise FaultError(f"the links refused {toxic.type}: {said[:200]}", field="kind")

    def _remove(self, link: str, toxic: str) -> None:
        ask(
            "DELETE",
            f"{self._url}/proxies/{link}/toxics/{quote(toxic, safe='')}",
            absent=(_NOT_FOUND,),
        )

    def _enable(self, link: str, *, enabled: bool, extra: dict[str, int]) -> None:
        ask("POST", f"{self._url}/proxies/{link}", body={"enabled": enabled, **extra})

    def _ttl(self, fault: Fault) -> dict[str, int]:
        remaining = fault.remaining_seconds(timezone.now())
        if remaining is None or not self._own:
            return {}
        return {"ttl_ms": max(1, round(remaining * 1_000))}
