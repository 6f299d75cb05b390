from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    roles.grant(apps, "metrics", {roles.MANAGERS: {"view_kpioptions", "change_kpioptions"}})


class Migration(migrations.Migration):
    dependencies = [("metrics", "0013_kpi_options")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
