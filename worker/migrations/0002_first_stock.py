"""What lies in stock at first: plenty, a little, and nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIRST_STOCK = {"apple": 1_000_000, "banana": 1_000_000, "cherry": 10, "sold-out": 0}


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    skus = apps.get_model("worker", "Sku")
    skus.objects.using(editor.connection.alias).bulk_create(
        skus(sku=sku, initial=count, available=count) for sku, count in FIRST_STOCK.items()
    )


class Migration(migrations.Migration):
    dependencies = [("worker", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
