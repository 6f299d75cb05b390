from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0012_follow_ups"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="extra",
            field=models.JSONField(
                blank=True, default=dict, help_text="What else an imported row says.", verbose_name="other columns"
            ),
        ),
    ]
