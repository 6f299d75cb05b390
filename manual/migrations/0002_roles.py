from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    managers = roles.everything("section", "sectionversion", "edition", "share")
    # Published editions and what sections said stay as they are.
    managers -= {"change_edition", "delete_edition", "delete_share"}
    managers -= roles.everything("sectionversion") - {"view_sectionversion"}
    roles.grant(apps, "manual", {roles.STAFF: {"view_edition"}, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0001_initial"),
        ("kpiproject", "0002_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
