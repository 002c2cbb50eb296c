"""The worker's tables."""

from __future__ import annotations

from django.db import models

from service.outbox.entry import Entry


class Sku(models.Model):
    """What lies in stock of one item. ``available`` is never below zero."""

    sku = models.CharField(max_length=64, primary_key=True)
    initial = models.PositiveIntegerField()
    available = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Say what is left of it."""
        return f"{self.sku}: {self.available} of {self.initial}"


class Reservation(models.Model):
    """What the worker did for one delivery of an order's job: stock set aside, or refused.

    ``delivery`` counts the deliveries of one order that were acted on, from 1. A worker that knows
    its jobs acts on the first alone; a naive one acts on each, and the second row shows it.

    Once the API has cancelled the order, its rows are RELEASED, and one more of quantity 0 keeps
    jobs that come later from reserving anything.
    """

    class Status(models.TextChoices):
        """What was done."""

        RESERVED = "RESERVED"
        REJECTED = "REJECTED"
        RELEASED = "RELEASED"

    order_id = models.UUIDField()
    delivery = models.PositiveIntegerField(default=1)
    sku = models.CharField(max_length=64)
    quantity = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices)
    request_id = models.CharField(max_length=128)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_id", "delivery"], name="one_row_a_delivery"),
        ]

    def __str__(self) -> str:
        """Say what was done for which order."""
        return f"{self.order_id} {self.status}"


class CallbackEntry(Entry):
    """An event that the API has not acknowledged yet."""

    reservation = models.OneToOneField(Reservation, on_delete=models.CASCADE, primary_key=True)

    def __str__(self) -> str:
        """Say which reservation it is of, and how often it was tried."""
        return f"{self.pk} after {self.attempts} attempts"
