import re
from html.parser import HTMLParser

import pytest

from kpiproject import mail as outbox
from kpiproject.models import Mail, Organisation
from kpiproject.queries import organisation
from surveys import colours, invitation_mail, invitations
from surveys.invitations import Invitee
from surveys.models import Invitation
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """Links by address, with their text, label and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.current: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.current = {"text": "", **dict(attrs)}
            self.found[self.current["href"]] = self.current

    def handle_data(self, data):
        if self.current is not None:
            self.current["text"] += data

    def handle_endtag(self, tag):
        if tag == "a":
            self.current = None


def mail_for(kind: str, **fields) -> tuple[Mail, Invitation]:
    Organisation.objects.update_or_create(
        pk=1, defaults={"name": "Fernweh & Söhne", "postal_address": "Hafenstraße 1\n20457 Hamburg"}
    )
    survey = SurveyFactory(kind=kind, **fields)
    invitations.invite(survey, [Invitee(email="ada@example.org", name="Ada <i>L</i>")])
    return Mail.objects.get(), Invitation.objects.get()


@pytest.mark.parametrize(("kind", "scores"), [("csat", range(1, 6)), ("nps", range(11)), ("ces", range(1, 8))])
def test_html_part_has_one_link_per_score_that_only_chooses(kind, scores):
    mail, invitation = mail_for(kind)
    page = f"http://localhost:8000/s/{invitation.token}/"
    links = Links(mail.html).found
    assert list(links) == [f"{page}?r={score}" for score in scores] + [
        page,
        f"http://localhost:8000/u/{invitation.token}/",
    ]
    assert [links[f"{page}?r={score}"]["text"] for score in scores] == [str(score) for score in scores]
    highest = max(scores)
    labels = [links[f"{page}?r={score}"]["aria-label"] for score in scores]
    assert labels == [
        f"{score} out of {highest}"
        + {min(scores): f", {invitation.low_label}", highest: f", {invitation.high_label}"}.get(score, "")
        for score in scores
    ]


@pytest.mark.parametrize(("kind", "scores"), [("csat", range(1, 6)), ("nps", range(11)), ("ces", range(1, 8))])
def test_text_part_has_one_link_per_score(kind, scores):
    mail, invitation = mail_for(kind)
    page = f"http://localhost:8000/s/{invitation.token}/"
    assert re.findall(r"^(\d+) out of \d+[^:]*: (\S+)$", mail.text, re.MULTILINE) == [
        (str(score), f"{page}?r={score}") for score in scores
    ]
    assert f"Or choose on the page: {page}\n" in mail.text
    assert f"No more such questions: http://localhost:8000/u/{invitation.token}/" in mail.text


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("csat", [["1", "2", "3", "4", "5"]]),
        ("ces", [["1", "2", "3", "4"], ["5", "6", "7"]]),
        ("nps", [["0", "1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]),
    ],
)
def test_scores_stand_in_rows_that_a_thumb_can_hit(kind, rows):
    mail, _invitation = mail_for(kind)
    [table] = re.findall(r'<table class="scores".*?</table>', mail.html, re.DOTALL)
    found = [re.findall(r">(\d+)</a>", row) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
    assert found == rows
    padding, line = re.findall(r'class="score"[^>]*padding: (\d+)px 0[^>]*line-height: (\d+)px', mail.html)[0]
    assert 2 * int(padding) + int(line) >= 44


def test_scores_look_alike_so_that_none_is_suggested():
    mail, _invitation = mail_for("nps")
    looks = re.findall(r'class="score" [^>]*style="([^"]*)"', mail.html)
    assert len(looks) == 11
    assert len(set(looks)) == 1


def test_headers_let_mail_programs_unsubscribe_with_one_click():
    mail, invitation = mail_for("csat")
    assert mail.headers == {
        "List-Unsubscribe": f"<http://localhost:8000/u/{invitation.token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_both_parts_say_who_asks_what_and_why():
    mail, _invitation = mail_for("nps")
    assert mail.subject == "One question from Fernweh & Söhne"
    question = "How likely are you to recommend Fernweh & Söhne to a friend or colleague?"
    reason = "Fernweh & Söhne asks you because you were in contact with its customer service."
    for text in (question, reason, "Hello Ada <i>L</i>,", "Hafenstraße 1", "20457 Hamburg", "Not at all likely"):
        assert text in mail.text
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in mail.html


def test_nothing_is_loaded_from_anywhere_and_tables_are_only_layout():
    mail, _invitation = mail_for("csat")
    assert re.findall(r"<(?:img|link|script|iframe)\b|url\(", mail.html) == []
    assert re.findall(r"<table(?![^>]*role=\"presentation\")", mail.html) == []


def test_employees_are_told_another_reason():
    mail, _invitation = mail_for("esat")
    assert "asks you because you work there." in mail.text
    assert "customer service" not in mail.text


@pytest.mark.parametrize("brand", ["#ffee00", "#1f4f8f", "#787878"])
def test_button_in_the_brand_colour_can_be_read(brand):
    Organisation.objects.update_or_create(pk=1, defaults={"brand_colour": brand})
    invitations.invite(SurveyFactory(), [Invitee(email="a@example.org")])
    [style] = re.findall(r'<a class="open-page"[^>]*style="([^"]+)"', Mail.objects.get().html)
    [ink] = re.findall(r"(?<![-\w])color: (#\w{6})", style)
    assert f"background-color: {brand}" in style
    assert colours.contrast(ink, brand) >= 4.5


def test_test_mail_leads_to_the_preview_and_cannot_unsubscribe_anybody():
    survey = SurveyFactory(slug="new", status="draft", kind="csat")
    mail = invitation_mail.put_test_into_outbox(survey, organisation(), to="me@example.org", name="Me", key="abc")
    assert mail.subject == "[Test] One question from My organisation"
    assert (mail.recipient, mail.headers, mail.key) == ("me@example.org", {}, "survey-test:abc")
    assert list(Links(mail.html).found) == [
        f"http://localhost:8000/surveys/new/preview/{query}" for query in ("?r=1", "?r=2", "?r=3", "?r=4", "?r=5", "")
    ]
    assert "/u/" not in mail.text
    assert Invitation.objects.count() == 0


def test_delivered_mail_has_both_parts_and_the_headers_and_is_noted_as_sent(mailoutbox):
    mail, invitation = mail_for("ces")
    outbox.deliver(mail.pk)
    [message] = mailoutbox
    sent = message.message()
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert (sent["To"], sent["List-Unsubscribe-Post"]) == ("ada@example.org", "List-Unsubscribe=One-Click")
    assert sent["List-Unsubscribe"] == f"<http://localhost:8000/u/{invitation.token}/>"
    assert invitations.note_sent() == 1
    invitation.refresh_from_db()
    mail.refresh_from_db()
    assert invitation.sent_at == mail.sent_at
