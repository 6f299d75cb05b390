import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was told of answers stands in the outbox; from now on follow-ups tell of answers, and alerts of follow-ups
    that nobody takes."""

    dependencies = [
        ("goals", "0004_report_next_week_and_left"),
        ("kpiproject", "0005_mail_files"),
        ("surveys", "0012_follow_ups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM goals_alert", migrations.RunSQL.noop),
        migrations.RemoveConstraint("alert", "alert_once"),
        migrations.RemoveField("alert", "answer"),
        migrations.AddField(
            "alert",
            "follow_up",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="surveys.followup"
            ),
            preserve_default=False,
        ),
        migrations.AddField("alert", "limit", models.DateTimeField(), preserve_default=False),
        migrations.AddConstraint(
            "alert",
            models.UniqueConstraint(fields=["follow_up", "recipient", "limit"], name="alert_once_per_limit"),
        ),
    ]
