from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpiproject", "0006_mail_domain")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="logo",
            field=models.FileField(
                blank=True,
                help_text="PNG, JPEG or WebP of at most 8 kB; shown 48 pixels high at the top of survey pages.",
                max_length=60,
                upload_to="logos",
                verbose_name="logo",
            ),
        )
    ]
