"""On which scale a score was given, and what it becomes here: a number on a scale whose best end is known."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from metrics.sources.faults import BadValue, FileFault, short
from surveys import scales

EVERY_KIND: Final = ""
LOW, HIGH = "low", "high"
_SCALE: Final = re.compile(r"\s*(-?\d{1,4})\s*(?:-|–|\.\.|to)\s*(-?\d{1,4})\s*")


class Span(NamedTuple):
    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


class Known(NamedTuple):
    """A survey that is here already."""

    kind: str
    span: Span
    lower_is_better: bool


class Told(NamedTuple):
    """What one row says of its score."""

    kind: str
    survey: str
    score: int | None
    scale_min: int | None
    scale_max: int | None


class Placed(NamedTuple):
    """What becomes of it; an empty survey is the one for imports alone."""

    kind: str
    survey: str
    score: int | None
    span: Span
    is_turned: bool


class Misplaced(BadValue):
    """A score that cannot be placed, with the column that is to blame."""

    def __init__(self, column: str, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Scoring:
    """What somebody said about the scores of a file: the kind of survey where its rows do not name it; by kind the
    scale, and which end of it is best, LOW or HIGH. What is said of EVERY_KIND holds for those not named."""

    kind: str = ""
    scales: Mapping[str, Span] = field(default_factory=dict)
    best: Mapping[str, str] = field(default_factory=dict)
    surveys: Mapping[str, Known] = field(default_factory=dict)

    def scale_of(self, kind: str) -> Span | None:
        return self.scales.get(kind) or self.scales.get(EVERY_KIND)

    def best_of(self, kind: str) -> str:
        return self.best.get(kind) or self.best.get(EVERY_KIND, "")


def parse_scale(text: str) -> Span:
    """`1-5`, also written `1–5` or `1 to 5`. Raises FileFault."""
    found = _SCALE.fullmatch(text)
    span = Span(int(found[1]), int(found[2])) if found else Span(0, 0)
    if span.low >= span.high:
        raise FileFault(_("“%(text)s” is not a scale; write it like 1-5.") % {"text": short(text)})
    return span


def usual(kind: str) -> Span:
    return Span(scales.KINDS[kind].low, scales.KINDS[kind].high)


def proven(kind: str, scores: Collection[int]) -> Span | None:
    """The usual scale of a kind where these scores cannot come from a shorter one that is in use; None where they
    leave it open. Only 0 to 10 makes a Net Promoter Score, so there nothing is open but scores beyond it."""
    span = usual(kind)
    if min(scores) < span.low or max(scores) > span.high:
        return None
    shorter = [points for points in scales.points_of(kind) if points < span.high - span.low + 1]
    if shorter and max(scores) < span.low + max(shorter):
        return None
    return span


def fitting(kind: str, scores: Collection[int]) -> list[Span]:
    """The scales in use that have all of these scores."""
    spans = [Span(low, low + points - 1) for points in scales.points_of(kind) for low in (0, 1)]
    found = {span for span in [usual(kind), *spans] if span.low <= min(scores) and max(scores) <= span.high}
    return sorted(found, key=lambda span: (span.high - span.low, span.low))


def place(told: Told, scoring: Scoring, found: Mapping[str, Span]) -> Placed:
    """`found` has the scales that the file itself proves, by kind. Raises Misplaced."""
    known = scoring.surveys.get(told.survey)
    kind = _kind(told, scoring, known)
    span, is_reversed = _own_span(told, kind)
    span = span or scoring.scale_of(kind) or (known.span if known else found.get(kind))
    if span is None:
        raise Misplaced("scale_max", "unknown_scale", _("Nothing says on which scale this score is."))
    if known and span != known.span:
        message = _("The survey %(survey)s has the scale %(own)s, this score is on %(scale)s; leave the survey out.")
        values = {"survey": told.survey, "own": known.span, "scale": span}
        raise Misplaced("scale_max", "other_scale", message % values)
    if told.score is not None and not span.low <= told.score <= span.high:
        message = _("%(score)s is not on the scale from %(low)s to %(high)s.")
        range_of = {"score": told.score, "low": span.low, "high": span.high}
        raise Misplaced("score", "score_out_of_scale", message % range_of)
    best = LOW if is_reversed else scoring.best_of(kind)
    is_turned = bool(best) and (best == LOW) != (known.lower_is_better if known else False)
    score = span.low + span.high - told.score if is_turned and told.score is not None else told.score
    return Placed(kind, told.survey if known else "", score, span, is_turned)


def _kind(told: Told, scoring: Scoring, known: Known | None) -> str:
    kind = told.kind or (known.kind if known else scoring.kind)
    if not kind:
        raise Misplaced("survey_kind", "missing_value", _("%(column)s is missing.") % {"column": "survey_kind"})
    if known and known.kind != kind:
        message = _("The survey %(survey)s is of the kind %(own)s, not %(kind)s.")
        values = {"survey": told.survey, "own": known.kind, "kind": kind}
        raise Misplaced("survey_kind", "other_kind", message % values)
    return kind


def _own_span(told: Told, kind: str) -> tuple[Span | None, bool]:
    """The scale that a row itself names, and whether it names the worst score first: 5 to 1."""
    low, high = told.scale_min, told.scale_max
    if low is None and high is None:
        return None, False
    if high is None:
        raise Misplaced("scale_max", "missing_value", _("%(column)s is missing.") % {"column": "scale_max"})
    if low is None:
        low = usual(kind).low
    if low == high:
        message = _("A scale from %(low)s to %(high)s has only one score.") % {"low": low, "high": high}
        raise Misplaced("scale_max", "bad_scale", message)
    return Span(min(low, high), max(low, high)), low > high
