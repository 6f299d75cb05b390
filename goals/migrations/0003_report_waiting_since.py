from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0002_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="waiting_since",
            field=models.DateTimeField(editable=False, help_text="For figures that are being computed.", null=True),
        ),
    ]
