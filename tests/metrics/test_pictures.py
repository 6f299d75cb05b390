import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from kpiproject.lib import charts
from kpiproject.lib.periods import Grain
from metrics import lines, pictures
from metrics.queries import Question, figures, freshness
from tests.factories import TicketFactory
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db


def spec_of(grain, *, days=40):
    TicketFactory(created_at="2025-10-18T10:00Z")
    compute()
    start = date(2025, 9, 20)
    found = figures(Question(code="ticket_volume", start=start, end=start + timedelta(days=days), grain=grain))
    shown = lines.over_time(found, grain, week_start=0, fresh=freshness("UTC"))
    return pictures.over_time(found, shown, "Volume")


def labels(spec):
    return [text for text in re.findall(r"<text[^>]*>([^<]+)</text>", charts.to_svg(spec)) if not text.isdigit()]


@pytest.mark.parametrize("days", [5, 14, 15, 40])
def test_every_label_of_a_daily_axis_is_a_day(days):
    found = [text for text in labels(spec_of(Grain.DAY, days=days)) if re.search("[A-Za-z]", text)]
    assert len(found) >= 3
    assert all(re.fullmatch(r"\d{1,2} (Sep|Oct)", text) for text in found), found
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH])
def test_a_chart_of_one_day_is_named_by_the_whole_date(grain):
    assert [text for text in labels(spec_of(grain, days=1)) if re.search("[A-Z]", text)] == ["20 Sep 2025"]


def test_twelve_months_have_short_names_that_do_not_touch():
    TicketFactory(created_at="2025-10-18T10:00Z")
    compute()
    asked = Question(code="ticket_volume", start=date(2024, 11, 1), end=date(2025, 11, 1), grain=Grain.MONTH)
    found = figures(asked)
    shown = lines.over_time(found, Grain.MONTH, week_start=0, fresh=freshness("UTC"))
    said = [text for text in labels(pictures.over_time(found, shown, "Volume")) if re.search("[A-Za-z]", text)]
    assert said[:4] == ["Nov", "Dec", "Feb", "Mar"]
    assert not {text for text in said if len(text) > 3 and text != "tickets"}


def test_names_of_months_are_those_of_the_language():
    time = spec_of(Grain.MONTH)["config"]["locale"]["time"]
    assert (time["months"][9], time["shortMonths"][9]) == ("October", "Oct")
    with translation.override("de"):
        time = spec_of(Grain.MONTH)["config"]["locale"]["time"]
    assert (time["months"][2], time["shortMonths"][9]) == ("März", "Okt")
