from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    roles.grant(apps, "metrics", {roles.MANAGERS: roles.everything("customkpi", "adoption")})


class Migration(migrations.Migration):
    dependencies = [("metrics", "0015_own_kpis")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
