import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0023_dismissed_rows")]

    operations = [
        migrations.AddField(
            model_name="customkpi",
            name="gaming",
            field=models.CharField(
                blank=True,
                default="",
                help_text="How it can look better without anything getting better for customers; its card says so.",
                max_length=500,
                verbose_name="how it can be gamed",
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="RetiredKpi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kpi", models.CharField(max_length=50, unique=True, verbose_name="KPI")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="retired")),
            ],
            options={
                "verbose_name": "retired KPI",
                "verbose_name_plural": "retired KPIs",
                "ordering": ["-at", "id"],
            },
        ),
    ]
