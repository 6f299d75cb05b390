"""Give every survey its first version, and everything that was asked and answered before what it needs now."""

from django.db import migrations
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from kpiproject.lib.periods import day_start, local_day
from kpiproject.lib.tokens import new_token
from surveys.content import TEXTS, Content, Wording
from surveys.scales import Scale


def give_versions(apps, schema_editor):
    survey_model = apps.get_model("surveys", "Survey")
    version_model = apps.get_model("surveys", "Version")
    invitations = apps.get_model("surveys", "Invitation").objects
    answers = apps.get_model("surveys", "Answer").objects
    for survey in survey_model.objects.all():
        scale = Scale(kind=survey.kind, low=survey.scale_min, high=survey.scale_max)
        wording = Wording(**{name: getattr(survey, name) for name in TEXTS})
        content = Content(scale=scale, look=survey.look, language=survey.language, wordings={survey.language: wording})
        version = version_model.objects.create(
            survey=survey, number=1, content=content.as_json(), digest=content.digest, created_at=survey.created_at
        )
        survey.current_version = version
        survey.link_secret = new_token()
        if survey.kind == "nps":
            survey.purpose = "relationship"
        elif survey.kind in ("esat", "enps"):
            survey.purpose = "employees"
        survey.save()
        invitations.filter(survey=survey).update(version=version, language=survey.language)
        answers.filter(survey=survey).update(version=version, language=survey.language)
    answered = answers.filter(invitation=OuterRef("pk"))
    invitations.filter(Exists(answered)).update(is_answered=True)
    invitations.update(send_at=Coalesce(F("sent_at"), F("created_at")))


def judge(apps, schema_editor):
    answers = apps.get_model("surveys", "Answer").objects
    answers.filter(invitation=None).update(origin="public")
    seen = answers.order_by().values_list("kind", "score", "scale_min", "scale_max").distinct()
    for kind, score, low, high in list(seen):
        standing = Scale(kind=kind, low=low, high=high).standing(score)
        answers.filter(kind=kind, score=score, scale_min=low, scale_max=high).update(standing=standing)


def part_employees(apps, schema_editor):
    """What employees answered loses its link to them, its hour and its history."""
    organisation = apps.get_model("kpiproject", "Organisation").objects.first()
    zone = organisation.time_zone if organisation else "UTC"
    answers = apps.get_model("surveys", "Answer").objects.filter(kind__in=["esat", "enps"])
    apps.get_model("surveys", "AnswerChange").objects.filter(answer__in=answers).delete()
    for answer in answers.only("answered_at"):
        answers.filter(pk=answer.pk).update(
            invitation=None,
            contact=None,
            ticket="",
            ticket_source="",
            agent="",
            changed_at=None,
            answered_at=day_start(local_day(answer.answered_at, zone), zone),
        )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0006_whole_surveys"), ("kpiproject", "0005_mail_files")]

    operations = [
        migrations.RunPython(give_versions, migrations.RunPython.noop),
        migrations.RunPython(judge, migrations.RunPython.noop),
        migrations.RunPython(part_employees, migrations.RunPython.noop),
    ]
