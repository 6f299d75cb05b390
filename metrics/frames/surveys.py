"""Answers and invitations as frames."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
from django.db.models import Exists, OuterRef, Q

from kpiproject.lib.periods import MISSING, epoch, instant
from metrics.frames.columns import transposed, whole_numbers, words
from metrics.frames.context import Span
from metrics.frames.tickets import SHARED, satisfaction
from metrics.kpi import UNKNOWN, Frame
from surveys import queries, scales
from surveys.models import Survey
from surveys.scales import Scale

_USUAL_SCALE: Final = 5
_UNJUDGED: Final = 9
_HEADLINE: Final = frozenset(Survey.HEADLINE_PURPOSES)
_ANSWER_NUMBERS: Final = ("id", "score", "scale_min", "scale_max", "answered_at")


def answers(start: int, end: int) -> Frame:
    """A row per answer to a survey, and per score that came with a ticket nobody answered a survey about.

    `is_judged` says whether the scale has agreed thresholds, `is_good` and `is_bad` on which side of them a score is;
    `is_off_scale` marks scores that their scale does not have, `is_headline` those that count in the KPI of their kind.
    """
    names = [*queries.ANSWER_COLUMNS, "source", "external_id", "excluded_because", "is_superseded"]
    columns = transposed([*_given(start, end), *_with_tickets(start, end)], len(names))
    values = dict(zip(names, columns, strict=True))
    frame = pd.DataFrame(
        {name: whole_numbers(column) for name, column in values.items() if name in _ANSWER_NUMBERS}
        | {name: words(values[name]) for name in ("kind", "survey", "purpose", "source", "excluded_because", *SHARED)}
        | {
            "external_id": np.array(values["external_id"], dtype=object),
            "is_superseded": np.array(values["is_superseded"], dtype=np.bool_),
            "lower_is_better": np.array(values["lower_is_better"], dtype=np.bool_),
        }
    )
    return frame.assign(**_judgement(frame, values["standing"], values["purpose"]))


def invitations(start: int, end: int) -> Frame:
    """A row per invitation that was sent."""
    names = queries.INVITATION_COLUMNS
    rows = list(queries.invitation_rows(instant(start), instant(end)))
    values = dict(zip(names, transposed(rows, len(names)), strict=True))
    return pd.DataFrame(
        {
            "id": whole_numbers(values["id"]),
            "sent_at": whole_numbers([epoch(at) for at in values["sent_at"]]),
            "is_bounced": np.array([at is not None for at in values["bounced_at"]], dtype=np.bool_),
            "is_answered": np.array(values["is_answered"], dtype=np.bool_),
            "source": words(["surveys"] * len(rows)),
            "external_id": np.array(values["survey"], dtype=object),
            "excluded_because": words([""] * len(rows)),
            **{name: words(values[name]) for name in ("kind", "survey", *SHARED)},
        }
    )


def _given(start: int, end: int) -> list[tuple[Any, ...]]:
    superseded = queries.superseded(instant(start), instant(end))
    at = queries.ANSWER_COLUMNS.index("answered_at")
    survey, source, ticket = (queries.ANSWER_COLUMNS.index(name) for name in ("survey", "ticket_source", "ticket"))
    return [
        (
            *row[:at],
            epoch(row[at]),
            *row[at + 1 :],
            row[source] if row[ticket] else "surveys",
            row[ticket] or row[survey],
            "",
            row[0] in superseded,
        )
        for row in queries.answer_rows(instant(start), instant(end))
    ]


def _with_tickets(start: int, end: int) -> list[tuple[Any, ...]]:
    """Scores of tickets, in the order of the survey's columns; a highest score that is not told is 5."""
    # An invitation that names a ticket and no source means the ticket of that name.
    is_its = Q(ticket_source=OuterRef("source")) | Q(ticket_source="")
    answered = queries.about_tickets("csat").filter(is_its, ticket=OuterRef("external_id"))
    rows = satisfaction(Span(start, end), Q(~Exists(answered)))
    found = []
    for pk, source, reference, excluded, score, highest, at, channel, category, team, agent in rows:
        scale = (min(score, 1), highest if highest != UNKNOWN else _USUAL_SCALE)
        judged = (*scale, False, _standing(score, *scale), Survey.Purpose.SERVICE)
        of_ticket = (source, reference, agent or "", team or "", channel, category)
        found.append((pk, "", "csat", score, *judged, at, *of_ticket, source, reference, excluded, False))
    return found


@lru_cache(maxsize=1000)
def _standing(score: int, low: int, high: int) -> int | None:
    return Scale(kind="csat", low=low, high=high).standing(score) if low <= score <= high else None


def _judgement(frame: Frame, standings: Sequence[int | None], purposes: Sequence[str]) -> dict[str, Any]:
    """On which side of its thresholds each score is; answers keep the thresholds that were in force."""
    scores, lowest, highest = (frame[name].to_numpy() for name in ("score", "scale_min", "scale_max"))
    known = frame["answered_at"].to_numpy() != MISSING
    side = np.array([_UNJUDGED if standing is None else standing for standing in standings], dtype=np.int8)
    directions = np.where(frame["lower_is_better"], " ↓", "")
    scale = [f"{low}-{high}{sign}" for low, high, sign in zip(lowest, highest, directions, strict=True)]
    return {
        "is_off_scale": (scores < lowest) | (scores > highest),
        "is_judged": (side != _UNJUDGED) & known,
        "is_good": side == scales.GOOD,
        "is_bad": side == scales.BAD,
        "is_headline": np.array([purpose in _HEADLINE for purpose in purposes], dtype=np.bool_),
        "scale": words(scale),
    }
