"""What is wrong with a survey before people are asked it. Judges content, and asks the database nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from surveys import scales
from surveys.changes import label_of
from surveys.content import TEXTS, Content, Further, Prompt
from surveys.languages import LANGUAGES
from surveys.models import Question
from surveys.scales import Scale

WITH_OPTIONS = (Question.Kind.CHOICE, Question.Kind.MULTIPLE)


class Part(StrEnum):
    """Where in the editor it is mended."""

    WORDS = "words"
    SCALE = "scale"
    QUESTIONS = "questions"
    RULES = "rules"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A sentence, and where it is mended. What does not block may be accepted: then texts of the survey's own language
    stand in for those that are missing."""

    sentence: str
    part: Part
    language: str = ""
    question: int | None = None
    is_blocking: bool = True


def problems(content: Content, *, thanks_url: str = "") -> list[Problem]:
    """What must be mended first, then what may be accepted."""
    found = [
        *_own_words(content),
        *_scale(content),
        *_questions(content),
        *_thanks_link(content, thanks_url),
        *_missing(content),
    ]
    return sorted(found, key=lambda problem: not problem.is_blocking)


def steps_fit(scale: Scale, middle_from: int, good_from: int) -> bool:
    """Whether there is a bad and a good score, with the middle, which may be empty, between them."""
    if scale.lower_is_better:
        return scale.low <= good_from <= middle_from < scale.high
    return scale.low < middle_from <= good_from <= scale.high


def _own_words(content: Content) -> Iterator[Problem]:
    if not content.wordings[content.language].question.strip():
        yield Problem(
            sentence=_("There is no question yet in %(language)s.") % {"language": LANGUAGES[content.language]},
            part=Part.WORDS,
            language=content.language,
        )


def _scale(content: Content) -> Iterator[Problem]:
    scale = content.scale
    if scale.points not in scales.points_of(scale.kind):
        yield _of_scale(_("A survey of this kind cannot be asked on %(points)s points.") % {"points": scale.points})
        return
    agreed = scales.steps(scale.kind, scale.low, scale.high)
    if scale.is_recommendation and (agreed is None or scale.steps != agreed):
        yield _of_scale(_("Only 9 and 10 are promoters and 7 and 8 passives; other thresholds make no NPS."))
    elif scale.steps is None:
        yield _of_scale(_("This scale has no thresholds: say from which score on an answer is good."))
    elif not steps_fit(scale, *scale.steps):
        yield _of_scale(_("The thresholds do not fit the scale: it needs a bad and a good score."))
    if scale.points not in scales.LOOKS.get(content.look, ()):
        yield _of_scale(_("Scores cannot look like this on %(points)s points.") % {"points": scale.points})


def _of_scale(sentence: str) -> Problem:
    return Problem(sentence=sentence, part=Part.SCALE)


def _questions(content: Content) -> Iterator[Problem]:
    for place, question in enumerate(content.questions):
        prompt = question.prompt(content.language, content.language)
        name = prompt.prompt.strip() or _("No. %(number)s") % {"number": place + 1}
        for sentence in [*_faults(question, prompt), *_branch(question, content.questions[:place])]:
            yield Problem(
                sentence=_("Further question “%(name)s”: %(fault)s") % {"name": name, "fault": sentence},
                part=Part.QUESTIONS,
                question=question.id,
            )


def _faults(question: Further, prompt: Prompt) -> Iterator[str]:
    if not prompt.prompt.strip():
        yield _("it has no words yet.")
    if question.kind in WITH_OPTIONS and len(question.options) < 2:
        yield _("it needs at least two options to choose from.")
    if question.kind == Question.Kind.SCALE and not 1 <= question.high - question.low <= 10:
        yield _("its scale must have 2 to 11 points.")


def _branch(question: Further, earlier: Sequence[Further]) -> Iterator[str]:
    if question.after is None:
        return
    asked = {one.id: one for one in earlier}.get(question.after)
    if asked is None:
        yield _("it follows a question that comes later or is no longer asked.")
    elif not question.after_options or not set(question.after_options) <= set(asked.options):
        yield _("it follows an option that does not exist any more.")


def _thanks_link(content: Content, thanks_url: str) -> Iterator[Problem]:
    has_words = bool(content.wordings[content.language].thanks_link)
    if has_words and not thanks_url:
        yield Problem(sentence=_("The link beneath the thanks has words but no address."), part=Part.RULES)


def _missing(content: Content) -> Iterator[Problem]:
    """Texts that are said in the survey's own language and not in another."""
    own = content.wordings[content.language]
    for language, wording in content.wordings.items():
        if language == content.language:
            continue
        said, wanted = asdict(wording), asdict(own)
        lacking = [label_of(name) for name in TEXTS if wanted[name] and not said[name].strip()]
        if lacking:
            yield _of_language(content, language, lacking, part=Part.WORDS)
        for question in content.questions:
            if untranslated := _untranslated(question, language, content.language):
                yield _of_language(content, language, untranslated, part=Part.QUESTIONS, question=question)


def _untranslated(question: Further, language: str, main: str) -> list[str]:
    own, said = question.prompt(main, main), question.prompts.get(language, Prompt(prompt=""))
    lacking = [own.prompt] if not said.prompt.strip() else []
    lacking += [
        wanted
        for wanted, has in ((own.low_label, said.low_label), (own.high_label, said.high_label))
        if wanted and not has.strip()
    ]
    return lacking + [own.options[key] for key in question.options if not said.options.get(key, "").strip()]


def _of_language(
    content: Content, language: str, lacking: list[str], *, part: Part, question: Further | None = None
) -> Problem:
    template = (
        _("Missing in %(language)s: %(texts)s. People would read it in %(main)s.")
        if question is None
        else _("Missing in %(language)s, further questions: “%(texts)s”. People would read it in %(main)s.")
    )
    said = template % {
        "language": LANGUAGES[language],
        "texts": (", " if question is None else "”, “").join(lacking),
        "main": LANGUAGES[content.language],
    }
    return Problem(
        sentence=said,
        part=part,
        language=language,
        question=question.id if question else None,
        is_blocking=False,
    )
