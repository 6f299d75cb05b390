import pytest

from goals.models import Rebase
from tests.factories import ManagerFactory, StaffFactory
from tests.goals.courses import goal, week

pytestmark = pytest.mark.django_db
CHANGED = [80, 82, 81, 80, 82, 81, 80, 82, 91, 92, 90, 93, 91, 92, 93, 92]


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory(name="Mara"))
    return client


def test_a_manager_confirms_the_suggestion_and_takes_it_back(manager):
    found = goal(CHANGED)
    page = manager.get(f"/goals/{found.pk}/").content.decode()
    assert f'name="since" value="{week(8)}"' in page
    assert "Change this goal" in page
    answer = manager.post(f"/goals/{found.pk}/rebase/", {"since": str(week(8)), "reason": "A <new> tool"})
    assert (answer.status_code, answer.url) == (303, f"/goals/{found.pk}/#variation")
    page = manager.get(f"/goals/{found.pk}/").content.decode()
    assert "A &lt;new&gt; tool" in page
    assert 'name="since"' not in page
    kept = Rebase.objects.get()
    assert manager.post(f"/goals/{found.pk}/rebase/{kept.pk}/withdraw/").status_code == 303
    assert not Rebase.objects.exists()


@pytest.mark.parametrize("given", [{}, {"since": str(week(8))}, {"since": "soon", "reason": "x"}])
def test_without_a_reason_nothing_is_kept(manager, given):
    found = goal(CHANGED)
    answer = manager.post(f"/goals/{found.pk}/rebase/", given, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Say in a few words what changed then; nothing was kept."
    ]
    assert not Rebase.objects.exists()


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_a_goal_that_is_over_offers_no_change(manager, state):
    found = goal(CHANGED, state=state)
    page = manager.get(f"/goals/{found.pk}/").content.decode()
    assert ("Change this goal" in page, 'name="since"' in page) == (False, False)
    answer = manager.post(f"/goals/{found.pk}/rebase/", {"since": str(week(8)), "reason": "x"}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["This goal is over and stays as it was judged."]
    assert not Rebase.objects.exists()


def test_a_day_that_is_not_suggested_any_more_is_told(manager):
    found = goal(CHANGED)
    answer = manager.post(f"/goals/{found.pk}/rebase/", {"since": str(week(3)), "reason": "x"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "The figures do not suggest a new beginning on that day any more."
    ]


def test_staff_see_the_chart_and_cannot_change_it(client):
    client.force_login(StaffFactory())
    found = goal(CHANGED)
    kept = Rebase.objects.create(goal=found, since=week(8), reason="A new tool")
    page = client.get(f"/goals/{found.pk}/").content.decode()
    assert "A new tool" in page
    assert "Take it back" not in page
    assert client.post(f"/goals/{found.pk}/rebase/", {"since": str(week(8)), "reason": "x"}).status_code == 403
    assert client.post(f"/goals/{found.pk}/rebase/{kept.pk}/withdraw/").status_code == 403
    assert Rebase.objects.count() == 1


def test_the_rebase_of_another_goal_is_not_found(manager):
    kept = Rebase.objects.create(goal=goal(CHANGED), since=week(8), reason="A new tool")
    assert manager.post(f"/goals/{goal(CHANGED).pk}/rebase/{kept.pk}/withdraw/").status_code == 404
