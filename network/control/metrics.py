"""Prometheus text of what flowed, under Toxiproxy's names, and of what toxics did, under ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from network.journal.journal import Journal
    from network.proxy import Proxy

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def render(proxies: Iterable[Proxy], journal: Journal) -> str:
    """Return the metrics of these proxies."""
    return "\n".join(_lines(list(proxies), journal)) + "\n"


def _lines(proxies: list[Proxy], journal: Journal) -> Iterator[str]:
    for name, metric, text in (
        ("received", "toxiproxy_proxy_received_bytes_total", "Bytes received by the proxy"),
        ("sent", "toxiproxy_proxy_sent_bytes_total", "Bytes sent by the proxy"),
        ("chunks", "lab_link_chunks_total", "Chunks received by the proxy"),
    ):
        yield from _head(metric, "counter", text)
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
    yield from _head(metric, "gauge", "Connections open through the proxy")
    for proxy in proxies:
        yield f"{metric}{_labels(proxy=proxy.name)} {len(proxy.connections)}"
    metric = "lab_link_connections_total"
    yield from _head(metric, "counter", "Connections accepted by the proxy")
    for proxy in proxies:
        yield f"{metric}{_labels(proxy=proxy.name)} {proxy.accepted}"
    metric = "lab_toxic_actions_total"
    yield from _head(metric, "counter", "What a toxic did to connections")
    for (name, toxic, stream, action), count in journal.totals.items():
        labels = _labels(proxy=name, toxic=toxic, direction=stream, action=action)
        yield f"{metric}{labels} {count}"
    metric = "lab_journal_unsent_total"
    yield from _head(metric, "counter", "Entries of the journal that were too many to be sent")
    yield f"{metric} {journal.unsent}"


def _head(metric: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {metric} {text}"
    yield f"# TYPE {metric} {kind}"


def _labels(**labels: str) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
