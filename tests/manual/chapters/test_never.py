"""What is never done with figures: each with what keeps it so."""

from unittest.mock import patch

import pytest

from goals import guardrails
from metrics.kpi import CATALOGUE
from tests.manual.chapters.built import build, figures, tables

pytestmark = pytest.mark.django_db


def test_every_promise_says_what_keeps_it_and_is_a_rule() -> None:
    rows = tables(build("never").blocks)["What we never do, and what keeps it so"]
    assert len(rows) == 12
    assert all(promise and kept for promise, kept in rows)
    assert list(figures("never").values()) == [kept for _promise, kept in rows]


def test_limits_are_those_of_the_code() -> None:
    with (
        patch("manual.chapters.never.LEAST_ANSWERS", 77),
        patch("manual.chapters.never.LEAST", 8),
        patch("manual.chapters.never.support.HARD_CONTACTS", 6),
    ):
        told = figures("never")
    assert told["never:single"].startswith("What customers think of one colleague is shown only from 77 answers on")
    assert told["never:public"].endswith("what rests on fewer than 8 cases is left out.")
    assert told["never:hard"].startswith("When 6 customers or more are unhappy with somebody within 24 hours")
    needing = len([kpi for kpi in CATALOGUE.values() if guardrails.is_needed(kpi)])
    assert needing > 10
    assert f"That holds for {needing} of our KPIs." in told["never:alone"]
