from datetime import date

import pytest

from goals.models import Prediction
from tests.factories import GoalFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def predictions(count, p, *, hits):
    for number in range(count):
        Prediction.objects.create(
            goal=GoalFactory(),
            period_end=date(2026, 3, 2),
            p=p,
            horizon=3,
            method=1,
            target=90,
            due=date(2026, 6, 1),
            came_true=number < hits,
        )


def test_an_empty_record_is_honest(client):
    client.force_login(StaffFactory())
    page = client.get("/goals/calibration/").content.decode()
    assert "So far 0 forecasts of 0 goals" in page
    assert "<table" not in page


def test_the_record_in_bins(client):
    predictions(30, 0.7, hits=24)
    client.force_login(StaffFactory())
    answer = client.get("/goals/calibration/")
    assert [(line.label, line.count, line.said, line.came_true) for line in answer.context["lines"]] == [
        ("0 to 20 %", "0", "–", "–"),
        ("20 to 40 %", "0", "–", "–"),
        ("40 to 60 %", "0", "–", "–"),
        ("60 to 80 %", "30", "70\u00a0%", "80\u00a0%"),
        ("80 to 100 %", "0", "–", "–"),
    ]
    # 24 · 0.09 + 6 · 0.49, over 30
    assert "Brier score: 0.170." in answer.content.decode()


def test_whoever_may_not_see_goals_may_not_see_their_record(client):
    client.force_login(UserFactory())
    assert client.get("/goals/calibration/").status_code == 403
