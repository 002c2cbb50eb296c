"""Prometheus text of what flowed, under Toxiproxy's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from network.proxy import Proxy

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def render(proxies: Iterable[Proxy]) -> str:
    """Return the metrics of these proxies."""
    return "\n".join(_lines(list(proxies))) + "\n"


def _lines(proxies: list[Proxy]) -> Iterator[str]:
    for name, word in (("received", "received"), ("sent", "sent")):
        metric = f"toxiproxy_proxy_{name}_bytes_total"
        yield f"# HELP {metric} Bytes {word} by the proxy"
        yield f"# TYPE {metric} counter"
        for proxy in proxies:
            for stream, counters in proxy.counters.items():
                labels = _labels(
                    direction=stream,
                    proxy=proxy.name,
                    listener=proxy.listen,
                    upstream=proxy.upstream,
                )
                yield f"{metric}{labels} {getattr(counters, name)}"
    metric = "toxiproxy_proxy_connections"
    yield f"# HELP {metric} Connections open through the proxy"
    yield f"# TYPE {metric} gauge"
    for proxy in proxies:
        yield f"{metric}{_labels(proxy=proxy.name)} {len(proxy.connections)}"


def _labels(**labels: str) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
