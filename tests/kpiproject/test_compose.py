"""Mails made from templates."""

from pathlib import Path

import pytest
from django.template.exceptions import TemplateDoesNotExist

from kpiproject import mail
from kpiproject.models import Mail, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def templates(settings, tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    (folder / "email").mkdir(parents=True)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder], "APP_DIRS": False}]
    (folder / "email" / "greeting.txt").write_text(
        "{% load i18n %}Subject: Hello {{ name }}\n\n{% translate 'Password' %} {{ name }} {{ base_url }}\n"
    )
    (folder / "email" / "greeting.html").write_text(
        "<html><head><title>{{ subject }}</title><style>p {color: red}</style>"
        "<style data-css-inline='keep'>@media (width > 1px) {p {color: blue}}</style></head>"
        "<body><p>{{ name }} {{ organisation.name }}</p></body></html>"
    )
    return folder / "email"


def compose(**changes) -> Mail:
    fields = {"key": "k", "kind": "greeting", "to": "ann@example.com", "context": {"name": "O'Neil & <Co>"}} | changes
    return mail.compose("greeting", **fields)


@pytest.mark.usefixtures("templates")
def test_text_is_plain_and_html_is_escaped_and_inlined(settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    Organisation.objects.create(pk=1, name="Müller & Sons")
    row = compose()
    assert row.subject == "Hello O'Neil & <Co>"
    assert row.text == "Password O'Neil & <Co> https://kpi.example.com\n"
    assert (
        '<p style="color: red;">O&#x27;Neil &amp; &lt;Co&gt; Müller &amp; Sons</p>'.replace("&#x27;", "'") in row.html
    )
    assert "<title>Hello O'Neil &amp; &lt;Co&gt;</title>" in row.html
    assert row.html.count("<style") == row.html.count("@media (width > 1px)") == 1


@pytest.mark.usefixtures("templates")
def test_language_of_the_recipient() -> None:
    assert compose(language="de").text.startswith("Passwort ")


@pytest.mark.usefixtures("templates")
def test_name_with_a_line_break_adds_no_header() -> None:
    row = compose(context={"name": "Ann\nBcc: eve@example.com"})
    assert (row.subject, row.headers) == ("Hello Ann", {})


def test_template_without_a_subject_is_refused(templates: Path) -> None:
    (templates / "greeting.txt").write_text("Hello")
    with pytest.raises(ValueError, match=r'^The first line of templates/email/greeting\.txt must be "Subject: …"\.$'):
        compose()


def test_template_without_html_is_refused(templates: Path) -> None:
    (templates / "greeting.html").unlink()
    with pytest.raises(TemplateDoesNotExist, match=r"^email/greeting\.html$"):
        compose()
    assert Mail.objects.count() == 0
