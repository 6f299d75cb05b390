from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    # What was done stays: nobody changes or deletes the record of it.
    roles.grant(apps, "surveys", {roles.MANAGERS: {"add_erasure", "view_erasure"}})


class Migration(migrations.Migration):
    dependencies = [("surveys", "0017_erasure"), ("kpiproject", "0001_squashed_0009_calendar_roles")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
