from django.db import migrations

from kpiproject import roles


def grant(apps, schema_editor):
    managers = roles.everything(
        "survey", "invitation", "contact", "suppression", "answer", "answerchange", "factchange"
    )
    # What a customer said is never written by hand, and its history is never rewritten.
    managers -= {"add_answer", "change_answer"}
    managers -= roles.everything("answerchange", "factchange") - {"view_answerchange"}
    roles.grant(apps, "surveys", {roles.STAFF: {"view_survey"}, roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_initial"),
        ("kpiproject", "0002_roles"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
