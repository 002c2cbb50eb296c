"""Accounts of orders, built by hand."""

from __future__ import annotations

from typing import Any

from boundary.log_messages import LOG_EVENT_RECEIVED, LOG_JOB_DELIVERED, LOG_JOB_NOT_DELIVERED
from lesson.account import Account

SECOND = 1_000_000_000


def line(msg: str, *, at: float = 0, **attributes: Any) -> dict[str, Any]:
    return {"msg": msg, "timeUnixNano": str(round(at * SECOND)), "attributes": attributes}


def delivered(at: float = 0) -> dict[str, Any]:
    return line(LOG_JOB_DELIVERED, at=at)


def failed(kind: str, at: float = 0) -> dict[str, Any]:
    return line(LOG_JOB_NOT_DELIVERED, at=at, errorKind=kind)


def event(at: float = 0) -> dict[str, Any]:
    return line(LOG_EVENT_RECEIVED, at=at)


def moment(at: float, belief: str, fact: str) -> dict[str, Any]:
    return {
        "timeUnixNano": str(round(at * SECOND)),
        "caller": {"belief": belief},
        "callee": {"fact": fact},
    }


def account(*moments: dict[str, Any], logs: tuple[Any, ...] = (), traces: int = 1) -> Account:
    return Account({"truths": {"moments": list(moments)}}, logs, traces)


SLOW = account(
    moment(0, "unknown", "nothing"),
    moment(0.1, "PENDING", "nothing"),
    moment(5, "PENDING", "reserved"),
    moment(5.2, "CONFIRMED", "reserved"),
    logs=(failed("read_timeout", 0.9), event(5.1)),
)
CALLBACK_CUT = account(
    moment(0, "PENDING", "nothing"),
    moment(0.1, "PENDING", "reserved"),
    logs=(delivered(0.2),),
)
NOTHING = account()
