import django.db.models.deletion
from django.db import migrations, models

from kpiproject import roles


def grant(apps, schema_editor):
    # Nobody writes what a customer said; whether it is praise or a complaint is for managers to say.
    roles.grant(apps, "surveys", {roles.MANAGERS: {"change_answer"}})


def index_words(apps, schema_editor):
    """On PostgreSQL comments are searched by an index on them; what SQLite has instead, surveys.search keeps."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX answer_words ON surveys_answer USING GIN (to_tsvector('simple', comment)) WHERE comment <> ''"
        )


def forget_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS answer_words")


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0014_bounces"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("dimension", models.CharField(blank=True, max_length=20)),
                ("member", models.CharField(blank=True, max_length=200)),
                ("n", models.IntegerField(default=0)),
                ("good", models.IntegerField(default=0)),
                ("middle", models.IntegerField(default=0)),
                ("bad", models.IntegerField(default=0)),
                ("commented", models.IntegerField(default=0)),
                ("scored", models.IntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("square", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TallyMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("about", models.CharField(blank=True, max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name="TallyState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zone", models.CharField(blank=True, max_length=64)),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.CharField(blank=True, max_length=22)),
            ],
        ),
        migrations.AddField(
            model_name="factchange",
            name="about",
            field=models.CharField(blank=True, help_text="What counts at that instant; empty: both.", max_length=10),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("comment", ""), _negated=True),
                fields=["survey", "-answered_at", "-id"],
                name="answer_with_words",
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="survey",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="surveys.survey"
            ),
        ),
        migrations.AddConstraint(
            model_name="tallystate",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="tally_state_single"),
        ),
        migrations.AddIndex(
            model_name="tally",
            index=models.Index(fields=["day", "dimension"], name="tally_day"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("survey", "dimension", "day", "member"), name="tally_identity"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)),
                fields=["survey", "send_at"],
                name="invitation_waiting",
            ),
        ),
        migrations.RunPython(index_words, forget_words),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
