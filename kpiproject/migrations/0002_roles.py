from django.db import migrations

from kpiproject import roles

_SETTINGS = roles.everything("organisation", "team", "agent", "businesscalendar", "holiday") - {
    "add_organisation",
    "delete_organisation",
}
_PEOPLE = {"view_user", "add_user", "change_user"}
_MAIL = {"view_mail", "change_mail"}


def grant(apps, schema_editor):
    roles.grant(apps, "kpiproject", {roles.STAFF: set(), roles.MANAGERS: _SETTINGS | _PEOPLE | _MAIL})


class Migration(migrations.Migration):
    dependencies = [
        ("kpiproject", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
