"""What a survey has come to, as tables for other programs: every answer, or the figures of the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.db.models import QuerySet

from kpiproject.documents.sheets import Cell, Row
from kpiproject.lib.periods import Period, zone_info
from surveys import anonymity, comments, result_words, scales
from surveys.anonymity import Block
from surveys.comments import Wanted
from surveys.models import Answer, Question, Reply, Survey
from surveys.results import Part, Results, Stages
from surveys.scores import Score
from surveys.sums import Sums

_CHUNK: Final = 2000
_PERSONAL: Final = ("customer", "name", "email", "company")
_COLUMNS: Final = (
    "answered_at", "changed_at", "score", "scale_min", "scale_max", "group", "comment", "mark", "language", "origin",
    "place", "version", "channel", "team", "agent", "category", "ticket_source", "ticket",
)  # fmt: skip
_EMPLOYEE_COLUMNS: Final = ("score", "scale_min", "scale_max", "group", "comment")
SUMMARY_COLUMNS: Final = (
    "section", "member", "from", "to", "n", "value", "low", "high", "mean", "good", "middle", "bad",
)  # fmt: skip

Table = tuple[Sequence[str], Iterable[Row]]


def answers(survey: Survey, period: Period, wanted: Wanted, *, is_personal: bool) -> Table:
    """Every answer with its context, the newest first; who gave it only where that may be seen."""
    questions = list(survey.questions.order_by("position", "id"))
    header = [*_COLUMNS, *(_PERSONAL if is_personal else ()), *(_column(survey, question) for question in questions)]
    rows = comments.answers(survey, period, wanted).select_related("contact", "version", "entrance")
    return header, _rows(rows.prefetch_related("replies"), questions, period.zone, is_personal=is_personal)


def answers_of_employees(survey: Survey, blocks: Sequence[Block], zone: str) -> Table:
    """Released answers without time, group and further replies, in an order that tells nothing."""
    found = comments.shuffled(comments.released(survey, blocks, zone)) if blocks else []
    rows: list[Row] = [(one.score, one.scale_min, one.scale_max, _group(one), one.comment) for one in found]
    return _EMPLOYEE_COLUMNS, rows


def _rows(answers: QuerySet[Answer], questions: Sequence[Question], zone: str, *, is_personal: bool) -> Iterator[Row]:
    local = zone_info(zone)
    for answer in answers.iterator(chunk_size=_CHUNK):
        row: list[Cell] = [
            answer.answered_at.astimezone(local),
            answer.changed_at.astimezone(local) if answer.changed_at else None,
            answer.score,
            answer.scale_min,
            answer.scale_max,
            _group(answer),
            answer.comment,
            answer.mark,
            answer.language,
            answer.origin,
            answer.entrance.name if answer.entrance else "",
            answer.version.number if answer.version else None,
            answer.channel,
            answer.team,
            answer.agent,
            answer.category,
            answer.ticket_source,
            answer.ticket,
        ]
        if is_personal:
            row += _person(answer)
        replies = {reply.question_id: reply for reply in answer.replies.all()}
        yield [*row, *(_said(replies.get(question.pk)) for question in questions)]


def _person(answer: Answer) -> list[Cell]:
    contact = answer.contact
    known: list[Cell] = [contact.name, contact.email, contact.company] if contact else ["", "", ""]
    return [answer.customer, *known]


def _group(answer: Answer) -> str:
    return "" if answer.standing is None else scales.group_of(answer.kind, answer.standing)


def _column(survey: Survey, question: Question) -> str:
    words: Mapping[str, str] = question.prompts.get(survey.language) or next(iter(question.prompts.values()), {})
    return f"{question.pk}: {words.get('prompt', '')}"


def _said(reply: Reply | None) -> Cell:
    if reply is None:
        return None
    return "; ".join(map(str, reply.choices)) or reply.text or reply.number


# --- The figures of the page --------------------------------------------------------------------------------------
def summary(survey: Survey, period: Period, results: Results, stages: Stages) -> Table:
    """Every figure of the page, one a line, unrounded; what is hidden there is not here either."""
    return SUMMARY_COLUMNS, _lines(survey, period, results, stages)


def _lines(survey: Survey, period: Period, results: Results, stages: Stages) -> Iterator[Row]:
    previous = period.previous()
    yield ["definition", _definition(survey, results), *[None] * 10]
    if results.is_withheld:
        yield ["overall", "", period.start, period.end, *[None] * 8]
    else:
        yield _figure("overall", "", period.start, period.end, results.score, results.sums)
    if results.before is not None and results.difference is not None:
        yield _figure("previous", "", previous.start, previous.end, results.before, None)
        change = results.difference
        verdict = "real_change" if change.is_real else "within_normal_range"
        yield ["difference", verdict, None, None, None, change.value, change.low, change.high, *[None] * 4]
    for score, count in results.distribution.items():
        yield _count("score", str(score), None if results.is_withheld else count)
    for part in results.course:
        yield _part("course", "", part)
    for name in ("queued", "sent", "delivered", "clicked", "answered", "commented", "unconfirmed", "machine"):
        if not survey.is_anonymous or name in ("sent", "delivered", "answered"):
            yield _count("stage", name, None if stages.is_withheld else getattr(stages, name))
    delivered = None if stages.is_withheld else stages.delivered
    yield ["response_rate", "", None, None, delivered, stages.rate, *[None] * 6]
    for reason, count in stages.skipped.items():
        yield _count("skipped", reason, count)
    yield from _cut_lines(survey, results)
    yield from _question_lines(results)


def _definition(survey: Survey, results: Results) -> str:
    """What the groups mean, and the versions that were asked as far as they can be told."""
    found = [part.member for cut in results.cuts if cut.dimension == "version" for part in cut.parts if part.member]
    names = result_words.members(survey, "version", found).values()
    return "; ".join([result_words.groups(survey.scale), *sorted(names)])


def _cut_lines(survey: Survey, results: Results) -> Iterator[Row]:
    for cut in results.cuts:
        names = result_words.members(survey, cut.dimension, [part.member for part in cut.parts])
        for part in cut.parts:
            yield _part(cut.dimension, names[part.member], part)
        if cut.rest:
            yield _part(cut.dimension, f"fewer than {anonymity.LEAST} each, together", cut.rest)


def _question_lines(results: Results) -> Iterator[Row]:
    for asked in results.questions:
        name = f"question {asked.question_id}"
        yield [name, "seen", None, None, asked.seen, None, None, None, asked.mean, *[None] * 3]
        for state in ("answered", "passed_over", "left"):
            yield _count(name, state, getattr(asked, state))
        for member, count in asked.counts.items():
            yield _count(f"{name} answers", member, count)


def _part(section: str, member: str, part: Part) -> Row:
    if part.is_too_small:
        return _count(section, member, part.sums.n)
    return _figure(section, member, part.start, part.end, part.score, part.sums)


def _figure(section: str, member: str, start: date | None, end: date | None, score: Score, sums: Sums | None) -> Row:
    groups = [None, None, None] if sums is None else [sums.good, sums.middle, sums.bad]
    return [section, member, start, end, score.n, score.value, score.low, score.high, score.mean, *groups]


def _count(section: str, member: str, n: int | None) -> Row:
    return [section, member, None, None, n, *[None] * 7]
