import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpiproject", "0009_calendar_roles"),
        ("metrics", "0007_facts_and_adoption"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="Lower numbers are tried first.", verbose_name="order"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True, help_text="Empty means every channel.", max_length=100, verbose_name="channel"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True, help_text="Empty means every category.", max_length=200, verbose_name="category"
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True, help_text="Empty means every priority.", max_length=100, verbose_name="priority"
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True, help_text="Empty means every tier.", max_length=100, verbose_name="customer tier"
                    ),
                ),
                (
                    "company",
                    models.CharField(
                        blank=True,
                        help_text="Empty means every company.",
                        max_length=200,
                        verbose_name="agreement with the company",
                    ),
                ),
                (
                    "customer",
                    models.CharField(
                        blank=True,
                        help_text="The customer’s id in the help desk, or e-mail address. Empty means every customer.",
                        max_length=254,
                        verbose_name="agreement with the customer",
                    ),
                ),
                (
                    "least_mrr",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="In the organisation’s currency, as the customer’s subscriptions are when the ticket comes in. Empty means any.",
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="from monthly revenue",
                    ),
                ),
                (
                    "from_day",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Counted from the day of signing up.",
                        null=True,
                        verbose_name="customer for at least (days)",
                    ),
                ),
                (
                    "until_day",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="For example 90 for customers who are being introduced.",
                        null=True,
                        verbose_name="customer for less than (days)",
                    ),
                ),
                (
                    "seconds",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="within (seconds)"
                    ),
                ),
                (
                    "count",
                    models.CharField(
                        choices=[
                            ("seconds", "hours, minutes and seconds"),
                            ("days", "days, until the same time of day"),
                            ("day_ends", "days, until the end of the last one"),
                        ],
                        default="seconds",
                        max_length=10,
                        verbose_name="counted in",
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        choices=[("business", "business time"), ("calendar", "calendar time")],
                        default="business",
                        max_length=10,
                        verbose_name="measured in",
                    ),
                ),
                (
                    "pausing",
                    models.CharField(
                        choices=[
                            ("organisation", "the organisation's statuses"),
                            ("own", "these statuses"),
                            ("none", "nothing"),
                        ],
                        default="organisation",
                        max_length=12,
                        verbose_name="the clock is stopped by",
                    ),
                ),
                (
                    "pause_statuses",
                    models.JSONField(blank=True, default=list, verbose_name="statuses that stop the clock"),
                ),
                (
                    "warn_minutes",
                    models.PositiveIntegerField(
                        default=30,
                        help_text="In the time in which the target is measured.",
                        verbose_name="warn (minutes before)",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="in force since")),
                ("valid_until", models.DateTimeField(verbose_name="in force until")),
            ],
            options={
                "verbose_name": "earlier version of a service target",
                "verbose_name_plural": "earlier versions of service targets",
                "ordering": ["target", "version"],
            },
        ),
        migrations.CreateModel(
            name="EarlierTier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tier", models.CharField(max_length=100, verbose_name="tier")),
                ("until", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "earlier tier of a customer",
                "verbose_name_plural": "earlier tiers of customers",
                "ordering": ["customer", "until"],
            },
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="category",
            field=models.CharField(
                blank=True, help_text="Empty means every category.", max_length=200, verbose_name="category"
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="company",
            field=models.CharField(
                blank=True,
                help_text="Empty means every company.",
                max_length=200,
                verbose_name="agreement with the company",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="count",
            field=models.CharField(
                choices=[
                    ("seconds", "hours, minutes and seconds"),
                    ("days", "days, until the same time of day"),
                    ("day_ends", "days, until the end of the last one"),
                ],
                default="seconds",
                max_length=10,
                verbose_name="counted in",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="customer",
            field=models.CharField(
                blank=True,
                help_text="The customer’s id in the help desk, or e-mail address. Empty means every customer.",
                max_length=254,
                verbose_name="agreement with the customer",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="from_day",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Counted from the day of signing up.",
                null=True,
                verbose_name="customer for at least (days)",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="least_mrr",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="In the organisation’s currency, as the customer’s subscriptions are when the ticket comes in. Empty means any.",
                max_digits=14,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="from monthly revenue",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="pause_statuses",
            field=models.JSONField(blank=True, default=list, verbose_name="statuses that stop the clock"),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="pausing",
            field=models.CharField(
                choices=[
                    ("organisation", "the organisation's statuses"),
                    ("own", "these statuses"),
                    ("none", "nothing"),
                ],
                default="organisation",
                max_length=12,
                verbose_name="the clock is stopped by",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="until_day",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="For example 90 for customers who are being introduced.",
                null=True,
                verbose_name="customer for less than (days)",
            ),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="valid_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="in force since"),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="servicetarget",
            name="warn_minutes",
            field=models.PositiveIntegerField(
                default=30,
                help_text="In the time in which the target is measured.",
                verbose_name="warn (minutes before)",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="first_response_due_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="first response due under our service target"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="first_response_target",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="metrics.servicetarget",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="first_response_tier",
            field=models.CharField(editable=False, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="first_response_version",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="next_reply_due_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="next reply due under our service target"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="next_reply_target",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="metrics.servicetarget",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="next_reply_tier",
            field=models.CharField(editable=False, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="next_reply_version",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="resolution_target",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="metrics.servicetarget",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="resolution_tier",
            field=models.CharField(editable=False, max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="resolution_version",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="servicetarget",
            name="metric",
            field=models.CharField(
                choices=[
                    ("first_response", "first response"),
                    ("next_reply", "next reply"),
                    ("resolution", "resolution"),
                ],
                max_length=20,
                verbose_name="what is promised",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["first_response_due_at"], name="ticket_reply_due"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("next_reply_due_at__isnull", False)),
                fields=["next_reply_due_at"],
                name="ticket_next_due",
            ),
        ),
        migrations.AddField(
            model_name="earliertarget",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="earlier", to="metrics.servicetarget"
            ),
        ),
        migrations.AddField(
            model_name="earliertier",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="earlier_tiers", to="metrics.customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="earliertarget",
            constraint=models.UniqueConstraint(fields=("target", "version"), name="earlier_target_version"),
        ),
        migrations.AddConstraint(
            model_name="earliertier",
            constraint=models.UniqueConstraint(fields=("customer", "until"), name="earlier_tier_once"),
        ),
        migrations.AddConstraint(
            model_name="earliertier",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier", ""), _negated=True), name="earlier_tier_is_known"
            ),
        ),
    ]
