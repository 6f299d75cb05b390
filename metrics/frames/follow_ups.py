"""Follow-ups of unhappy customers, and what those said about the settlement, as frames."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kpiproject.lib.periods import MISSING, epoch, instant
from metrics.frames.columns import transposed, whole_numbers, words
from metrics.kpi import DIMENSIONS, Frame
from surveys import follow_up_queries as queries
from surveys import scales


def follow_ups(start: int, end: int, now: int) -> Frame:
    """A row per follow-up of which one working day was over in the span. `is_over` says whether it is by now."""
    names = queries.FOLLOW_UP_COLUMNS
    rows = list(queries.follow_up_rows(instant(start), instant(end)))
    values = dict(zip(names, transposed(rows, len(names)), strict=True))
    due = whole_numbers([epoch(at) for at in values["one_day_at"]])
    return pd.DataFrame(
        {
            "id": whole_numbers(values["id"]),
            "one_day_at": due,
            "contacted_at": whole_numbers([MISSING if at is None else epoch(at) for at in values["contacted_at"]]),
            "is_reachable": np.array(values["is_reachable"], dtype=np.bool_),
            "is_over": due <= now,
            **_described(values, DIMENSIONS["follow_ups"]),
        }
    )


def recoveries(start: int, end: int) -> Frame:
    """A row per answer about whether a resolved follow-up was settled."""
    names = queries.RECOVERY_COLUMNS
    rows = list(queries.recovery_rows(instant(start), instant(end)))
    values = dict(zip(names, transposed(rows, len(names)), strict=True))
    return pd.DataFrame(
        {
            "id": whole_numbers(values["id"]),
            "answered_at": whole_numbers([epoch(at) for at in values["answered_at"]]),
            "is_judged": np.array([standing is not None for standing in values["standing"]], dtype=np.bool_),
            "is_bad": np.array([standing == scales.BAD for standing in values["standing"]], dtype=np.bool_),
            **_described(values, DIMENSIONS["recoveries"]),
        }
    )


def _described(values: Mapping[str, Sequence[Any]], dimensions: Sequence[str]) -> dict[str, Any]:
    """What a row is called where the rows behind a figure are listed, and what it can be told apart by."""
    tickets = list(zip(values["ticket_source"], values["ticket"], values["survey"], strict=True))
    return {
        "source": words([source if ticket else "surveys" for source, ticket, _survey in tickets]),
        "external_id": np.array([ticket or survey for _source, ticket, survey in tickets], dtype=object),
        "excluded_because": words([""] * len(tickets)),
        **{name: words(values[name]) for name in dimensions},
    }
