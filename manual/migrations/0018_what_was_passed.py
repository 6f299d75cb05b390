from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("manual", "0013_sharing_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="acknowledgement",
            name="passed",
            field=models.JSONField(blank=True, default=list, verbose_name="answers of the check"),
        ),
    ]
