"""Two laws of the results page: the shares of its distribution, and a number of queries that does not grow."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import tallies
from tests.factories import StaffFactory, SurveyFactory
from tests.surveys.counted import NOON, ask, give
from tests.surveys.views.test_results import PAGE, rows, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON + timedelta(days=60), tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


@pytest.mark.parametrize(
    ("vector", "kind", "counts", "shares"),
    [
        (
            "V026",
            "csat",
            {1: 10, 2: 20, 3: 15, 4: 3, 5: 2},
            {1: "20.0 %", 2: "40.0 %", 3: "30.0 %", 4: "6.0 %", 5: "4.0 %"},
        ),
        ("V046", "nps", {0: 1, 5: 2, 10: 1}, {0: "25.0 %", 5: "50.0 %", 10: "25.0 %"}),
        ("V005", "csat", {3: 1, 4: 1, 5: 2}, {3: "25.0 %", 4: "25.0 %", 5: "50.0 %"}),
    ],
)
def test_distribution_has_every_score_with_its_share(staff, vector, kind, counts, shares):
    survey = SurveyFactory(slug="mine", kind=kind)
    give(survey, [score for score, count in counts.items() for _ in range(count)])
    found = {head.split()[0]: cells for head, cells in rows(shown(staff), "distribution").items()}
    assert len(found) == {"csat": 5, "nps": 11}[kind], vector
    assert found == {score: [str(counts.get(int(score), 0)), shares.get(int(score), "0.0 %")] for score in found}


def queries_of(client, path: str = PAGE) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("kind", ["csat", "esat"])
def test_page_needs_as_many_queries_for_many_answers_as_for_one(staff, kind):
    survey = SurveyFactory(slug="mine", kind=kind)
    fields = {"comment": "word", "team": "Tech", "channel": "chat", "agent": "a1"}
    give(survey, [5] * 6, **fields)
    ask(survey, 1)
    few = queries_of(staff)
    for number in range(5):
        give(survey, [5, 3, 1] * 5, at=NOON + timedelta(days=number), **fields | {"team": f"Team {number}"})
    assert queries_of(staff) == few


@pytest.mark.parametrize("kind", ["csat", "esat"])
def test_counted_page_needs_as_many_queries_for_many_answers_as_for_one(staff, kind):
    """What is counted is read from its table instead, which is a number of queries of its own."""
    survey = SurveyFactory(slug="mine", kind=kind)
    fields = {"comment": "word", "team": "Tech", "channel": "chat", "agent": "a1"}
    give(survey, [5] * 6, **fields)
    ask(survey, 1)
    tallies.sweep(seconds=60)
    few = queries_of(staff)
    for number in range(5):
        give(survey, [5, 3, 1] * 5, at=NOON + timedelta(days=number), **fields | {"team": f"Team {number}"})
    tallies.sweep(seconds=60)
    assert queries_of(staff) == few
