import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpiproject import mail as outbox
from kpiproject.lib import colours
from kpiproject.lib.tokens import new_token
from kpiproject.models import Mail, Organisation
from kpiproject.queries import organisation
from surveys import invitation_mail, invitations, looks, versions
from surveys import links as links_of
from surveys.content import Content, Wording
from surveys.invitations import Invitee
from surveys.models import Contact, Invitation, Survey, Version
from surveys.scales import Scale
from tests.factories import ContactFactory, SurveyFactory

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
        links_of.wrong_person_url(invitation.token),
        f"http://localhost:8000/u/{invitation.token}/",
        links_of.trap_url(invitation.token),
    ]
    assert [links[f"{page}?r={score}"]["text"] for score in scores] == [str(score) for score in scores]
    highest = max(scores)
    labels = [links[f"{page}?r={score}"]["aria-label"] for score in scores]
    assert labels == [
        f"{score} out of {highest}"
        + {min(scores): f", {invitation.survey.low_label}", highest: f", {invitation.survey.high_label}"}.get(score, "")
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
    ("kind", "rows", "share"),
    [
        ("csat", [["1", "2", "3", "4", "5"]], ["100%"]),
        ("ces", [["1", "2", "3", "4"], ["5", "6", "7"]], ["100%", "75%"]),
        ("nps", [["0", "1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]], ["100%", "83.33%"]),
    ],
)
def test_scores_stand_in_rows_that_a_thumb_can_hit(kind, rows, share):
    mail, _invitation = mail_for(kind)
    tables = re.findall(r'<table class="scores".*?</table>', mail.html, re.DOTALL)
    assert [re.findall(r">(\d+)</a>", table) for table in tables] == rows
    assert re.findall(r'class="row" style="[^"]*;width: (.*?);', mail.html) == share
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
        "List-Id": "<surveys.localhost>",
        "List-Unsubscribe": f"<http://localhost:8000/u/{invitation.token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


def test_both_parts_say_who_asks_what_and_why():
    mail, _invitation = mail_for("nps")
    assert mail.subject == "One question from Fernweh & Söhne"
    question = "How likely are you to recommend Fernweh & Söhne to a friend or colleague?"
    reason = "Fernweh & Söhne asks you because you were in contact with its customer service."
    assert "Hello Ada <i>L</i>,\n" in mail.text
    assert "Hello <bdi>Ada &lt;i&gt;L&lt;/i&gt;</bdi>,</p>" in mail.html
    for text in (question, reason, "Hafenstraße 1", "20457 Hamburg", "Not at all likely"):
        assert text in mail.text
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in mail.html


def test_nothing_is_loaded_from_anywhere_and_tables_are_only_layout():
    mail, _invitation = mail_for("csat")
    assert re.findall(r"<(?:img|link|script|iframe)\b|url\(", mail.html) == []
    assert re.findall(r"<table(?![^>]*role=\"presentation\")", mail.html) == []


def test_trap_is_out_of_reach_of_people():
    mail, invitation = mail_for("csat")
    trap = links_of.trap_url(invitation.token)
    [around] = re.findall(rf'<div class="trap"([^>]*)><a ([^>]*)href="{trap}"([^>]*)>', mail.html)
    assert 'aria-hidden="true"' in around[0]
    assert "display: none" in around[0]
    assert 'tabindex="-1"' in around[2]
    assert trap not in mail.text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_longest_mail_is_not_cut_off_by_mail_programs(language):
    words = "ש&<" * 330
    fields = {"mail_intro": words, "privacy_note": words, "question": words[:300], "language": language}
    labels = {"low_label": words[:60], "high_label": words[:60], "look": "stars", "scale_min": 1, "scale_max": 10}
    mail, _invitation = mail_for("csat", **fields, **labels)
    assert len(mail.html.encode()) < 60_000


def test_employees_are_told_another_reason():
    mail, _invitation = mail_for("esat")
    assert "asks you because you work there." in mail.text
    assert "customer service" not in mail.text


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [
        ("service", "asks you because you were in contact with its customer service."),
        ("recovery", "asks you because you were in contact with its customer service."),
        ("relationship", "You are asked because you are a customer of Fernweh & Söhne."),
        ("onboarding", "You are asked because you are a customer of Fernweh & Söhne."),
        ("exit", "You are asked because you are a customer of Fernweh & Söhne."),
        ("product", "You are asked because you are a customer of Fernweh & Söhne."),
    ],
)
def test_reason_is_that_of_the_purpose(purpose, reason):
    mail, invitation = mail_for("csat", purpose=purpose)
    reminder = invitation_mail.draft(invitation, organisation(), reminder=1)
    test = invitation_mail.put_test_into_outbox(
        invitation.survey, organisation(), to="me@example.org", name="", key="k"
    )
    for text in (mail.text, reminder["text"], test.text):
        assert (reason in text) != ("This is a test" in text)
        assert text.count(" because you ") == ("This is a test" not in text)
    for html in (mail.html, reminder["html"], test.html):
        assert reason.replace("&", "&amp;") in html
        assert html.count(" because you ") == 1


@pytest.mark.parametrize("brand", ["#ffee00", "#1f4f8f", "#787878"])
def test_button_in_the_brand_colour_can_be_read(brand):
    Organisation.objects.update_or_create(pk=1, defaults={"brand_colour": brand})
    invitations.invite(SurveyFactory(), [Invitee(email="a@example.org")])
    [style] = re.findall(r'<a class="open-page"[^>]*style="([^"]+)"', Mail.objects.get().html)
    [ink] = re.findall(r"(?<![-\w])color: (#\w{6})", style)
    assert f"background-color: {brand}" in style
    assert colours.contrast(ink, brand) >= 4.5


def test_own_words_are_said_in_the_mail_and_in_its_reminder():
    mail, invitation = mail_for(
        "csat",
        mail_subject="How was [Company] today?",
        mail_intro="Your case is closed.",
        reminder_intro="We would still like to know.",
        privacy_note="[Company] keeps it.",
    )
    reminder = invitation_mail.draft(invitation, organisation(), reminder=1)
    assert (mail.subject, reminder["subject"]) == (
        "How was Fernweh & Söhne today?",
        "Reminder: How was Fernweh & Söhne today?",
    )
    for first, second in ((mail.text, reminder["text"]), (mail.html, reminder["html"])):
        said = [("Your case is closed." in text, "We would still like to know." in text) for text in (first, second)]
        assert said == [(True, False), (False, True)]
    assert [text.count("keeps it.") for text in (mail.text, reminder["text"], reminder["html"])] == [1, 1, 1]
    assert (reminder["kind"], reminder["headers"]) == ("survey_reminder", mail.headers)
    assert [invitation_mail.key_of(invitation, reminder=n) for n in (0, 1, 2)] == [
        f"invitation:{invitation.pk}{end}" for end in ("", ":reminder:1", ":reminder:2")
    ]


def test_reminder_without_own_words_has_ours():
    _mail, invitation = mail_for("csat")
    reminder = invitation_mail.draft(invitation, organisation(), reminder=2)
    assert reminder["subject"] == "Reminder: one question from Fernweh & Söhne"
    assert "A few days ago we asked you this question" in reminder["text"]


SIGNS = {
    ("smileys", 1, 5, False): ["😞", "😕", "😐", "😊", "😃"],
    ("smileys", 1, 5, True): ["😃", "😊", "😐", "😕", "😞"],
    ("smileys", 1, 7, False): ["😡", "😞", "😕", "😐", "😊", "😃", "😍"],
    ("stars", 1, 3, False): ["★", "★", "★"],
    ("thumbs", 0, 1, False): ["👎", "👍"],
    ("numbers", 1, 3, False): [],
}


@pytest.mark.parametrize(("case", "signs"), SIGNS.items())
def test_signs_are_text_and_smile_at_the_good_end(case, signs):
    look, low, high, lower_is_better = case
    labels = {"low_label": "Bad", "high_label": "Good"}
    fields = {"scale_min": low, "scale_max": high, "look": look, "lower_is_better": lower_is_better, **labels}
    mail, _invitation = mail_for("ces" if lower_is_better else "csat", **fields)
    assert re.findall(r'<span class="sign"[^>]*>(.*?)</span>', mail.html) == signs
    named = [link["aria-label"] for link in Links(mail.html).found.values() if "aria-label" in link]
    content = versions.read(Invitation.objects.get().version)
    assert named == [cell.name for cell in looks.cells(content, content.wording("en"), None)]
    assert (named[0][-5:], named[-1][-6:]) == (", Bad", ", Good")


def test_arabic_is_written_from_right_to_left():
    mail, _invitation = mail_for("nps", language="ar", question="ما مدى رضاك؟", low_label="سيئ", high_label="ممتاز")
    assert re.findall(r'(?:lang|dir)="\w+"', mail.html) == 2 * ['lang="ar"', 'dir="rtl"']
    assert re.findall(r'<td align="(\w+)"[^>]*>(\d+) – ', mail.html) == [("right", "0"), ("left", "10")]
    assert re.findall(r'class="sheet"[^>]*text-align: (\w+)', mail.html) == ["right"]


@pytest.mark.parametrize("name", ["Win at http://evil.example", "WWW.evil.example", "Ada \u202egnp.exe"])
def test_name_that_wants_to_be_a_link_is_not_said(name):
    contact = ContactFactory(name=name)
    invitations.invite(SurveyFactory(), [Invitee(email=contact.email)])
    assert "\n\n" in Mail.objects.get().text
    assert Mail.objects.get().text.startswith("Hello,\n")
    assert "evil" not in Mail.objects.get().html


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        '"><script>alert(1)</script>',
        "O'Neil & <b>Söhne</b>",
        "&amp; &lt; &#39;\xa0x",
        'عمر "الخيام"',
        "👩‍👩‍👧 Zoë",
        "a\r\nBcc: b@example.org",
        "{{ name }} %(name)s \\1",
        "",
    ]
)


PURPOSES = st.sampled_from(["service", "recovery", "relationship", "employees"])


@given(name=NAMES, is_reminder=st.booleans(), language=st.sampled_from(["en", "ar"]), purpose=PURPOSES)
@settings(max_examples=150, deadline=None)
def test_filled_stencil_is_what_the_templates_would_have_given(name, is_reminder, language, purpose):
    content = Content(
        scale=Scale(kind="nps", low=0, high=10),
        look="numbers",
        language=language,
        wordings={language: Wording(question='How likely are you to recommend <[Company]> & "us"?', low_label="'no'")},
    )
    house = Organisation(name="A & B <c>", postal_address="1 Main St\nTown")
    version = Version(digest=content.digest, content=content.as_json())
    contact = Contact(email="a+b@example.org", name=name)
    survey = Survey(reply_to="help@example.org", purpose=purpose)
    invitation = Invitation(survey=survey, version=version, contact=contact, token=new_token(), language=language)
    filled = invitation_mail.draft(invitation, house, reminder=int(is_reminder))
    greeted = invitation_mail.greeted(name)
    slow = invitation_mail.render(
        content,
        language,
        house,
        token=invitation.token,
        name=greeted,
        is_reminder=is_reminder,
        is_about_contact=purpose in ("service", "recovery"),
    )
    assert filled == {**slow, "recipient": "a+b@example.org", "reply_to": "help@example.org"}


def test_another_organisation_or_version_is_another_mail():
    mail, invitation = mail_for("csat")
    Organisation.objects.update(name="Other")
    again = invitation_mail.draft(invitation, organisation())
    assert (mail.subject, again["subject"]) == ("One question from Fernweh & Söhne", "One question from Other")
    survey = invitation.survey
    survey.question = "And now?"
    survey.save()
    invitation.version = versions.ensure(survey)
    assert "And now?" in invitation_mail.draft(invitation, organisation())["text"]


def test_draft_asks_the_database_nothing(django_assert_num_queries):
    _mail, invitation = mail_for("csat")
    owner = organisation()
    invitation.contact, invitation.version, invitation.survey  # noqa: B018 - loaded before it counts
    with django_assert_num_queries(0):
        assert invitation_mail.draft(invitation, owner, reminder=1)["recipient"] == "ada@example.org"


def test_replies_go_where_the_survey_says():
    survey = SurveyFactory(reply_to="shop@example.org")
    invitations.invite(survey, [Invitee(email="ada@example.org")])
    test = invitation_mail.put_test_into_outbox(survey, organisation(), to="me@example.org", name="", key="k")
    assert [mail.reply_to for mail in Mail.objects.exclude(pk=test.pk)] == ["shop@example.org"]
    assert test.reply_to == "shop@example.org"


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
