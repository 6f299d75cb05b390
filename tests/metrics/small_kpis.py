"""Small KPIs of every shape, entered into the catalogue for one test."""

import numpy as np
import pytest
from django.core.cache import cache

from kpiproject.lib.periods import MISSING
from metrics.catalogue import CATALOGUE
from metrics.kpi import (
    Better,
    Breakdown,
    Family,
    Frame,
    Mean,
    Quantile,
    Rate,
    Ratio,
    Share,
    Stock,
    Total,
    Unit,
    Whole,
    Window,
    clocks,
    define,
)

WORDS = {
    "family": Family.WORKLOAD,
    "better": Better.HIGHER,
    "at": "created_at",
    "formula": "a formula",
    "source": "own definition",
    "gaming": "a way",
    "revision": 1,
}


def small_total(tickets: Frame) -> Total:
    return Total(whole=tickets.created_at != MISSING)


def small_ratio(tickets: Frame) -> Ratio:
    is_solved = tickets.done_at != MISSING
    return Ratio(whole=tickets.created_at != MISSING, part=is_solved)


def small_mean(tickets: Frame) -> Mean:
    return Mean(whole=tickets.created_at != MISSING, value=np.maximum(tickets.agent_replies, 0))


def small_quantile(tickets: Frame) -> Quantile:
    return Quantile(whole=tickets.first_agent_reply_at != MISSING, seconds=clocks(tickets, "first_response"))


def small_stock(spells: Frame) -> Stock:
    return Stock(whole=spells.opened_at != MISSING, until=spells.ended_at)


def small_rate(tickets: Frame) -> Rate:
    replies = np.maximum(tickets.agent_replies, 0)
    return Rate(whole=tickets.created_at != MISSING, part=replies * 10.0, base=np.ones(len(replies)))


def small_share(tickets: Frame) -> Share:
    return Share(whole=tickets.created_at != MISSING)


def _inside(frame: Frame, window: Window):
    return ((frame.created_at >= window.start) & (frame.created_at < window.end)).to_numpy()


def small_whole(tickets: Frame, window: Window) -> Whole:
    inside = _inside(tickets, window)
    return Whole(
        whole=inside,
        value=0.5 if inside.any() else None,
        low=0.1,
        high=0.9,
        mean=0.4,
        values=np.arange(len(inside)),
        beside={"simple_correlation": -0.25, "wait_seconds": 90.0, "pairs": 3.0, "nothing": None},
        notes=("This is not a cause.",),
    )


def small_breakdown(tickets: Frame, window: Window) -> Breakdown:
    inside = _inside(tickets, window)
    names = sorted(set(tickets.channel[inside].astype(str)))
    parts = {
        name: Whole(
            whole=inside & (tickets.channel == name).to_numpy(), value=12.5, low=1.0, high=20.0, notes=("A cohort.",)
        )
        for name in names
    }
    return Breakdown(whole=inside, parts=parts)


FUNCTIONS = {
    small_total: Unit.COUNT,
    small_ratio: Unit.PERCENT,
    small_mean: Unit.NUMBER,
    small_quantile: Unit.SECONDS,
    small_stock: Unit.COUNT,
    small_rate: Unit.MONEY,
    small_share: Unit.PERCENT,
    small_whole: Unit.CORRELATION,
    small_breakdown: Unit.DAYS,
}


@pytest.fixture
def small(monkeypatch) -> list[str]:
    """The codes of the KPIs that are there during the test. Nothing is remembered of another test's figures."""
    cache.clear()
    for function, unit in FUNCTIONS.items():
        more = {"default_by": "channel"} if function in (small_share, small_breakdown) else {}
        more |= {"at": "opened_at"} if function is small_stock else {}
        code = function.__name__
        found = define(
            code, function, text=f"About {code}.\n\nMore of it.", name=code, **{**WORDS, "unit": unit, **more}
        )
        monkeypatch.setitem(CATALOGUE, code, found)
    return [function.__name__ for function in FUNCTIONS]
