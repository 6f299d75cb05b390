import django.db.models.deletion
from django.db import migrations, models

import kpiproject.validators


class Migration(migrations.Migration):
    dependencies = [
        ("kpiproject", "0007_logo"),
    ]

    operations = [
        migrations.AddField(
            model_name="holiday",
            name="intervals",
            field=models.JSONField(
                blank=True,
                default=list,
                validators=[kpiproject.validators.validate_intervals],
                verbose_name="open nevertheless",
            ),
        ),
        migrations.AddField(
            model_name="holiday",
            name="uid",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="organisation",
            name="schedule_at_end",
            field=models.BooleanField(
                default=False,
                help_text="One calendar for the whole time of a ticket: that of the team which has it at the end. Otherwise every hour counts by the calendar of the team that had the ticket while it passed.",
                verbose_name="measure as Zendesk does",
            ),
        ),
        migrations.AlterField(
            model_name="businesscalendar",
            name="week",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text='For example {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}.',
                validators=[kpiproject.validators.validate_week],
                verbose_name="opening hours",
            ),
        ),
        migrations.CreateModel(
            name="CalendarUse",
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
                    "tier",
                    models.CharField(
                        blank=True, help_text="Empty means every tier.", max_length=100, verbose_name="customer tier"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="kpiproject.businesscalendar",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty means every team.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="kpiproject.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a calendar",
                "verbose_name_plural": "uses of a calendar",
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("team__isnull", False),
                            models.Q(("channel", ""), _negated=True),
                            models.Q(("tier", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="calendar_use_is_for_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[kpiproject.validators.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "week",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='For example {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}.',
                        validators=[kpiproject.validators.validate_week],
                        verbose_name="opening hours",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        help_text="The first day on which they did not count any more.", verbose_name="until"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier",
                        to="kpiproject.businesscalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier opening hours",
                "verbose_name_plural": "earlier opening hours",
                "ordering": ["until"],
                "constraints": [models.UniqueConstraint(fields=("calendar", "until"), name="earlier_hours_once")],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(verbose_name="date")),
                (
                    "intervals",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[kpiproject.validators.validate_intervals],
                        verbose_name="open",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=150, verbose_name="reason")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="special_days",
                        to="kpiproject.businesscalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "day with other hours",
                "verbose_name_plural": "days with other hours",
                "ordering": ["date"],
                "constraints": [models.UniqueConstraint(fields=("calendar", "date"), name="special_day_once")],
            },
        ),
    ]
