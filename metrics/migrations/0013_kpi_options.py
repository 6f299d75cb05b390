import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0012_ticket_paths"),
    ]

    operations = [
        migrations.CreateModel(
            name="KpiOptions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "activity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "by what there is: subscriptions, else orders, else signing up"),
                            ("subscriptions", "with a subscription in force"),
                            ("orders", "with an order within the time below"),
                            ("sign_up", "from signing up until leaving"),
                        ],
                        max_length=20,
                        verbose_name="a customer is active",
                    ),
                ),
                (
                    "recognition",
                    models.CharField(
                        choices=[
                            ("end", "at the end of the service that was paid for"),
                            ("request", "when the cancellation is asked for"),
                        ],
                        default="end",
                        max_length=20,
                        verbose_name="a cancelled subscription is gone",
                    ),
                ),
                (
                    "active_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="For so long somebody who bought counts as a customer, where there are no subscriptions.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="active after an order (days)",
                    ),
                ),
                (
                    "repeat_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="After the first order.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="second order within (days)",
                    ),
                ),
                (
                    "conversion_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="So long an order is put down to support. Gorgias used 5 days, and uses 3 now.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="order after a ticket or chat within (days)",
                    ),
                ),
                (
                    "winback_months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="won back within (months)",
                    ),
                ),
                (
                    "renewal_grace_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(3650)],
                        verbose_name="late renewal within (days)",
                    ),
                ),
                (
                    "onboarding_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Where it has no due time of its own.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="onboarding within (days)",
                    ),
                ),
                (
                    "adoption_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="adoption within (days)",
                    ),
                ),
                (
                    "notice_hours",
                    models.PositiveSmallIntegerField(
                        default=72,
                        help_text="Where it has no due time of its own.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="notice of an incident within (hours)",
                    ),
                ),
                (
                    "gross_margin",
                    models.FloatField(
                        blank=True,
                        help_text="Of what customers pay. Without it, values of customers are of revenue, and say so.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="gross margin (%)",
                    ),
                ),
                (
                    "attributed_share",
                    models.FloatField(
                        blank=True,
                        help_text="Of kept customers, where there was no control group. It is an assumption, and shown as one.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="kept by what we did (%)",
                    ),
                ),
            ],
            options={
                "verbose_name": "how KPIs count",
                "verbose_name_plural": "how KPIs count",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="kpi_options_single")],
            },
        ),
    ]
