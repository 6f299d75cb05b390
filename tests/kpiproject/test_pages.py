"""What every page has in common."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import Client, RequestFactory

from kpiproject import context
from kpiproject.front.errors import csrf_failure
from tests.factories import ManagerFactory, StaffFactory, UserFactory
from tests.kpiproject.security import faults, inline_code

TEMPLATES = sorted(
    path for path in (settings.BASE_DIR / "templates").rglob("*.html") if path.parent.name not in ("email",)
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_template_has_no_inline_code(path: Path) -> None:
    # The policy names the exact bytes of the one script that a page for respondents carries (see security.py).
    text = path.read_text(encoding="utf-8").replace("<script>{{ script }}</script>", "")
    # The one file that is saved and read without the site, and names a policy of its own.
    text = text.replace("<style>\n{{ style }}\n</style>", "")
    assert inline_code(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color:red">', ["a style attribute"]),
        ("<style>p{}</style>", ["a style element"]),
        ('<body\n onload="x()">', ["an event attribute"]),
        ("<script>x()</script>", ["an inline script"]),
        ('<a href="javascript:x()">', ["a javascript: address"]),
        ('<script src="/a.js"></script><script type="application/json">{}</script><p data-on="x" class="style">', []),
    ],
)
def test_inline_code_is_found(html: str, found: list[str]) -> None:
    assert inline_code(html) == found


def test_faults_of_an_answer_without_any_header() -> None:
    assert faults(HttpResponse("<script>x()</script>")) == [
        "X-Content-Type-Options is not nosniff",
        "Referrer-Policy is not same-origin",
        "Cross-Origin-Opener-Policy is not same-origin",
        "default-src is open",
        "it may be framed",
        "scripts or styles from elsewhere may run",
    ]


def test_script_in_the_page_needs_a_policy_that_names_its_bytes() -> None:
    policy = "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'none'"
    response = HttpResponse("<script>x()</script>", headers={"Content-Security-Policy": policy})
    assert "scripts or styles from elsewhere may run" in faults(response)
    two = HttpResponse("<script>x()</script><script>y()</script>", headers={"Content-Security-Policy": policy})
    assert "it has an inline script" in faults(two)


# --- Navigation ---------------------------------------------------------------------------------------------------
def places(user) -> list[tuple[str, str, bool]]:
    request = RequestFactory().get("/surveys/csat/")
    request.user = user
    return [(str(entry.label), entry.url, entry.is_current) for entry in context.navigation(request)]


@pytest.mark.django_db
def test_navigation_of_staff() -> None:
    assert places(StaffFactory()) == [
        ("Home", "/", False),
        ("KPIs", "/kpis/", False),
        ("Goals", "/goals/", False),
        ("Surveys", "/surveys/", True),
        ("Follow-ups", "/follow-ups/", False),
        ("Thanks", "/thanks/", False),
        ("Manual", "/manual/", False),
    ]


@pytest.mark.django_db
def test_navigation_of_managers() -> None:
    assert places(ManagerFactory()) == [
        ("Home", "/", False),
        ("KPIs", "/kpis/", False),
        ("Goals", "/goals/", False),
        ("Surveys", "/surveys/", True),
        ("Follow-ups", "/follow-ups/", False),
        ("Thanks", "/thanks/", False),
        ("Alerts", "/alerts/", False),
        ("Reports", "/reports/", False),
        ("Manual", "/manual/", False),
        ("Set up", "/setup/", False),
        ("Data", "/data/", False),
        ("People", "/people/", False),
        ("Administration", "/admin/", False),
    ]


@pytest.mark.django_db
def test_navigation_of_managers_in_the_demonstration(settings) -> None:
    settings.ROOT_URLCONF = "tests.kpiproject.demo_urls"

    assert ("Mailbox", "/mailbox/", False) in places(ManagerFactory())


@pytest.mark.django_db
def test_navigation_of_somebody_without_a_role_is_empty_but_they_can_log_out(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)

    assert places(user) == []
    assert 'action="/accounts/logout/"' in client.get("/accounts/settings/").content.decode()


# --- Errors -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_page_that_does_not_exist(client: Client) -> None:
    response = client.get("/nothing/")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    assert faults(response) == []


@pytest.mark.django_db
def test_page_for_another_role_says_so(client: Client) -> None:
    client.force_login(StaffFactory())

    response = client.get("/people/")

    assert response.status_code == 403
    assert "This page is not for your role" in response.content.decode()


@pytest.mark.django_db
def test_what_is_too_long_is_refused_with_a_page_that_needs_no_database(client: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    response = client.post("/accounts/login/", {f"field{number}": "words" for number in range(4)})

    assert response.status_code == 400
    assert "Nothing was saved. It may have been too long" in response.content.decode()
    assert faults(response) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("accept", "shown"), [("text/html", True), ("application/json", False)])
def test_address_of_a_button_opened_by_itself_says_that_nothing_was_done(
    client: Client, accept: str, *, shown: bool
) -> None:
    assert client.get("/accounts/logout/").content == b""
    client.force_login(StaffFactory())

    response = client.get("/accounts/logout/", headers={"accept": accept})

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert ("please press the button again" in response.content.decode()) is shown
    assert faults(response) == []


def test_page_for_our_own_mistakes_needs_no_database() -> None:
    assert "Something broke on our side" in get_template("500.html").render()


@pytest.mark.django_db
def test_page_for_a_form_without_its_mark_leads_back(rf: RequestFactory) -> None:
    response = csrf_failure(rf.post("/people/invite/"), reason="CSRF cookie not set.")

    assert response.status_code == 403
    assert 'href="/people/invite/"' in response.content.decode()
