from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from kpiproject import mail, people
from kpiproject.front import areas
from kpiproject.models import Agent, Mail, Organisation, Team, User
from kpiproject.queries import organisation
from kpiproject.roles import STAFF
from tests.factories import ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    manager = ManagerFactory(name="Mara")
    client.force_login(manager)
    return manager


def sentences(response: Any) -> list[str]:
    return [error for errors in response.context["adminform"].form.errors.values() for error in errors]


# --- Organisation -------------------------------------------------------------------------------------------------
def test_organisation_takes_one_status_a_line(client: Client, manager: User) -> None:
    organisation()
    form = {
        "name": "Northwind",
        "time_zone": "Europe/Berlin",
        "week_start": "0",
        "currency": "EUR",
        "brand_colour": "#aa3311",
        "pause_statuses": " Pending \n\nOn hold\r\nPending",
    }

    response = client.post("/admin/kpiproject/organisation/1/change/", form)

    assert response.status_code == 302
    assert Organisation.objects.get().pause_statuses == ["Pending", "On hold"]
    page = client.get("/admin/kpiproject/organisation/1/change/").content.decode()
    assert "Pending\nOn hold</textarea>" in page


@pytest.mark.parametrize("path", ["organisation/add/", "organisation/1/delete/", "user/add/", "mail/add/"])
def test_what_must_not_be_added_or_deleted(client: Client, manager: User, path: str) -> None:
    organisation()

    assert client.get(f"/admin/kpiproject/{path}").status_code == 403


def test_people_are_not_deleted_and_roles_not_changed_here(client: Client, manager: User) -> None:
    page = client.get(f"/admin/kpiproject/user/{manager.pk}/change/").content.decode()

    assert client.post(f"/admin/kpiproject/user/{manager.pk}/delete/", {"post": "yes"}).status_code == 403
    assert 'name="is_staff"' not in page
    assert f'<a href="/people/{manager.pk}/">Change role or access</a>' in page


def test_groups_are_not_in_the_administration(client: Client, manager: User) -> None:
    assert client.get("/admin/auth/group/").status_code == 404


# --- Teams and agents ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["team", "agent"])
def test_teams_and_agents_with_tickets_cannot_be_deleted(client: Client, manager: User, path: str) -> None:
    model: type[Team | Agent] = Team if path == "team" else Agent
    row = model.objects.create(source="generic", external_id="1", name="One")

    one = client.post(f"/admin/kpiproject/{path}/{row.pk}/delete/", {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(f"/admin/kpiproject/{path}/", many)

    assert one.status_code == 403
    assert model.objects.count() == 1


# --- Mail ---------------------------------------------------------------------------------------------------------
def failed_mail(**fields: Any) -> Mail:
    letter = mail.put_into_outbox(
        key="k", kind="note", to="a@example.org", subject="Hello", text="What I wanted to say"
    )
    Mail.objects.filter(pk=letter.pk).update(state=Mail.State.FAILED, **fields)
    return letter


def test_mail_can_be_read_and_not_changed(client: Client, manager: User) -> None:
    letter = failed_mail()

    page = client.get(f"/admin/kpiproject/mail/{letter.pk}/change/")
    changed = client.post(f"/admin/kpiproject/mail/{letter.pk}/change/", {"subject": "Else"})

    assert "What I wanted to say" in page.content.decode()
    assert changed.status_code == 403


def test_personal_link_of_a_survey_is_not_shown(client: Client, manager: User) -> None:
    letter = failed_mail(kind="survey_invitation", text="https://example.org/s/Zk3rV9w_Qp-7LmN2xYt5Bg/")

    page = client.get(f"/admin/kpiproject/mail/{letter.pk}/change/").content.decode()

    assert "Not shown: it holds a personal link." in page
    assert "Zk3rV9w_Qp-7LmN2xYt5Bg" not in page


def test_files_of_a_mail_are_named(client: Client, manager: User) -> None:
    files = [mail.File("week 12.pdf", "application/pdf", b"%PDF"), mail.File("a.csv", "text/csv", b"")]
    letter = mail.put_into_outbox(key="k", kind="n", to="a@example.org", subject="s", text="t", files=files)

    page = client.get(f"/admin/kpiproject/mail/{letter.pk}/change/").content.decode()

    assert "week 12.pdf" in page
    assert "a.csv" in page


def test_mail_with_a_key_to_an_account_is_not_shown(client: Client, manager: User) -> None:
    people.invite_person("new@example.org", role=STAFF, by=manager)

    page = client.get(f"/admin/kpiproject/mail/{Mail.objects.get().pk}/change/").content.decode()

    assert "Not shown: it holds a personal link." in page
    assert "/accounts/invitation/" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Mail.State.FAILED, "1 mail is on its way again."),
        (
            Mail.State.SENT,
            (
                "Hello → a@example.org: "
                "Only a mail that failed or was not confirmed, and still has its text, can be sent again."
            ),
        ),
    ],
)
def test_mail_is_sent_again_only_if_it_failed(client: Client, manager: User, state: str, sentence: str) -> None:
    letter = failed_mail()
    Mail.objects.filter(pk=letter.pk).update(state=state)

    response = client.post(
        "/admin/kpiproject/mail/", {"action": "send_again", "_selected_action": [letter.pk]}, follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [sentence]
    assert Mail.objects.get().state == (Mail.State.QUEUED if state == Mail.State.FAILED else state)


# --- The first page -----------------------------------------------------------------------------------------------
def test_every_registered_model_is_reachable_from_the_first_page(client: Client, manager: User) -> None:
    page = client.get("/admin/").content.decode()

    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert page.count(f'href="{url}"') == 1, model
    assert "Everything else" not in page


def test_a_model_without_a_place_is_not_lost() -> None:
    models = [{"model": Organisation, "name": "Organisation"}, {"model": Group, "name": "groups", "admin_url": "/g/"}]
    found = areas.open_areas([{"models": models}])

    assert [(str(one.area.name), [entry.name for entry in one.entries]) for one in found] == [
        ("Organisation and people", ["Organisation"]),
        ("Everything else", ["groups"]),
    ]


def test_first_page_of_the_administration_says_what_waits(client: Client, manager: User) -> None:
    failed_mail()

    page = client.get("/admin/").content.decode()

    assert "1 mail could not be sent" in page
    assert "The manual was never published" in page
