"""Further questions of a survey: written, ordered, taken back. One that was asked keeps its kind and its keys."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from surveys import versions
from surveys.content import Prompt
from surveys.lifecycle import FrozenError
from surveys.models import Question, Survey
from surveys.writing import check_seen, locked

WRITTEN = (
    "kind",
    "is_required",
    "scale_min",
    "scale_max",
    "standings",
    "after_id",
    "after_options",
    "options",
    "prompts",
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """A further question as a manager wrote it; an option is its key, "" for a new one, and its texts by language."""

    kind: str
    is_required: bool = False
    scale_min: int = 1
    scale_max: int = 5
    standings: Sequence[int] = ()
    after_id: int | None = None
    after_options: Sequence[str] = ()
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    options: Sequence[tuple[str, Mapping[str, str]]] = ()


def values(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in WRITTEN}


def add(survey: Survey, written: Written) -> Question:
    with locked(survey) as stored:
        last = stored.questions.order_by("-position").first()
        question = Question(survey=stored, position=last.position + 1 if last else 0)
        _write(question, written, main=stored.language)
        question.save()
    return question


def save(question: Question, written: Written, *, seen: str) -> Question:
    """Raises ChangedMeanwhileError, and FrozenError for another kind or scale of a question that was asked."""
    with locked(question.survey) as survey:
        stored = survey.questions.get(pk=question.pk)
        current = values(stored)
        _write(stored, written, main=survey.language)
        check_seen(current, values(stored), seen)
        is_otherwise = any(current[name] != getattr(stored, name) for name in ("kind", "scale_min", "scale_max"))
        if is_otherwise and versions.was_asked(stored):
            raise FrozenError(
                _("This question was asked already, so its kind and scale stay. Take it back and add another one.")
            )
        stored.save()
    return stored


def move(question: Question, *, by: int) -> None:
    """One place up (-1) or down (1) among those that are asked."""
    with locked(question.survey) as survey:
        order = list(survey.questions.filter(is_retired=False).order_by("position", "id"))
        place = order.index(question)
        other = place + by
        if not 0 <= other < len(order):
            return
        order[place], order[other] = order[other], order[place]
        for number, one in enumerate(order):
            one.position = number
        Question.objects.bulk_update(order, ["position"])


def take_back(question: Question) -> None:
    """Ask it no more. What was replied stays; a question that was never asked, and that none follows, is deleted."""
    with locked(question.survey) as survey:
        if versions.was_asked(question) or survey.questions.filter(after=question).exists():
            Question.objects.filter(pk=question.pk).update(is_retired=True)
        else:
            question.delete()


def ask_again(question: Question) -> None:
    """A question that was taken back is asked once more, as the last."""
    with locked(question.survey) as survey:
        if not survey.questions.get(pk=question.pk).is_retired:
            return
        last = survey.questions.filter(is_retired=False).order_by("-position").first()
        Question.objects.filter(pk=question.pk).update(is_retired=False, position=last.position + 1 if last else 0)


def _write(question: Question, written: Written, *, main: str) -> None:
    for name in ("kind", "is_required", "scale_min", "scale_max", "after_id"):
        setattr(question, name, getattr(written, name))
    question.standings, question.after_options = list(written.standings), list(written.after_options)
    taken = set(question.options)
    keyed = []
    for key, texts in written.options:
        known = key if key in taken else new_key(texts.get(main, ""), taken)
        taken.add(known)
        keyed.append((known, texts))
    question.options = [key for key, _texts in keyed]
    question.prompts = {
        language: asdict(
            Prompt(
                prompt=prompt.prompt,
                low_label=prompt.low_label,
                high_label=prompt.high_label,
                options={key: texts[language] for key, texts in keyed if texts.get(language)},
            )
        )
        for language, prompt in written.prompts.items()
    }


def new_key(text: str, taken: set[str]) -> str:
    """A key that stays with an option however its text changes; readable where the text allows it."""
    key = slugify(text)[:30].strip("-") or secrets.token_hex(3)
    return key if key not in taken else f"{key}-{secrets.token_hex(2)}"
