import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The wording of an invitation is its version's; it is no longer repeated in every row."""

    dependencies = [("surveys", "0008_roles")]

    operations = [
        migrations.RemoveField(model_name="invitation", name="question"),
        migrations.RemoveField(model_name="invitation", name="low_label"),
        migrations.RemoveField(model_name="invitation", name="high_label"),
        migrations.AlterField(
            model_name="invitation",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.version",
            ),
        ),
    ]
