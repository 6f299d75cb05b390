import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from kpiproject import roles
from tests.factories import ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_migrations_let_staff_read_what_everybody_may_know_and_nothing_else() -> None:
    assert StaffFactory().get_all_permissions() == {
        "metrics.view_benchmark",
        "metrics.view_rollup",
        "surveys.view_survey",
        # Only those that were given to them.
        "surveys.view_followup",
        "surveys.change_followup",
        "goals.view_action",
        "goals.view_checkin",
        "goals.add_checkin",  # on goals of their own
        "goals.view_closeout",
        "goals.view_decision",
        "goals.view_goal",
        "goals.view_milestone",
        "goals.change_milestone",  # of goals of their own
        "goals.view_objective",
        "goals.view_review",
        # Only what is shared, or for them.
        "goals.view_thanks",
        "goals.add_thanks",
        "manual.view_edition",
        # What they have read, asked and found unclear themselves.
        "manual.add_acknowledgement",
        "manual.add_readingquestion",
        "manual.view_readingquestion",
        "manual.add_feedback",
        "manual.view_feedback",
    }


@pytest.mark.parametrize(
    "permission",
    [
        "metrics.view_rollup",
        "metrics.view_importrun",
        "metrics.add_importrun",
        "metrics.change_servicetarget",
        "surveys.add_survey",
        "surveys.delete_contact",
        "kpiproject.add_user",
        "kpiproject.change_organisation",
        "kpiproject.view_mail",
    ],
)
def test_migrations_give_managers(permission: str) -> None:
    assert ManagerFactory().has_perm(permission)


@pytest.mark.parametrize(
    "permission", ["surveys.add_answer", "surveys.delete_reply", "kpiproject.delete_user", "kpiproject.add_mail"]
)
def test_nobody_may_write_what_a_customer_said_or_remove_people(permission: str) -> None:
    assert not ManagerFactory().has_perm(permission)


def test_somebody_without_a_role_may_nothing() -> None:
    assert UserFactory().get_all_permissions() == set()


def test_grant_creates_what_post_migrate_would_and_it_adds_nothing_afterwards() -> None:
    wanted = Permission.objects.get(content_type__app_label="kpiproject", codename="view_team")
    name = wanted.name
    wanted.delete()
    ContentType.objects.get(app_label="kpiproject", model="team").delete()

    roles.grant(apps, "kpiproject", {roles.STAFF: {"view_team"}})
    create_permissions(apps.get_app_config("kpiproject"), verbosity=0)

    assert Permission.objects.get(content_type__app_label="kpiproject", codename="view_team").name == name
    assert Permission.objects.filter(content_type__app_label="kpiproject", content_type__model="team").count() == 4
    assert Group.objects.get(name=roles.STAFF).permissions.filter(codename="view_team").count() == 1


def test_grant_twice_is_grant_once() -> None:
    before = set(Group.objects.get(name=roles.MANAGERS).permissions.values_list("pk", flat=True))

    for _time in range(2):
        roles.grant(apps, "kpiproject", {roles.MANAGERS: {"view_team"}})

    assert set(Group.objects.get(name=roles.MANAGERS).permissions.values_list("pk", flat=True)) == before


def test_grant_of_a_model_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LookupError):
        roles.grant(apps, "kpiproject", {roles.STAFF: {"view_nonsense"}})


def test_grant_of_an_action_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LookupError) as error:
        roles.grant(apps, "kpiproject", {roles.STAFF: {"juggle_team"}})
    assert str(error.value) == "'juggle_team' is not one of add, change, delete, view with a model's name after it."


def test_everything_is_all_four_actions_of_each_model() -> None:
    assert roles.everything("team") == {"add_team", "change_team", "delete_team", "view_team"}
