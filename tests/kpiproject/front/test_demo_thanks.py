from datetime import date

import pytest

from goals.models import Thanks
from goals.thanks_forms import LEAST_WORDS
from kpiproject.front.demo import house, thanks, timeline
from kpiproject.front.demo.goals import Cast
from tests.factories import ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_the_people_of_the_demonstration_company_thank_one_another():
    today = date(2026, 3, 18)
    house.furnish(today)
    cast = Cast(ManagerFactory(name="Maren"), StaffFactory(name="Samir"))
    for step in thanks.steps(today, cast):
        with timeline.standing_at(step.at):
            step.do(step.at)
    assert [(str(one.by), str(one.person or one.team)) for one in Thanks.objects.order_by("at")] == [
        ("Maren", "Samir"),
        ("Samir", "Technical"),
        ("Maren", "Samir"),
    ]
    assert all(len(spec.what.split()) >= LEAST_WORDS for spec in thanks.SPECS)
