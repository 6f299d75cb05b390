from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    staff = {"add_acknowledgement", "add_readingquestion", "view_readingquestion", "add_feedback", "view_feedback"}
    managers = staff | roles.everything("audience", "checkquestion")
    # What people have confirmed, asked and said is theirs: it is looked at, answered and settled, not rewritten.
    managers |= {"view_acknowledgement", "change_readingquestion", "change_feedback"}
    roles.grant(apps, "manual", {roles.STAFF: staff, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0010_acknowledgements"),
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
