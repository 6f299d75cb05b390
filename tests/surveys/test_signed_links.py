import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest

from surveys import signed_links
from surveys.models import Answer
from surveys.signed_links import BrokenLinkError, UnfitContextError
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db
CONTEXT = {"ticket": "T-1", "agent": "Ada Ü", "team": "A&B=C", "channel": "chat"}


@pytest.fixture
def survey():
    return SurveyFactory(link_secret="fixed-secret-of-22-cha")


def opened(survey, query: str) -> dict[str, str]:
    return signed_links.opened(survey, parse_qs(query, keep_blank_values=True))


def test_query_is_what_the_recipe_says(survey):
    signed = "agent=Ada%20%C3%9C&channel=chat&team=A%26B%3DC&ticket=T-1"
    digest = hmac.new(b"fixed-secret-of-22-cha", signed.encode(), hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).decode()[:22]
    assert signed_links.query(survey, CONTEXT) == f"{signed}&s={signature}"


def test_link_says_what_was_signed_whatever_the_order_and_the_encoding(survey):
    query = signed_links.query(survey, CONTEXT)
    assert opened(survey, query) == CONTEXT
    assert opened(survey, "&".join(reversed(query.split("&")))) == CONTEXT
    assert opened(survey, query.replace("%20", "+").replace("T-1", "%54-1")) == CONTEXT


def test_what_chats_add_is_not_looked_at(survey):
    assert opened(survey, signed_links.query(survey, CONTEXT) + "&fbclid=x&utm_source=y&r=5&lang=de") == CONTEXT


def changes() -> list[tuple[str, str]]:
    return [
        ("T-1", "T-2"),
        ("team=A%26B%3DC", "team=Other"),
        ("&team=A%26B%3DC", ""),
        ("&team=A%26B%3DC", "&team=A&B=C"),
        ("channel=chat", "channel=chat%26category%3Dx"),
        ("agent=", "customer="),
        ("&s=", "&category=x&s="),
        ("&s=", "&ticket=T-1&s="),
        ("&s=", "&s=x&s="),
        ("&s=", "&t="),
        ("&s=", "&s="[:-1] + "=x"),
    ]


@pytest.mark.parametrize(("old", "new"), changes())
def test_link_that_was_changed_is_broken(survey, old, new):
    query = signed_links.query(survey, CONTEXT)
    changed = query.replace(old, new)
    assert changed != query
    with pytest.raises(BrokenLinkError):
        opened(survey, changed)


@pytest.mark.parametrize("place", range(22))
def test_every_character_of_the_signature_counts(survey, place):
    head, _s, signature = signed_links.query(survey, CONTEXT).rpartition("=")
    other = "A" if signature[place] != "A" else "B"
    with pytest.raises(BrokenLinkError):
        opened(survey, f"{head}={signature[:place]}{other}{signature[place + 1 :]}")


@pytest.mark.parametrize("query", ["", "s=", "s=AAAAAAAAAAAAAAAAAAAAAA", "ticket=1", "ticket=1&s=é", "ticket=1&s="])
def test_link_that_is_not_complete_is_broken(survey, query):
    with pytest.raises(BrokenLinkError):
        opened(survey, query)


def test_signature_of_one_survey_is_none_of_another(survey):
    with pytest.raises(BrokenLinkError):
        opened(SurveyFactory(), signed_links.query(survey, CONTEXT))


def test_new_secret_kills_the_old_links(survey):
    query = signed_links.query(survey, CONTEXT)
    signed_links.renew_secret(survey)
    survey.refresh_from_db()
    assert survey.link_secret != "fixed-secret-of-22-cha"
    with pytest.raises(BrokenLinkError):
        opened(survey, query)
    assert opened(survey, signed_links.query(survey, CONTEXT)) == CONTEXT


def signed_by_hand(survey, context: dict[str, str]) -> str:
    signed = signed_links.canonical(context)
    return f"{signed}&s={signed_links.signature(survey.link_secret, signed)}"


def test_help_desk_that_signs_empty_values_is_understood(survey):
    assert opened(survey, signed_by_hand(survey, {"ticket": "T-1", "team": ""})) == {"ticket": "T-1"}


@pytest.mark.parametrize(
    "said",
    [{"ticket": "x" * 201}, {"channel": "x" * 101}, {"source": "x" * 51}, {"team": "a\x00"}, {"team": "a\nb"}],
)
def test_signed_nonsense_is_broken_too(survey, said):
    with pytest.raises(BrokenLinkError):
        opened(survey, signed_by_hand(survey, said))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Say at least one thing that the link is about."),
        ({"ticket": " "}, "Say at least one thing that the link is about."),
        (
            {"mood": "good"},
            "A link cannot carry “mood”; it can carry agent, category, channel, customer, source, team, ticket.",
        ),
        ({"channel": "x" * 101}, "“channel” can have at most 100 characters."),
        ({"ticket": "x" * 201}, "“ticket” can have at most 200 characters."),
        ({"agent": "a\tb"}, "“agent” contains a line break or another character that nobody sees."),
    ],
)
def test_what_a_link_cannot_carry_is_told(survey, said, sentence):
    with pytest.raises(UnfitContextError) as raised:
        signed_links.query(survey, said)
    assert str(raised.value) == sentence


def test_limits_are_those_of_the_answer():
    for name in signed_links.NAMES:
        field = "ticket_source" if name == "source" else name
        most = Answer._meta.get_field(field).max_length
        assert signed_links._fault(name, "x" * most) == ""
        assert signed_links._fault(name, "x" * (most + 1)) != ""


def test_links_for_employees_carry_nothing_that_only_one_of_them_did():
    survey = SurveyFactory(kind="esat")
    assert signed_links.names(survey) == {"team", "category"}
    assert urlsplit("?" + signed_links.query(survey, {"team": "Billing"})).query.startswith("team=Billing&s=")
    with pytest.raises(UnfitContextError, match="the team and the category only"):
        signed_links.query(survey, {"ticket": "1"})
    assert signed_links.form_key(survey, {"ticket": "1"}) == ""


def test_ticket_has_one_form_whoever_sent_the_link(survey):
    key = signed_links.form_key(survey, {"ticket": "T-1", "agent": "ada"})
    assert len(key) == 22
    assert signed_links.form_key(survey, {"ticket": "T-1", "agent": "bob", "team": "x"}) == key
    signed_links.renew_secret(survey)
    assert signed_links.form_key(survey, {"ticket": "T-1"}) == key


@pytest.mark.parametrize(
    "other", [{"ticket": "T-2"}, {"ticket": "T-1", "source": "zendesk"}, {"ticket": "T-1&source=x"}]
)
def test_other_tickets_have_other_forms(survey, other):
    assert signed_links.form_key(survey, other) != signed_links.form_key(survey, {"ticket": "T-1"})


def test_other_surveys_have_other_forms_and_no_ticket_has_none(survey):
    assert signed_links.form_key(SurveyFactory(), {"ticket": "T-1"}) != signed_links.form_key(survey, {"ticket": "T-1"})
    assert signed_links.form_key(survey, {"agent": "ada"}) == ""


def test_source_of_a_ticket_is_kept_under_its_column():
    assert signed_links.counted_by({"ticket": "1", "source": "zendesk"}) == {"ticket": "1", "ticket_source": "zendesk"}
