from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0004_imports"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("tickets", "tickets"),
                    ("ticket_events", "ticket events"),
                    ("survey_responses", "answers to surveys"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
    ]
