from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0009_frozen_wording")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="misdirected_at",
            field=models.DateTimeField(
                blank=True, help_text="When somebody said that it was not meant for them.", null=True
            ),
        ),
    ]
