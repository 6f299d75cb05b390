"""What a survey asks now, and the versions it has had. An edited survey that was open gets a new version."""

from django.db import transaction
from django.utils import timezone

from kpiproject.models import User
from surveys import changes, content
from surveys.changes import Change
from surveys.content import Content, Further, Prompt, Wording
from surveys.models import Question, Survey, Version

_READ: dict[str, Content] = {}
_MOST_READ = 500


def content_of(survey: Survey) -> Content:
    """The survey as it is written now, whether or not anybody has been asked it."""
    wordings = {survey.language: _wording(survey)}
    for translation in survey.translations.exclude(language=survey.language):
        wordings[translation.language] = _wording(translation)
    asked = survey.questions.filter(is_retired=False).order_by("position", "id")
    return Content(
        scale=survey.scale,
        look=survey.look,
        language=survey.language,
        wordings=wordings,
        questions=tuple(_further(question, survey.language) for question in asked),
    )


def ensure(survey: Survey, *, by: User | None = None) -> Version:
    """The version that asks what the survey says now: the current one, or a new one if something was changed."""
    current = survey.current_version
    if current is not None and current.digest == content_of(survey).digest:
        return current
    with transaction.atomic():
        # Its version is read afterwards: PostgreSQL would join the one from before it waited for the lock.
        locked = Survey.objects.select_for_update().get(pk=survey.pk)
        last, now = locked.current_version, content_of(locked)
        if last is None or last.digest != now.digest:
            last = _next(locked, now, by=by)
            Survey.objects.filter(pk=locked.pk).update(current_version=last)
    survey.current_version = last
    return last


def _next(survey: Survey, now: Content, *, by: User | None) -> Version:
    last = survey.versions.order_by("-number").first()
    return Version.objects.create(
        survey=survey,
        number=last.number + 1 if last else 1,
        content=now.as_json(),
        digest=now.digest,
        created_at=timezone.now(),
        created_by=by,
    )


def asked_now(survey: Survey) -> Version:
    """The version that is asked at this moment: what was last ensured, not what somebody is just writing."""
    return survey.current_version or ensure(survey)


def question(survey: Survey) -> str:
    """The question as people are asked it, in the main language; of a draft as it is written."""
    if survey.opened_at is None or survey.current_version is None:
        return survey.question
    asked = survey.current_version.content
    return str(asked["wordings"][asked["language"]]["question"])


def read(version: Version) -> Content:
    """Kept by its digest, because every page and every answer needs it and it never changes."""
    found = _READ.get(version.digest)
    if found is None:
        found = content.from_json(version.content)
        if version.digest:
            if len(_READ) >= _MOST_READ:
                _READ.clear()
            _READ[version.digest] = found
    return found


def pending(survey: Survey, now: Content | None = None) -> list[Change]:
    """What was written since the survey was last asked anew, and nobody is asked yet; `now` spares reading it again."""
    if survey.opened_at is None or survey.current_version is None:
        return []
    now = now or content_of(survey)
    if survey.current_version.digest == now.digest:
        return []
    return changes.between(read(survey.current_version), now)


def was_asked(question: Question) -> bool:
    """Whether any version contains it; then replies may refer to it and to the keys of its options."""
    contents = Version.objects.filter(survey_id=question.survey_id).values_list("content", flat=True)
    return any(question.pk == one["id"] for plain in contents.iterator() for one in plain["questions"])


def _wording(texts: object) -> Wording:
    return Wording(**{name: getattr(texts, name) for name in content.TEXTS})


def _further(question: Question, main: str) -> Further:
    prompts = {code: Prompt(**said) for code, said in question.prompts.items()}
    prompts.setdefault(main, Prompt(prompt=""))
    return Further(
        id=question.pk,
        kind=question.kind,
        is_required=question.is_required,
        low=question.scale_min,
        high=question.scale_max,
        standings=tuple(question.standings),
        after=question.after_id,
        after_options=tuple(question.after_options),
        options=tuple(question.options),
        prompts=prompts,
    )
