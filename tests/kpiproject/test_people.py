from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from kpiproject import people
from kpiproject.lib.tokens import BadToken
from kpiproject.models import Mail, User
from kpiproject.roles import MANAGERS, STAFF
from tests.factories import PASSWORD, ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


# --- Inviting -----------------------------------------------------------------------------------------------------
def test_invite_person_mails_a_link_and_lets_nobody_in_yet(settings) -> None:
    manager = ManagerFactory(name="Mara", email="mara@example.org")

    with time_machine.travel(timezone.now(), tick=False):
        user = people.invite_person(" New@Example.org ", "Nora", role=STAFF, by=manager)
        token = people.invitation_token(user)  # it holds the second in which it was signed

    mail = Mail.objects.get()
    assert (user.email, user.name, user.is_staff, people.is_invited(user)) == ("new@example.org", "Nora", False, True)
    assert [group.name for group in user.groups.all()] == [STAFF]
    assert (mail.recipient, mail.kind, mail.reply_to) == ("new@example.org", "invitation_person", "mara@example.org")
    assert mail.subject == "You are invited to Plumbline of My organisation"
    link = f"{settings.BASE_URL}/accounts/invitation/{token}/"
    assert link in mail.text
    assert f'href="{link}"' in mail.html
    assert not user.check_password("")


def test_invite_person_who_is_known_is_refused_and_mails_nothing() -> None:
    UserFactory(email="known@example.org")
    with pytest.raises(people.PeopleError) as error:
        people.invite_person("Known@Example.org", role=STAFF, by=None)
    assert str(error.value) == "known@example.org is already in the list of people."
    assert not Mail.objects.exists()


def test_invite_person_with_an_unknown_role_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(people.PeopleError) as error:
        people.invite_person("new@example.org", role="Kings", by=None)
    assert str(error.value) == "“Kings” is not a role; choose Staff or Managers."
    assert not User.objects.exists()


def test_accepted_invitation_logs_in_once_only() -> None:
    user = people.invite_person("new@example.org", role=MANAGERS, by=None)
    token = people.invitation_token(user)

    people.accept_invitation(people.invited_by_token(token), name=" Nora ", password=PASSWORD)

    user.refresh_from_db()
    request = RequestFactory().post("/")
    assert (user.name, user.is_staff) == ("Nora", True)
    assert authenticate(request, username="new@example.org", password=PASSWORD) == user
    with pytest.raises(BadToken) as error:
        people.invited_by_token(token)
    assert str(error.value) == (
        "This invitation has already been accepted. Log in with your e-mail address and password."
    )


def test_resend_invitation_makes_the_older_link_worthless() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1), tick=False):
        user = people.invite_person("new@example.org", role=STAFF, by=None)
    old = people.invitation_token(user)

    people.resend_invitation(user, by=None)

    assert Mail.objects.count() == 2
    assert people.invited_by_token(people.invitation_token(user)) == user
    with pytest.raises(BadToken) as error:
        people.invited_by_token(old)
    assert str(error.value) == "A newer invitation has been sent to you; use the link in the newest mail."


def test_resend_invitation_to_somebody_who_accepted_is_refused() -> None:
    with pytest.raises(people.PeopleError) as error:
        people.resend_invitation(UserFactory(name="Otto"), by=None)
    assert str(error.value) == "Otto has already accepted an invitation."


def test_resend_invitation_to_somebody_deactivated_is_refused() -> None:
    user = people.invite_person("new@example.org", "Nora", role=STAFF, by=None)
    people.deactivate(user, by=None)
    with pytest.raises(people.PeopleError) as error:
        people.resend_invitation(user, by=None)
    assert str(error.value) == "Nora is deactivated; reactivate them first."


@pytest.mark.parametrize(
    ("days", "sentence"), [(13.9, None), (14.1, "This link is too old.")], ids=["last hours", "over"]
)
def test_invitation_lasts_14_days(days: float, sentence: str | None) -> None:
    user = people.invite_person("new@example.org", role=STAFF, by=None)
    token = people.invitation_token(user)
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        if sentence is None:
            assert people.invited_by_token(token) == user
            return
        with pytest.raises(BadToken) as error:
            people.invited_by_token(token)
    assert str(error.value) == sentence


def test_invitation_of_somebody_deactivated_has_been_withdrawn() -> None:
    user = people.invite_person("new@example.org", role=STAFF, by=None)
    people.deactivate(user, by=None)
    with pytest.raises(BadToken) as error:
        people.invited_by_token(people.invitation_token(user))
    assert str(error.value) == "This invitation has been withdrawn."


# --- Roles and access ---------------------------------------------------------------------------------------------
def test_set_role_moves_between_the_groups() -> None:
    ManagerFactory()
    user = StaffFactory()

    people.set_role(user, MANAGERS)
    assert (people.role_of(user), user.is_staff, [group.name for group in user.groups.all()]) == (
        MANAGERS,
        True,
        [MANAGERS],
    )

    people.set_role(user, STAFF)
    assert (people.role_of(user), user.is_staff, [group.name for group in user.groups.all()]) == (STAFF, False, [STAFF])


def test_set_role_takes_every_power_from_a_superuser_who_becomes_staff() -> None:
    ManagerFactory()
    user = User.objects.create_superuser("root@example.org", PASSWORD)

    people.set_role(user, STAFF)

    assert User.objects.get(pk=user.pk).get_all_permissions() == {
        "metrics.view_benchmark",
        "metrics.view_rollup",
        "surveys.view_survey",
        "surveys.view_followup",
        "surveys.change_followup",
        "goals.view_goal",
        "goals.view_milestone",
        "goals.change_milestone",
        "goals.view_objective",
        "goals.view_review",
        "goals.view_decision",
        "goals.view_action",
        "goals.view_checkin",
        "goals.add_checkin",
        "goals.view_closeout",
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


@pytest.mark.parametrize("change", ["demote", "deactivate"])
def test_the_last_active_manager_stays(change: str) -> None:
    manager = ManagerFactory(name="Mara")
    ManagerFactory(is_active=False)
    people.invite_person("invited@example.org", role=MANAGERS, by=None)
    with pytest.raises(people.PeopleError) as error:
        people.set_role(manager, STAFF) if change == "demote" else people.deactivate(manager, by=None)
    assert str(error.value) == "Mara is the last active manager. Make somebody else a manager first."
    manager.refresh_from_db()
    assert (manager.is_active, manager.is_staff) == (True, True)


def test_one_of_two_managers_may_go() -> None:
    first, second = ManagerFactory(), ManagerFactory()

    people.deactivate(first, by=second)

    assert not User.objects.get(pk=first.pk).is_active


def test_nobody_deactivates_themselves() -> None:
    manager = ManagerFactory()
    ManagerFactory()
    with pytest.raises(people.PeopleError) as error:
        people.deactivate(manager, by=manager)
    assert str(error.value) == "You cannot deactivate yourself. Ask another manager to do it."


def test_reactivate_lets_them_in_again() -> None:
    user = StaffFactory(is_active=False)

    people.reactivate(user)

    assert User.objects.get(pk=user.pk).is_active


# --- A forgotten password -----------------------------------------------------------------------------------------
def test_mail_password_reset_mails_a_link(settings) -> None:
    user = UserFactory(email="otto@example.org", name="Otto")

    people.mail_password_reset(" OTTO@example.org")

    mail = Mail.objects.get()
    assert (mail.recipient, mail.kind, mail.subject) == (
        user.email,
        "password_reset",
        "Choose a new password for Plumbline",
    )
    assert f"{settings.BASE_URL}/accounts/password/reset/" in mail.text


@pytest.mark.parametrize("email", ["nobody@example.org", "gone@example.org", "not an address"])
def test_mail_password_reset_of_nobody_active_mails_nothing(email: str) -> None:
    UserFactory(email="gone@example.org", is_active=False)

    people.mail_password_reset(email)

    assert not Mail.objects.exists()


def test_mail_password_reset_of_somebody_invited_mails_the_invitation_again() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=20), tick=False):
        people.invite_person("new@example.org", role=STAFF, by=None)

    people.mail_password_reset("new@example.org")

    assert [mail.kind for mail in Mail.objects.all()] == ["invitation_person", "invitation_person"]


def test_mail_password_reset_mails_at_most_three_times_an_hour() -> None:
    user = UserFactory()
    start = timezone.now()
    for minutes in (0, 0, 10, 20, 30, 40):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            people.mail_password_reset(user.email)
    assert Mail.objects.count() == 3  # the second of the first minute is the same mail

    with time_machine.travel(start + timedelta(minutes=61), tick=False):
        people.mail_password_reset(user.email)
    assert Mail.objects.count() == 4


# --- The first person ---------------------------------------------------------------------------------------------
def test_first_manager_code_is_kept_in_a_file_that_only_its_owner_reads(settings) -> None:
    code = people.first_manager_code()

    file = Path(settings.VAR) / "first-manager-code"
    assert code is not None
    assert len(code) == 19
    assert file.read_text(encoding="ascii") == code
    assert file.stat().st_mode & 0o077 == 0
    assert people.first_manager_code() == code


@pytest.mark.parametrize("left", ["", "\n"])
def test_first_manager_code_that_was_left_empty_is_made_anew(settings, left: str) -> None:
    (Path(settings.VAR) / "first-manager-code").write_text(left)
    assert not people.is_first_manager_code("000")
    assert len(people.first_manager_code() or "") == 19


def test_nothing_is_a_code_even_if_the_file_holds_nothing_that_can_be_typed(settings) -> None:
    (Path(settings.VAR) / "first-manager-code").write_text("-")
    assert [people.is_first_manager_code(typed) for typed in ("", "000", "-")] == [False, False, False]


def test_is_first_manager_code_forgives_capitals_spaces_and_dashes() -> None:
    code = people.first_manager_code() or ""

    assert people.is_first_manager_code(code)
    assert people.is_first_manager_code(f" {code.lower().replace('-', ' ')} ")
    assert not people.is_first_manager_code("")
    assert not people.is_first_manager_code(code[:-1])
    assert not people.is_first_manager_code("ÄÖÜ-日本")


@pytest.mark.django_db(transaction=True)
def test_first_manager_ends_the_code_and_is_a_manager(settings) -> None:
    people.first_manager_code()

    user = people.first_manager("Mara@example.org", " Mara ", PASSWORD)

    assert (user.email, user.name, people.role_of(user), user.check_password(PASSWORD)) == (
        "mara@example.org",
        "Mara",
        MANAGERS,
        True,
    )
    assert not (Path(settings.VAR) / "first-manager-code").exists()
    assert people.first_manager_code() is None
    assert not people.is_first_manager_code("")


def test_first_manager_comes_once() -> None:
    people.first_manager("mara@example.org", "Mara", PASSWORD)
    with pytest.raises(people.PeopleError) as error:
        people.first_manager("eve@example.org", "Eve", PASSWORD)
    assert str(error.value) == "The first manager exists already. Log in instead."


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a database in memory has one connection; writers queue anyway"
)
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_demote_each_other_at_the_same_time_leave_one(monkeypatch: pytest.MonkeyPatch) -> None:
    managers = [ManagerFactory(), ManagerFactory()]
    start = Barrier(2)
    give_role = people._give_role

    def slowly(user: User, role: str) -> None:
        sleep(0.3)  # without a lock the other one would look now, and find two managers
        give_role(user, role)

    monkeypatch.setattr(people, "_give_role", slowly)

    def demote(manager: User) -> bool:
        connection.ensure_connection()
        start.wait()
        try:
            people.set_role(manager, STAFF)
        except people.PeopleError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, managers))

    assert sorted(done) == [False, True]
    assert User.objects.filter(groups__name=MANAGERS).count() == 1
