from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("goals", "0005_alerts_of_follow_ups")]

    operations = [
        migrations.AddField(
            model_name="stakeholder",
            name="kpis",
            field=models.JSONField(blank=True, default=list, verbose_name="needs to know"),
        ),
        migrations.AddField(
            model_name="stakeholder",
            name="rhythm",
            field=models.CharField(
                blank=True,
                choices=[("week", "every week"), ("month", "every month"), ("quarter", "every quarter")],
                max_length=10,
                verbose_name="how often",
            ),
        ),
    ]
