"""Which defences are on, stored so that a restarted service gets them back."""

from __future__ import annotations

from django.db import models


class EnabledDefence(models.Model):
    """A defence that has been switched on; its row is deleted when it is switched off."""

    name = models.CharField(primary_key=True, max_length=40)

    def __str__(self) -> str:
        return self.name
