"""Who may ask what of a process on loopback: pure rules, the same for Django, WebSockets and OTLP.

A browser says where a page came from (``Origin``, ``Sec-Fetch-Site``); scripts and curl send
neither and are let in, since they already run on this machine. A rebound DNS name arrives with a
foreign ``Host``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http.request import split_domain_port, validate_host

if TYPE_CHECKING:
    from collections.abc import Iterable

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def refused_host(host: str, allowed_hosts: Iterable[str]) -> bool:
    """Whether ``host`` (a Host header) names a site that this process does not serve."""
    domain, _port = split_domain_port(host)
    return not domain or not validate_host(domain, allowed_hosts)


def refused_origin(origin: str, fetch_site: str, allowed_origins: Iterable[str]) -> bool:
    """Whether a page of another site is behind a request, by what its browser says."""
    if origin:
        return origin.lower() not in allowed_origins
    return fetch_site.lower() in {"cross-site", "same-site"}
