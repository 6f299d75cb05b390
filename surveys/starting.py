"""A new survey: a draft out of a blueprint, or nearly blank."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count

from django.db import transaction
from django.utils.text import slugify

from kpiproject.models import User
from surveys.blueprints import BLUEPRINTS, Ask, Blueprint
from surveys.content import Wording
from surveys.models import Question, Survey, Translation
from surveys.scales import KINDS


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a manager decides at the beginning; the first language is the main one."""

    name: str
    slug: str
    languages: Sequence[str]
    owner: User | None = None


def from_blueprint(blueprint: Blueprint, start: Start) -> Survey:
    """A draft that asks what the blueprint asks, in these languages."""
    wordings = {language: blueprint.wording(language) for language in start.languages}
    with transaction.atomic():
        survey = _create(blueprint, start, wordings)
        stored: dict[str, Question] = {}
        for position, ask in enumerate(blueprint.questions):
            stored[ask.key] = _ask(survey, blueprint, ask, after=stored.get(ask.after), languages=start.languages)
            stored[ask.key].position = position
            stored[ask.key].save()
    return survey


def blank(kind: str, start: Start) -> Survey:
    """A draft with the usual scale of its kind and the names of its ends; everything else is to be written."""
    usual = BLUEPRINTS[kind]
    plain = Blueprint(
        code=kind,
        name=usual.name,
        about=usual.about,
        kind=kind,
        purpose=usual.purpose,
        low=KINDS[kind].low,
        high=KINDS[kind].high,
    )
    wordings = {}
    for language in start.languages:
        said = usual.wording(language)
        wordings[language] = Wording(question="", low_label=said.low_label, high_label=said.high_label)
    with transaction.atomic():
        return _create(plain, start, wordings)


def free_slug(name: str, *, otherwise: str, is_ours: Callable[[str], bool] = lambda _slug: False) -> str:
    """A short name that no survey has yet, and no page of ours (`is_ours`)."""
    base = slugify(name)[:40].strip("-") or otherwise.replace("_", "-")
    taken = set(Survey.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in _numbered(base) if slug not in taken and not is_ours(slug))


def _numbered(base: str) -> Iterator[str]:
    yield base
    for number in count(2):
        yield f"{base}-{number}"


def _create(blueprint: Blueprint, start: Start, wordings: dict[str, Wording]) -> Survey:
    main = start.languages[0]
    survey = Survey.objects.create(
        name=start.name,
        slug=start.slug,
        kind=blueprint.kind,
        purpose=blueprint.purpose,
        language=main,
        look=blueprint.look,
        scale_min=blueprint.low,
        scale_max=blueprint.high,
        lower_is_better=blueprint.lower_is_better,
        expires_after_days=blueprint.expires_after_days,
        reminder_days=list(blueprint.reminder_days),
        respects_quiet_time=blueprint.respects_quiet_time,
        owner=start.owner,
        **asdict(wordings[main]),
    )
    Translation.objects.bulk_create(
        Translation(survey=survey, language=language, **asdict(wording))
        for language, wording in wordings.items()
        if language != main
    )
    return survey


def _ask(
    survey: Survey, blueprint: Blueprint, ask: Ask, *, after: Question | None, languages: Sequence[str]
) -> Question:
    return Question(
        survey=survey,
        kind=ask.kind,
        is_required=ask.is_required,
        standings=list(ask.standings),
        after=after,
        after_options=list(ask.after_options),
        options=list(ask.keys),
        prompts={language: asdict(said) for language, said in blueprint.prompts(ask, tuple(languages)).items()},
    )
