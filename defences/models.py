"""Which defences are wanted, kept so that a service that was started anew gets them back."""

from __future__ import annotations

from django.db import models


class WantedDefence(models.Model):
    """A defence that somebody turned on; its row goes when it is turned off."""

    name = models.CharField(primary_key=True, max_length=40)

    def __str__(self) -> str:
        """Name it."""
        return self.name
