import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from kpiproject import roles


def grant(apps, schema_editor):
    """Reports are recorded by machines or from files; nobody writes or changes one."""
    roles.grant(apps, "surveys", {roles.MANAGERS: {"view_bouncereport", "add_bouncereport"}})


class Migration(migrations.Migration):
    dependencies = [
        ("kpiproject", "0006_mail_domain"),
        ("surveys", "0013_imported_extra"),
    ]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="survey",
            name="reply_to",
            field=models.EmailField(
                blank=True,
                help_text="Where an answer to the mail itself goes. Empty: to the address the mail comes from.",
                max_length=254,
                verbose_name="replies go to",
            ),
        ),
        migrations.CreateModel(
            name="BounceReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hard", "no such recipient"),
                            ("soft", "could not be delivered just then"),
                            ("refused", "refused because of us"),
                            ("complaint", "called junk by its recipient"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("recipient", models.EmailField(max_length=254, verbose_name="to")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        help_text="As RFC 3463 has it, such as 5.1.1.",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "diagnostic",
                    models.CharField(blank=True, max_length=500, verbose_name="in the words of the server"),
                ),
                ("source", models.CharField(max_length=30, verbose_name="reported by")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="reported")),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bounce_reports",
                        to="kpiproject.mail",
                        verbose_name="mail",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of a mail that came back",
                "verbose_name_plural": "reports of mails that came back",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["recipient", "at"], name="bounce_report_of")],
                "constraints": [models.UniqueConstraint(fields=("mail", "kind"), name="bounce_report_once")],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
