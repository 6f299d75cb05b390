"""What managers write into a survey, part by part. Nobody's text is lost: a part that somebody else has saved meanwhile
is not overwritten unseen, and what was asked already is changed only by asking anew."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from surveys import readiness, scales
from surveys.content import TEXTS
from surveys.lifecycle import FrozenError, refuse_if_frozen
from surveys.models import Question, Survey, Translation
from surveys.scales import Scale

Values = Mapping[str, Any]
SCALE: Final = ("kind", "scale_min", "scale_max", "lower_is_better", "look")
THRESHOLDS: Final = ("middle_from", "good_from")
RULES: Final = (
    "name",
    "slug",
    "purpose",
    "owner_id",
    "reply_to",
    "thanks_url",
    "expires_after_days",
    "lock_after_days",
    "reminder_days",
    "respects_quiet_time",
    "reply_to",
)


class ChangedMeanwhileError(Exception):
    """Somebody has saved this part after the person had opened it. Nothing was stored; `theirs` is what it says now."""

    def __init__(self, theirs: Values) -> None:
        super().__init__(
            _(
                "Somebody else has changed this since you opened it. Nothing is lost: yours stands in the fields, "
                "theirs beneath. Saving again puts yours in place of theirs."
            )
        )
        self.theirs = theirs


class NotPossibleError(ValueError):
    """A change that makes no sense; the sentence says why."""


def fingerprint(values: Values) -> str:
    """Short and the same for the same values; a form carries it, to tell what its writer has seen."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def check_seen(current: Values, wanted: Values, seen: str) -> None:
    """Raises ChangedMeanwhileError unless the writer has seen what is there, or wants just that."""
    if seen != fingerprint(current) and any(current[name] != wanted[name] for name in wanted):
        raise ChangedMeanwhileError(current)


@contextmanager
def locked(survey: Survey) -> Iterator[Survey]:
    """The survey as it is stored; nobody else writes into it meanwhile."""
    with transaction.atomic():
        yield Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)


def words(survey: Survey, language: str) -> dict[str, str]:
    """The texts in one language; all empty in one that is not offered."""
    source: Survey | Translation | None = survey
    if language != survey.language:
        source = survey.translations.filter(language=language).first()
    return {name: getattr(source, name) if source else "" for name in TEXTS}


def save_words(survey: Survey, language: str, wanted: Mapping[str, str], *, seen: str) -> None:
    with locked(survey) as stored:
        check_seen(words(stored, language), wanted, seen)
        if language == stored.language:
            Survey.objects.filter(pk=stored.pk).update(**wanted)
        else:
            Translation.objects.update_or_create(survey=stored, language=language, defaults=dict(wanted))


def add_language(survey: Survey, language: str) -> None:
    if language != survey.language:
        Translation.objects.get_or_create(survey=survey, language=language)


def drop_language(survey: Survey, language: str) -> None:
    """No longer offer a language. Versions, and with them answers, keep its words."""
    with locked(survey) as stored:
        if language == stored.language:
            raise NotPossibleError(
                _("The main language cannot be taken away; make another one the main language first.")
            )
        stored.translations.filter(language=language).delete()
        for question in stored.questions.select_for_update():
            question.prompts.pop(language, None)
            question.save(update_fields=["prompts"])


def make_main(survey: Survey, language: str) -> None:
    """Texts that are missing elsewhere are said in the main language from now on."""
    with locked(survey) as stored:
        found = stored.translations.filter(language=language).first()
        if found is None or not found.question.strip():
            raise NotPossibleError(_("The main language needs a question; write it first."))
        before, after = words(stored, stored.language), words(stored, language)
        Translation.objects.create(survey=stored, language=stored.language, **before)
        found.delete()
        Survey.objects.filter(pk=stored.pk).update(language=language, **after)


def scale(survey: Survey) -> dict[str, Any]:
    return {name: getattr(survey, name) for name in SCALE}


def save_scale(survey: Survey, wanted: Values, *, seen: str) -> None:
    """Kind, points, direction and look. Thresholds of another scale would mean nothing, so they fall back to those that
    are agreed on. Raises FrozenError for anything but the look once the survey was open."""
    with locked(survey) as stored:
        current = scale(stored)
        check_seen(current, wanted, seen)
        changed = {name for name in SCALE if current[name] != wanted[name]}
        if changed - {"look"}:
            refuse_if_frozen(stored)
            wanted = {**wanted, **dict.fromkeys(THRESHOLDS)}
        Survey.objects.filter(pk=stored.pk).update(**wanted)


def thresholds(survey: Survey) -> dict[str, Any]:
    """As they count, whether they are its own or those agreed on."""
    return dict(zip(THRESHOLDS, survey.scale.steps or (None, None), strict=True))


def save_thresholds(survey: Survey, wanted: Values, *, seen: str) -> None:
    """Raises FrozenError once the survey was open, NotPossibleError for thresholds that the scale cannot have."""
    with locked(survey) as stored:
        current = thresholds(stored)
        check_seen(current, wanted, seen)
        if current == dict(wanted):
            return
        refuse_if_frozen(stored)
        check_thresholds(stored.scale, wanted["middle_from"], wanted["good_from"])
        agreed = Scale(
            kind=stored.kind, low=stored.scale_min, high=stored.scale_max, lower_is_better=stored.lower_is_better
        ).steps
        own = None if agreed == (wanted["middle_from"], wanted["good_from"]) else wanted
        Survey.objects.filter(pk=stored.pk).update(**(own or dict.fromkeys(THRESHOLDS)))


def check_thresholds(scale: Scale, middle_from: int, good_from: int) -> None:
    if scale.is_recommendation and (middle_from, good_from) != scales.steps(scale.kind, scale.low, scale.high):
        raise NotPossibleError(_("Only 9 and 10 are promoters and 7 and 8 passives; other thresholds make no NPS."))
    if not readiness.steps_fit(scale, middle_from, good_from):
        raise NotPossibleError(
            _("There must be a bad and a good score, with the middle between them. Please choose other numbers.")
        )


def rules(survey: Survey) -> dict[str, Any]:
    return {name: getattr(survey, name) for name in RULES}


def save_rules(survey: Survey, wanted: Values, *, seen: str) -> None:
    """How people are asked; this takes effect at once. Raises FrozenError for another purpose once the survey was open,
    and for another address, because it stands in mails."""
    with locked(survey) as stored:
        current = rules(stored)
        check_seen(current, wanted, seen)
        if current["purpose"] != wanted["purpose"]:
            refuse_if_frozen(stored)
        if current["slug"] != wanted["slug"] and stored.opened_at is not None:
            raise FrozenError(_("The survey was open already, and its address stands in mails, so it stays."))
        Survey.objects.filter(pk=stored.pk).update(**wanted)


def earlier(question: Question | None, survey: Survey) -> list[Question]:
    """The questions with options that one may follow, in their order; of a new one all."""
    found = [one for one in survey.questions.order_by("position", "id") if not one.is_retired]
    if question is not None and question in found:
        found = found[: found.index(question)]
    return [one for one in found if one.kind in readiness.WITH_OPTIONS]
