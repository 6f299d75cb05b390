from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_starter_surveys")]

    operations = [
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["changed_at"], name="answer_changed", condition=Q(changed_at__isnull=False)),
        ),
    ]
