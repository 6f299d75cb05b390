"""Help for each role, as far as it can be true or not: what they may do, and whether they can open what it names."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from kpiproject.documents import tree
from kpiproject.roles import MANAGERS, STAFF
from manual import pages
from manual.chapters.role_words import ROLES, Role, capabilities
from tests.factories import ManagerFactory, StaffFactory
from tests.manual.chapters.built import build, figures, tables

pytestmark = pytest.mark.django_db
WITH_PAGES = [role for role in ROLES if any(task.page for task in role.tasks)]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_every_role_has_its_place_and_five_tasks(role: Role) -> None:
    assert len(role.tasks) == 5
    assert role.who
    assert role.sees
    assert role.may
    anchors = [block["anchor"] for block in build("roles").blocks if block["is"] == "heading"]
    assert f"ref-role-{role.code}" in anchors


@pytest.mark.parametrize("role", WITH_PAGES, ids=lambda role: role.code)
def test_whoever_has_the_role_can_open_every_page_that_is_named(client: Client, role: Role) -> None:
    person = StaffFactory() if role.code == "staff" else ManagerFactory(is_superuser=role.code == "operator")
    client.force_login(person)
    opened = {task.page: client.get(reverse(task.page)).status_code for task in role.tasks if task.page}
    assert opened == dict.fromkeys(opened, 200)
    assert len(opened) >= 4


def test_what_they_may_do_is_read_from_their_permissions() -> None:
    rows = {row[0]: row[1:] for row in tables(build("roles").blocks)["What the two roles with an account may do"]}
    assert len(rows) == len(capabilities())
    assert rows["See KPIs and their figures"] == ["yes", "yes"]
    assert rows["Publish and share the manual"] == ["no", "yes"]
    Group.objects.get(name=STAFF).permissions.clear()
    rows = {row[0]: row[1:] for row in tables(build("roles").blocks)["What the two roles with an account may do"]}
    assert {who[0] for who in rows.values()} == {"no"}
    assert figures("roles")["role:staff"] == ""


def test_managers_may_do_everything_that_is_named_so_that_no_permission_is_misspelt() -> None:
    held = Group.objects.get(name=MANAGERS).permissions.values_list("content_type__app_label", "codename")
    names = {f"{app}.{codename}" for app, codename in held}
    assert [found.permission for found in capabilities() if found.permission not in names] == []


def test_pages_are_links_for_the_house_alone() -> None:
    link = pages.page("Goals", "/goals/")
    paragraph = tree.paragraph("See ", link)
    assert pages.is_page(link["to"])
    assert "page:" not in str(pages.opened([paragraph]))
    assert pages.opened({"is": "chart", "spec": {"is": "link", "to": link["to"]}})["spec"]["to"] == link["to"]
