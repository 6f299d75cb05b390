import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import kpiproject.lib.tokens
from kpiproject import roles


def grant(apps, schema_editor):
    managers = roles.everything("webhooktarget") | {"view_webhookdelivery", "change_webhookdelivery"}
    roles.grant(apps, "kpiproject", {roles.MANAGERS: managers})


class Migration(migrations.Migration):
    dependencies = [
        ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed", "JSON, signed"),
                            ("slack", "Slack, Mattermost and others that take a text"),
                        ],
                        default="slack",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        help_text="As the other system shows it. Addresses inside of a private network are refused.",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="address",
                    ),
                ),
                (
                    "secret",
                    models.CharField(
                        default=kpiproject.lib.tokens.new_token, editable=False, max_length=64, verbose_name="secret"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="Names the cause: one cause, one post.",
                        max_length=200,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "waiting"), ("sent", "sent"), ("failed", "failed")],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt"),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.CharField(blank=True, max_length=32)),
                ("error", models.TextField(blank=True, verbose_name="last error")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="kpiproject.webhooktarget",
                    ),
                ),
            ],
            options={
                "verbose_name": "message to a webhook",
                "verbose_name_plural": "messages to webhooks",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["next_attempt_at"], name="webhook_due"
                    )
                ],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
