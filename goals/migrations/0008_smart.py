import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("goals", "0007_reviews_and_close_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="goal",
            name="goal_starts_before_due",
        ),
        migrations.RemoveConstraint(
            model_name="goal",
            name="goal_target_is_not_baseline",
        ),
        migrations.AddField(
            model_name="goal",
            name="check_in_cadence",
            field=models.CharField(
                choices=[("weekly", "every week"), ("two_weekly", "every two weeks"), ("monthly", "every month")],
                default="two_weekly",
                max_length=12,
                verbose_name="check-ins",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail",
            field=models.CharField(blank=True, max_length=50, verbose_name="guardrail"),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_breached",
            field=models.BooleanField(editable=False, help_text="Empty where it could not be measured.", null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_clock",
            field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_high",
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_limit",
            field=models.FloatField(blank=True, null=True, verbose_name="limit of the guardrail"),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_low",
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_n",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_start",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="guardrail_value",
            field=models.FloatField(editable=False, help_text="In its last complete period.", null=True),
        ),
        migrations.AddField(
            model_name="goal",
            name="has_incentive",
            field=models.BooleanField(default=False, verbose_name="money or praise depends on it"),
        ),
        migrations.AddField(
            model_name="goal",
            name="review_cadence",
            field=models.CharField(
                blank=True,
                choices=[("weekly", "every week"), ("two_weekly", "every two weeks"), ("monthly", "every month")],
                max_length=12,
                verbose_name="reviews",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="reviewer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="goals_reviewed",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reviewer",
            ),
        ),
        migrations.AddField(
            model_name="goal",
            name="smart_note",
            field=models.CharField(blank=True, max_length=500, verbose_name="why in spite of the warnings"),
        ),
        migrations.AddField(
            model_name="goal",
            name="target_high",
            field=models.FloatField(blank=True, help_text="Only of a range.", null=True, verbose_name="upper end"),
        ),
        migrations.AddField(
            model_name="targetchange",
            name="after_high",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="targetchange",
            name="before_high",
            field=models.FloatField(help_text="Of a range, the upper end.", null=True),
        ),
        migrations.AlterField(
            model_name="goal",
            name="target",
            field=models.FloatField(help_text="Of a range, the lower end.", verbose_name="target"),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "cancelled")), ("start__lt", models.F("due")), _connector="OR"
                ),
                name="goal_starts_before_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "cancelled")),
                    ("baseline__isnull", True),
                    ("target_high__isnull", False),
                    models.Q(("target", models.F("baseline")), _negated=True),
                    _connector="OR",
                ),
                name="goal_target_is_not_baseline",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "cancelled")),
                    ("target_high__isnull", True),
                    ("target__lt", models.F("target_high")),
                    _connector="OR",
                ),
                name="goal_range_has_a_width",
            ),
        ),
    ]
