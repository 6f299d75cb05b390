from datetime import timedelta

import pytest

from goals import rebasing
from goals.models import Rebase
from goals.rebasing import NothingToRebaseError
from tests.factories import ManagerFactory
from tests.goals.courses import goal, week

pytestmark = pytest.mark.django_db
CHANGED = [80, 82, 81, 80, 82, 81, 80, 82, 91, 92, 90, 93, 91, 92, 93, 92]


def test_the_suggested_day_is_kept_once_with_who_and_why():
    person, found = ManagerFactory(), goal(CHANGED)
    kept = rebasing.confirm(found.pk, week(8), reason="A new tool", by=person)
    again = rebasing.confirm(found.pk, week(8), reason="Something else", by=ManagerFactory())
    assert again.pk == kept.pk
    assert list(Rebase.objects.values_list("since", "reason", "by")) == [(week(8), "A new tool", person.pk)]


@pytest.mark.parametrize("day", [week(7), week(9), week(8) + timedelta(days=1)])
def test_another_day_is_refused(day):
    with pytest.raises(NothingToRebaseError, match="do not suggest a new beginning on that day any more"):
        rebasing.confirm(goal(CHANGED).pk, day, reason="A guess", by=ManagerFactory())
    assert not Rebase.objects.exists()


def test_withdrawn_the_suggestion_is_back():
    found = goal(CHANGED)
    rebasing.withdraw(rebasing.confirm(found.pk, week(8), reason="A new tool", by=ManagerFactory()))
    assert not Rebase.objects.exists()
    assert rebasing.confirm(found.pk, week(8), reason="It was right", by=ManagerFactory()).reason == "It was right"
