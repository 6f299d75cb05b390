from django.db import migrations, models

import kpiproject.lib.tokens


def give_each_its_own(apps, schema_editor):
    for share in apps.get_model("manual", "Share").objects.only("pk"):
        share.form_key = kpiproject.lib.tokens.new_token()
        share.save(update_fields=["form_key"])


class Migration(migrations.Migration):
    dependencies = [("manual", "0003_starter_sections")]

    operations = [
        migrations.AddField("share", "form_key", models.CharField(max_length=22, null=True, editable=False)),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField(
            "share",
            "form_key",
            models.CharField(max_length=22, unique=True, default=kpiproject.lib.tokens.new_token, editable=False),
        ),
    ]
