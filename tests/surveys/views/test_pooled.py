from datetime import timedelta

import pytest
import time_machine

from tests.factories import StaffFactory, SurveyFactory
from tests.surveys.counted import NOON, days, give

pytestmark = pytest.mark.django_db
PAGE = "/surveys/pooled/?survey=a&survey=b"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON + timedelta(days=60), tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def shown(client, path: str = PAGE) -> str:
    return client.get(path).content.decode().replace("\xa0", " ")


def test_page_shows_one_score_of_all_answers(staff):
    give(SurveyFactory(slug="a", name="Phone", kind="nps"), [10] * 10)
    give(SurveyFactory(slug="b", name="Chat", kind="nps"), [0] * 90, at=NOON + days(1))
    page = shown(staff)
    assert '<p class="stat-value">−80.0</p>' in page
    assert "100 answers" in page
    assert (">+100.0</td>" in page, ">−100.0</td>" in page) == (True, True)
    assert '<p class="stat-value">+100.0</p>' in shown(staff, f"{PAGE}&from=2026-03-01&to=2026-03-03")


def test_period_can_be_changed_and_the_surveys_stay(staff):
    SurveyFactory(slug="a")
    SurveyFactory(slug="b")
    page = shown(staff)
    assert 'href="?survey=a&amp;survey=b&amp;period=30d"' in page
    assert page.count('<input type="hidden" name="survey"') == 2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Choose at least two surveys; one alone is not a pool."),
        ("?survey=a", "Choose at least two surveys; one alone is not a pool."),
        ("?survey=a&survey=zzz", "There is no survey “zzz”."),
        ("?survey=a&survey=n", "“CSAT” and “NPS” ask different kinds of questions."),
    ],
)
def test_surveys_that_cannot_be_pooled_are_refused_with_a_sentence(staff, query, sentence):
    SurveyFactory(slug="a", name="CSAT")
    SurveyFactory(slug="n", name="NPS", kind="nps")
    response = staff.get(f"/surveys/pooled/{query}")
    assert response.status_code == 422
    assert sentence in response.content.decode()
