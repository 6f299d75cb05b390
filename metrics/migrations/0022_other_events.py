from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0021_tags"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(("kind__in", ["created", "priority", "category", "note", "handoff"])),
                fields=["at"],
                name="event_other",
            ),
        ),
    ]
