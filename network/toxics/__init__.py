"""The toxics, one a file; importing this registers them all."""

from __future__ import annotations

from network.toxics import (
    bandwidth,
    blackhole,
    duplicate,
    fail_first,
    flap,
    http_status,
    latency,
    limit_data,
    noop,
    packet_loss,
    reset_peer,
    schedule,
    slicer,
    slow_close,
    timeout,
)

__all__ = [
    "bandwidth",
    "blackhole",
    "duplicate",
    "fail_first",
    "flap",
    "http_status",
    "latency",
    "limit_data",
    "noop",
    "packet_loss",
    "reset_peer",
    "schedule",
    "slicer",
    "slow_close",
    "timeout",
]
