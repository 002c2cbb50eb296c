"""The matrix in words and as lines for a terminal. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from experiments.words import own

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def row_title(name: str) -> str:
    """Name a row: the defences that are on."""
    return {
        "none": _("no defence"),
        "retry": _("retry"),
        "outbox": _("outbox"),
        "idempotent_jobs": _("idempotent jobs"),
        "callback_outbox": _("callback outbox"),
        "reconciliation": _("reconciliation"),
        "circuit_breaker": _("circuit breaker"),
        "deadline": _("deadline passed on"),
        "consistency": _("consistency"),
        "survivors": _("the four that survive"),
    }.get(name, name)


def column_title(name: str) -> str:
    """Name a column: the fault that is in force."""
    return {
        "none": _("no fault"),
        "jobs-cut": _("way to the worker cut"),
        "jobs-lost": _("jobs lost"),
        "answers-lost": _("answers lost"),
        "jobs-twice": _("jobs delivered twice"),
        "callbacks-cut": _("callbacks cut"),
        "worker-slow": _("worker slow"),
        "worker-crash": _("worker crashed"),
    }.get(name, name)


def anomaly(kind: str, count: int) -> str:
    """Say how many orders have an anomaly."""
    words = {
        "lost": _("%(count)s lost"),
        "stuck": _("%(count)s stuck"),
        "reserved_twice": _("%(count)s twice"),
        "reserved_without_order": _("%(count)s without order"),
        "confirmed_without_reservation": _("%(count)s not reserved"),
        "rejected_though_reserved": _("%(count)s rejected"),
        "reserved_for_cancelled": _("%(count)s held for nobody"),
        "cancelled_though_acknowledged": _("%(count)s cancelled"),
        "placed_twice": _("%(count)s placed twice"),
    }
    return words.get(kind, f"%(count)s {kind}") % {"count": count}


def said(cell: Mapping[str, Any]) -> str:
    """Say what a cell measured: ``✓ 6 of 6`` acknowledged and whole, or what is wrong."""
    if cell["ok"]:
        return f"✓ {_('%(some)s of %(all)s') % _share(cell)}"
    wrong = [anomaly(kind, count) for kind, count in cell["anomalies"].items()]
    wrong += [_("stock wrong")] if cell["stockNotConserved"] else []
    return f"✕ {', '.join(wrong)}"


def described(state: Mapping[str, Any]) -> dict[str, Any]:
    """Put a matrix's state into the reader's words: titles of rows and columns, texts of cells."""
    return {
        **state,
        "title": own(str(state["title"])),
        "reason": own(str(state["reason"])),
        "rows": [{**row, "title": row_title(row["name"])} for row in state["rows"]],
        "columns": [
            {**column, "title": column_title(column["name"])} for column in state["columns"]
        ],
        "cells": [{**cell, "text": said(cell)} for cell in state["cells"]],
    }


def lines(state: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of what has been measured so far."""
    cells = {(each["row"], each["column"]): said(each) for each in state["cells"]}
    columns = [each["name"] for each in state["columns"]]
    rows = [["", *(column_title(name) for name in columns)]]
    for row in state["rows"]:
        told = [cells.get((row["name"], column), "–") for column in columns]
        rows.append([row_title(row["name"]), *told])
    widths = [max(len(row[place]) for row in rows) for place in range(len(columns) + 1)]
    for row in rows:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _share(cell: Mapping[str, Any]) -> dict[str, int]:
    return {"some": cell["acknowledged"], "all": cell["orders"]}
