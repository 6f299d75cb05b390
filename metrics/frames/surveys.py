"""Answers and invitations as frames."""

from typing import Any, Final, cast

import numpy as np
import pandas as pd
from django.db.models import Exists, OuterRef, Q

from kpiproject.lib.periods import MISSING, epoch, instant
from metrics.frames.columns import transposed, whole_numbers, words
from metrics.frames.context import Span
from metrics.frames.tickets import SHARED, satisfaction
from metrics.kpi import UNKNOWN, Frame
from surveys import queries, scales

_USUAL_SCALE: Final = 5
_ANSWER_NUMBERS: Final = ("id", "score", "scale_min", "scale_max", "answered_at")


def answers(start: int, end: int) -> Frame:
    """A row per answer to a survey, and per score that came with a ticket nobody answered a survey about.

    `is_judged` says whether the scale has agreed thresholds, `is_good` and `is_bad` on which side of them a score is;
    `is_off_scale` marks scores that their scale does not have.
    """
    names = [*queries.ANSWER_COLUMNS, "source", "external_id", "excluded_because", "is_superseded"]
    columns = transposed([*_given(start, end), *_with_tickets(start, end)], len(names))
    values = dict(zip(names, columns, strict=True))
    frame = pd.DataFrame(
        {name: whole_numbers(column) for name, column in values.items() if name in _ANSWER_NUMBERS}
        | {name: words(values[name]) for name in ("kind", "survey", "source", "excluded_because", *SHARED)}
        | {
            "external_id": np.array(values["external_id"], dtype=object),
            "is_superseded": np.array(values["is_superseded"], dtype=np.bool_),
        }
    )
    return frame.assign(**_judgement(frame))


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
            "is_answered": np.array([at is not None for at in values["answered_at"]], dtype=np.bool_),
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
        of_ticket = (source, reference, agent or "", team or "", channel, category)
        found.append((pk, "", "csat", score, *scale, at, *of_ticket, source, reference, excluded, False))
    return found


def _judgement(frame: Frame) -> dict[str, Any]:
    """The thresholds of each kind and scale, applied to the scores."""
    n = len(frame)
    found = {name: np.zeros(n, dtype=np.bool_) for name in ("is_judged", "is_good", "is_bad")}
    scores, lowest, highest = (frame[name].to_numpy() for name in ("score", "scale_min", "scale_max"))
    found["is_off_scale"] = (scores < lowest) | (scores > highest)
    for key, rows in frame.groupby(["kind", "scale_min", "scale_max"], observed=True).indices.items():
        kind, low, high = cast("tuple[str, int, int]", key)
        steps = scales.steps(kind, low, high)
        if steps is None:
            continue
        on_scale = (scores[rows] >= low) & (scores[rows] <= high)
        found["is_judged"][rows] = on_scale
        found["is_good"][rows] = on_scale & (scores[rows] >= steps[1])
        found["is_bad"][rows] = on_scale & (scores[rows] < steps[0])
    missing = frame["answered_at"].to_numpy() == MISSING
    found["is_judged"] &= ~missing
    scale = [f"{low}-{high}" for low, high in zip(frame["scale_min"], frame["scale_max"], strict=True)]
    return found | {"scale": words(scale)}
