from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    staff = {"view_benchmark"}
    roles.grant(apps, "metrics", {roles.STAFF: staff, roles.MANAGERS: roles.everything("benchmark")})


class Migration(migrations.Migration):
    dependencies = [("metrics", "0018_benchmarks")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
