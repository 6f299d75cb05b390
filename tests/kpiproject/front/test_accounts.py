import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kpiproject import people
from kpiproject.models import Mail, User
from kpiproject.roles import STAFF
from tests.factories import PASSWORD, ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "The e-mail address and the password do not belong together. Capitals matter in passwords."


def errors(response) -> list[str]:
    """The sentences of the error summary."""
    return [
        unescape(re.sub(r"<[^>]+>", "", item)).strip()
        for item in re.findall(r"<li>(.*?)</li>", response.content.decode().split('class="notice notice-error')[1])
    ]


def attempt(client: Client, email: str, password: str):
    return client.post(reverse("accounts:login"), {"username": email, "password": password})


# --- Logging in and out -------------------------------------------------------------------------------------------
def test_login_goes_where_one_wanted_to_go(client: Client) -> None:
    user = ManagerFactory()

    response = client.post("/accounts/login/?next=/people/", {"username": user.email.upper(), "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/people/")
    assert client.get("/people/").status_code == 200


def test_login_leads_to_no_foreign_address(client: Client) -> None:
    user = ManagerFactory()

    response = client.post(
        "/accounts/login/?next=https://evil.example/", {"username": user.email, "password": PASSWORD}
    )

    assert response["Location"] == reverse("home")


@pytest.mark.parametrize("case", ["unknown", "wrong password", "deactivated", "invited"])
def test_login_answers_the_same_whatever_is_wrong(client: Client, case: str) -> None:
    UserFactory(email="known@example.org")
    UserFactory(email="gone@example.org", is_active=False)
    people.invite_person("invited@example.org", role=STAFF, by=None)
    email, password = {
        "unknown": ("nobody@example.org", PASSWORD),
        "wrong password": ("known@example.org", "wrong"),
        "deactivated": ("gone@example.org", PASSWORD),
        "invited": ("invited@example.org", "!"),
    }[case]

    response = attempt(client, email, password)

    assert (response.status_code, errors(response)) == (422, [WRONG])


def test_login_with_something_that_is_no_address_says_so(client: Client) -> None:
    UserFactory()

    response = attempt(client, "admin", PASSWORD)

    assert (response.status_code, errors(response)) == (422, ["E-mail address: Enter a valid email address."])


def test_login_is_locked_after_eight_failures_and_opens_after_a_quarter_of_an_hour(client: Client) -> None:
    user = UserFactory(email="known@example.org")
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        statuses = [
            attempt(client, user.email.upper() if odd % 2 else user.email, "wrong").status_code for odd in range(8)
        ]
        locked = attempt(client, user.email, PASSWORD)
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        late = attempt(client, user.email, PASSWORD)

    assert statuses == [422] * 7 + [429]
    assert locked.status_code == 429
    assert "no further attempt is accepted for a quarter of an hour" in locked.content.decode()
    assert late.status_code == 302


def test_login_lock_of_one_person_leaves_the_others_alone(client: Client) -> None:
    UserFactory(email="known@example.org")
    other = UserFactory()
    for _time in range(9):
        attempt(client, "known@example.org", "wrong")

    assert attempt(client, other.email, PASSWORD).status_code == 302


def test_login_of_an_empty_installation_leads_to_the_first_visit(client: Client) -> None:
    response = client.get("/accounts/login/?next=/")

    assert (response.status_code, response["Location"]) == (302, "/setup/first/")


def test_logout_needs_a_post(client: Client) -> None:
    client.force_login(StaffFactory())

    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/accounts/settings/").status_code == 302


def test_deactivated_person_is_out_at_the_next_click(client: Client) -> None:
    user = StaffFactory()
    client.force_login(user)
    assert client.get("/accounts/settings/").status_code == 200

    people.deactivate(user, by=ManagerFactory())

    response = client.get("/accounts/settings/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/accounts/settings/")


def test_admin_login_is_our_login(client: Client) -> None:
    UserFactory()

    response = client.get("/admin/login/?next=/admin/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/admin/")


def test_post_without_the_safety_mark_gets_a_sentence() -> None:
    UserFactory()

    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})

    assert response.status_code == 403
    assert "Nothing was saved: please send it again" in response.content.decode()


# --- Forgotten password -------------------------------------------------------------------------------------------
def answer_all() -> None:
    """What the worker does."""
    for request_id in people.waiting_password_resets(10):
        people.answer_password_reset(request_id)


@pytest.mark.parametrize(("email", "mails"), [("known@example.org", 1), ("nobody@example.org", 0)])
def test_password_reset_answers_the_same_for_everybody(client: Client, email: str, mails: int) -> None:
    UserFactory(email="known@example.org")

    response = client.post("/accounts/password/reset/", {"email": email})

    assert (response.status_code, response["Location"]) == (302, "/accounts/password/reset/sent/")
    answer_all()
    assert Mail.objects.count() == mails


def test_password_reset_does_the_same_work_for_everybody(client: Client) -> None:
    UserFactory(email="known@example.org")
    client.post("/accounts/password/reset/", {"email": "first@example.org"})
    done = []
    for email in ("known@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/accounts/password/reset/", {"email": email})
        done.append([query["sql"].split(" ")[:4] for query in queries])
    assert done[0] == done[1] != []
    assert Mail.objects.count() == 0


def test_password_reset_link_sets_a_password_once(client: Client) -> None:
    user = UserFactory(email="known@example.org")
    client.post("/accounts/password/reset/", {"email": user.email})
    answer_all()
    link = re.findall(r"http\S+", Mail.objects.get().text)[0].split("/", 3)[3]

    form = client.get(f"/{link}")
    weak = client.post(form["Location"], {"new_password1": "short", "new_password2": "short"})
    saved = client.post(form["Location"], {"new_password1": "a-better-one-now", "new_password2": "a-better-one-now"})

    user.refresh_from_db()
    assert weak.status_code == 422
    assert (saved.status_code, saved["Location"]) == (302, "/accounts/login/")
    assert user.check_password("a-better-one-now")
    again = Client().get(f"/{link}")
    assert "This link does not work any more" in again.content.decode()


def test_password_reset_ends_the_lock(client: Client) -> None:
    user = UserFactory(email="known@example.org")
    for _time in range(8):
        attempt(client, user.email, "wrong")
    people.mail_password_reset(user.email)
    link = re.findall(r"http\S+", Mail.objects.get().text)[0].split("/", 3)[3]
    password = "a-better-one-now"

    form = client.get(f"/{link}")
    client.post(form["Location"], {"new_password1": password, "new_password2": password})

    assert attempt(client, user.email, password).status_code == 302


def test_password_reset_is_counted_by_address(client: Client) -> None:
    statuses = [
        client.post("/accounts/password/reset/", {"email": f"nobody{number}@example.org"}).status_code
        for number in range(21)
    ]

    assert statuses == [302] * 20 + [429]


def test_password_reset_with_something_that_is_no_address_says_so(client: Client) -> None:
    response = client.post("/accounts/password/reset/", {"email": "known"})

    assert (response.status_code, errors(response)) == (422, ["E-mail address: Enter a valid email address."])


def test_password_change_keeps_this_session_and_ends_the_others(client: Client) -> None:
    user = UserFactory()
    elsewhere = Client()
    for here in (client, elsewhere):
        here.force_login(user)

    response = client.post(
        "/accounts/password/",
        {"old_password": PASSWORD, "new_password1": "another-good-one", "new_password2": "another-good-one"},
    )

    assert (response.status_code, response["Location"]) == (302, "/accounts/settings/")
    assert client.get("/accounts/settings/").status_code == 200
    assert elsewhere.get("/accounts/settings/").status_code == 302


# --- Invitations --------------------------------------------------------------------------------------------------
def test_invitation_sets_name_and_password_and_logs_in(client: Client) -> None:
    user = people.invite_person("new@example.org", "N.", role=STAFF, by=None)
    address = reverse("accounts:invitation", args=[people.invitation_token(user)])

    shown = client.get(address)
    accepted = client.post(address, {"name": "Nora", "password": "quite-a-long-one"})

    user.refresh_from_db()
    assert shown.status_code == 200
    assert 'value="N."' in shown.content.decode()
    assert (accepted.status_code, accepted["Location"]) == (302, reverse("home"))
    assert (user.name, user.check_password("quite-a-long-one")) == ("Nora", True)
    assert client.get("/accounts/settings/").status_code == 200


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "Password: This password is too short. It must contain at least 10 characters."),
        ("Nora.Nightingale", "Password: The password is too similar to the name."),
        ("1234567890", "Password: This password is too common."),
        ("new@example.org", "Password: The password is too similar to the e-mail address."),
    ],
)
def test_invitation_refuses_a_weak_password(client: Client, password: str, sentence: str) -> None:
    user = people.invite_person("new@example.org", role=STAFF, by=None)
    address = reverse("accounts:invitation", args=[people.invitation_token(user)])

    response = client.post(address, {"name": "Nora Nightingale", "password": password})

    assert response.status_code == 422
    assert errors(response)[0] == sentence
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_invitation_that_was_changed_on_its_way_gets_a_sentence(client: Client) -> None:
    response = client.get("/accounts/invitation/nonsense/")

    assert response.status_code == 410
    assert "This link is not complete, or it was changed." in response.content.decode()


# --- Settings -----------------------------------------------------------------------------------------------------
def test_settings_change_name_and_zone_and_times_follow(client: Client) -> None:
    user = ManagerFactory(last_login=None)
    other = StaffFactory(last_login=datetime(2026, 1, 1, 12, tzinfo=UTC))
    client.force_login(user)

    response = client.post("/accounts/settings/", {"name": "Ada", "time_zone": "Asia/Kathmandu", "language": ""})

    user.refresh_from_db()
    assert (response.status_code, user.name, user.time_zone) == (302, "Ada", "Asia/Kathmandu")
    assert "1 Jan 2026, 17:45" in client.get(f"/people/{other.pk}/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "+02:00"), ("time_zone", "Mars/Olympus"), ("language", "xx")]
)
def test_settings_refuse_what_is_not_in_the_list(client: Client, field: str, value: str) -> None:
    client.force_login(StaffFactory())

    response = client.post("/accounts/settings/", {"name": "Ada", field: value})

    assert response.status_code == 422
    assert errors(response)[0].endswith(f"{value} is not one of the available choices.")
