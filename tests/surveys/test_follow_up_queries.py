"""Who may take care of follow-ups, and how those of some time went."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from kpiproject.models import User
from surveys import follow_up_queries
from tests.factories import ManagerFactory, StaffFactory, UserFactory
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db


def test_people_are_those_with_the_permission_each_once() -> None:
    manager, staff, own = ManagerFactory(name="C"), StaffFactory(name="B"), UserFactory(name="A")
    own.user_permissions.add(*Permission.objects.filter(codename__in=["change_followup", "view_followup"]))
    staff.user_permissions.add(Permission.objects.get(codename="change_followup"))
    superuser = UserFactory(name="D", is_superuser=True)
    UserFactory(), ManagerFactory(is_active=False)
    assert list(follow_up_queries.people()) == [own, staff, manager, superuser]


def test_what_waits_for_somebody() -> None:
    staff, manager, nobody = StaffFactory(), ManagerFactory(), UserFactory()
    FollowUpFactory(assignee=staff)
    FollowUpFactory()
    FollowUpFactory(state="contacted", assignee=manager)
    FollowUpFactory(state="taken", assignee=staff)
    FollowUpFactory(state="resolved", assignee=manager)
    now = timezone.now()
    found = {person: follow_up_queries.waiting_for(person, now) for person in (staff, manager, nobody)}
    assert found == {staff: 2, manager: 3, nobody: 0}


def test_overdue_from_the_moment_after_the_due_time() -> None:
    due = datetime(2026, 3, 2, 12, tzinfo=UTC)
    found = FollowUpFactory(due_at=due)
    moments = [due, due + timedelta(seconds=1)]
    assert [follow_up_queries.overdue(moment).exists() for moment in moments] == [False, True]
    assert [found.is_overdue(moment) for moment in moments] == [False, True]


def test_counts_cost_one_query_for_any_number(django_assert_num_queries) -> None:
    person = User.objects.get(pk=ManagerFactory().pk)
    FollowUpFactory.create_batch(3)
    person.has_perm("surveys.view_followup")  # the permissions of a person are read once
    with django_assert_num_queries(1):
        assert follow_up_queries.counts(person, timezone.now())["unclaimed"] == 3
