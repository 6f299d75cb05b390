from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    managers = roles.everything("earlierhours", "specialday", "calendaruse")
    roles.grant(apps, "kpiproject", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [("kpiproject", "0008_calendars")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
