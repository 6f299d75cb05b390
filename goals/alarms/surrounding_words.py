"""The surroundings of an alarm as one reader may see them, in the language that is active."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import praise_words
from goals.alarms import words
from goals.alarms.readers import Reader, is_outsider
from goals.alarms.series import Piece
from goals.alarms.surroundings import Moved, Part, Surroundings, levels
from goals.models import Alarm
from kpiproject.lib.periods import Grain
from kpiproject.mail import File
from kpiproject.models import User
from kpiproject.queries import agent_names
from metrics import presentation
from metrics.kpi import Stock, Total
from metrics.queries import find
from surveys import complaints
from surveys.models import Answer

_LONGEST_COMMENT: Final = 300
_GAPS: Final[Mapping[Part, Promise]] = {
    Part.CHART: gettext_lazy("The chart could not be drawn."),
    Part.MOVED: gettext_lazy("Whether other figures moved as well could not be found out."),
    Part.COMMENTS: gettext_lazy("What customers wrote could not be read."),
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A comment, and what is known of it."""

    text: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`rows` are the numbers of the picture, oldest first."""

    picture: File | None
    alt: str
    caption: str
    rows: Sequence[str]
    moved: Sequence[str]
    comments: Sequence[Said]
    gaps: Sequence[str]


NOTHING: Final = Scene(picture=None, alt="", caption="", rows=(), moved=(), comments=(), gaps=())


def scene(alarm: Alarm, found: Surroundings, reader: Reader) -> Scene:
    """Outsiders see the course of the figure that they are told of, and nothing else."""
    may_read = isinstance(reader, User) and reader.has_perm("surveys.view_survey")
    hidden = {Part.MOVED, Part.COMMENTS} if is_outsider(reader) else set[Part]() if may_read else {Part.COMMENTS}
    rows = [_row(alarm, piece) for piece in found.pieces]
    limits = ", ".join(level.text for level in levels(alarm)) if found.pieces else ""
    return Scene(
        picture=found.picture,
        alt=f"{words.figure(alarm)}: {'; '.join(part for part in (*rows, limits) if part)}" if rows else "",
        caption=_caption(alarm, len(rows), limits) if rows else "",
        rows=rows,
        moved=[] if Part.MOVED in hidden else [_moved(one) for one in found.moved],
        comments=list(_said(found.comments)) if may_read else [],
        gaps=[str(_GAPS[part]) for part in Part if part in found.failed - hidden],
    )


def without_told(found: Scene, before: Iterable[Scene]) -> Scene:
    """What the same mail has said already is not said again."""
    earlier = list(before)
    moved = {line for one in earlier for line in one.moved}
    comments = {said for one in earlier for said in one.comments}
    return replace(
        found,
        moved=[line for line in found.moved if line not in moved],
        comments=[said for said in found.comments if said not in comments],
    )


def _row(alarm: Alarm, piece: Piece) -> str:
    """“25 May: 80.0 % (100 answers)”."""
    kpi = find(alarm.kpi)
    is_month = alarm.grain == Grain.MONTH
    day = presentation.period(piece.start, Grain.MONTH) if is_month else date_format(piece.start, "MONTH_DAY_FORMAT")
    value = words.amount(alarm, piece.value) if piece.value is not None else _few(piece)
    has_n = kpi is not None and kpi.shape not in (Total, Stock) and piece.value is not None
    counted = f" ({presentation.counted(piece.n, kpi)})" if has_n and kpi is not None and piece.n else ""
    return f"{day}: {value}{counted}"


def _few(piece: Piece) -> str:
    return _("too few to say") if piece.n else _("no data")


def _caption(alarm: Alarm, count: int, limits: str) -> str:
    text = {
        Grain.DAY: _("The last %(count)s days"),
        Grain.WEEK: _("The last %(count)s weeks"),
        Grain.MONTH: _("The last %(count)s months"),
    }[Grain(alarm.grain)] % {"count": count}
    return f"{text}; {limits}." if limits else f"{text}."


def _moved(one: Moved) -> str:
    def amount(value: float | None) -> str:
        is_number = value is not None and one.kpi.shape in (Total, Stock)
        return presentation.value(round(value) if is_number and value else value, one.kpi, one.clock or None)

    given = {
        "name": one.kpi.name,
        "value": amount(one.value),
        "low": amount(one.low),
        "high": amount(one.high),
    }
    text = _("%(name)s: %(value)s, normally %(low)s to %(high)s") % given
    if one.value is not None and one.low <= one.value <= one.high:
        row = _(
            "%(name)s: %(value)s, within the normal %(low)s to %(high)s, but in a row that chance would hardly make"
        )
        text = row % given
    if one.is_better is None:
        return text
    return f"{text} ({_('better') if one.is_better else _('worse')})"


def _said(answers: Sequence[Answer]) -> Iterator[Said]:
    """Without who wrote it and without the names of agents: a comment is no verdict on one of them."""
    names = agent_names({answer.agent for answer in answers if answer.agent})
    for answer in answers:
        told = complaints.complaint(answer, has_customer=False)
        hidden = praise_words.parts_of(names.get(answer.agent, ""), answer.customer)
        text = praise_words.blanked(" ".join(told.comment.split()), hidden)
        day = date_format(told.at, "MONTH_DAY_FORMAT")
        yield Said(text=Truncator(text).chars(_LONGEST_COMMENT), about=f"{told.score}, {answer.survey.name}, {day}")
