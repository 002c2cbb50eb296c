from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("defences", "0001_initial")]

    operations = [migrations.RenameModel("WantedDefence", "EnabledDefence")]
