from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    # What happened on the way to an edition is never rewritten.
    managers = {
        "view_approval", "add_approval", "change_approval", "view_approvalevent", "view_approvalcomment",
        "view_contradictionanswer", "add_contradictionanswer", "view_sectionreminder",
    }  # fmt: skip
    roles.grant(apps, "manual", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0007_approvals"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
