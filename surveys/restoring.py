"""Let a survey say again what it said in one of its versions."""

from dataclasses import asdict

from surveys import versions
from surveys.content import Content, Further
from surveys.models import Question, Survey, Translation, Version
from surveys.writing import locked


def restore(survey: Survey, version: Version) -> None:
    """Write what a version asked into the survey: words, look and further questions. Nobody is asked it before the
    survey is asked anew. Kind, scale and thresholds are frozen, so they are the same."""
    content = versions.read(version)
    with locked(survey) as stored:
        _words(stored, content)
        kept = {question.id for question in content.questions}
        for question in stored.questions.exclude(pk__in=kept):
            if versions.was_asked(question):
                Question.objects.filter(pk=question.pk).update(is_retired=True)
            else:
                question.delete()
        for position, further in enumerate(content.questions):
            _question(further, position)


def _words(survey: Survey, content: Content) -> None:
    own = asdict(content.wordings[content.language])
    Survey.objects.filter(pk=survey.pk).update(language=content.language, look=content.look, **own)
    survey.translations.all().delete()
    Translation.objects.bulk_create(
        Translation(survey=survey, language=language, **asdict(wording))
        for language, wording in content.wordings.items()
        if language != content.language
    )


def _question(further: Further, position: int) -> None:
    Question.objects.filter(pk=further.id).update(
        position=position,
        kind=further.kind,
        is_required=further.is_required,
        is_retired=False,
        scale_min=further.low,
        scale_max=further.high,
        standings=list(further.standings),
        after_id=further.after,
        after_options=list(further.after_options),
        options=list(further.options),
        prompts={language: asdict(prompt) for language, prompt in further.prompts.items()},
    )
