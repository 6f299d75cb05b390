from datetime import UTC, datetime, timedelta

import pytest

from kpiproject.models import Mail
from surveys import clicks
from surveys.models import Answer, Click
from tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 3, 2, 10, tzinfo=UTC)
LATER = SENT + timedelta(hours=1)
PERSON = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile Safari/604.1"


@pytest.fixture
def invitation():
    return InvitationFactory(survey__kind="nps", created_at=SENT)


def click(invitation, score, seconds: float = 0, **kwargs):
    invitation.refresh_from_db()
    clicks.note(invitation, score=score, now=LATER + timedelta(seconds=seconds), **({"agent": PERSON} | kwargs))


def signs(invitation) -> list[str]:
    return list(Click.objects.filter(invitation=invitation).order_by("id").values_list("sign", flat=True))


def clicked_at(invitation):
    invitation.refresh_from_db()
    return invitation.clicked_at


def test_click_of_a_person_is_kept_and_the_first_one_counts(invitation):
    click(invitation, 9)
    click(invitation, 9, seconds=60)
    assert (signs(invitation), clicked_at(invitation)) == (["", ""], LATER)
    assert (Answer.objects.count(), invitation.is_answered) == (0, False)


@pytest.mark.parametrize(
    ("kwargs", "sign"),
    [
        ({"is_head": True}, "head"),
        ({"agent": ""}, "scanner"),
        ({"agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, "scanner"),
        ({"agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}, "scanner"),
        ({"agent": "BarracudaCentral/1.0"}, "scanner"),
        ({"agent": "Mozilla/5.0 (X11) HeadlessChrome/140.0"}, "scanner"),
        ({"agent": "Microsoft Office Existence Discovery"}, "scanner"),
        ({"agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"}, "scanner"),
        ({"agent": "WhatsApp/2.24.1 A"}, "scanner"),
        ({"agent": "python-requests/2.32"}, "scanner"),
        ({"agent": "curl/8.5.0"}, "scanner"),
        ({"agent": PERSON}, ""),
        ({"agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"}, ""),
        ({"agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Microsoft Outlook 16.89"}, ""),
    ],
)
def test_signs_of_a_single_click(invitation, kwargs, sign):
    click(invitation, 9, **kwargs)
    assert (signs(invitation), clicked_at(invitation)) == ([sign], None if sign else LATER)


@pytest.mark.parametrize(("seconds", "sign"), [(0, "too_fast"), (4.9, "too_fast"), (5, ""), (-60, "too_fast")])
def test_nobody_clicks_within_five_seconds_of_the_delivery(invitation, seconds, sign):
    clicks.note(invitation, score=9, agent=PERSON, now=SENT + timedelta(seconds=seconds))
    assert signs(invitation) == [sign]


@pytest.mark.parametrize(
    ("state", "seconds", "sign"),
    [("queued", None, ""), ("claimed", None, "too_fast"), ("handed_over", None, "too_fast"), ("sent", 3, "too_fast")],
)
def test_delivery_that_is_not_yet_noted_is_read_from_the_mail(state, seconds, sign):
    invitation = InvitationFactory(created_at=SENT, sent_at=None)
    sent_at = None if seconds is None else LATER - timedelta(seconds=seconds)
    invitation.mail = Mail.objects.create(key="k", message_id="<k>", state=state, sent_at=sent_at)
    invitation.save()
    click(invitation, 9)
    assert signs(invitation) == [sign]


def test_ten_scores_within_a_second_are_a_machine_and_no_answer(invitation):
    """Vector V106: ten links of one mail opened within a second by a program that runs scripts."""
    for number in range(10):
        click(invitation, number + 1, seconds=number / 10)
    assert (signs(invitation), clicked_at(invitation)) == (["two_scores"] * 10, None)
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(("apart", "found"), [(10, ["two_scores", "two_scores"]), (10.1, ["", ""])])
def test_two_scores_count_as_a_machine_up_to_ten_seconds_apart(invitation, apart, found):
    click(invitation, 2)
    click(invitation, 9, seconds=apart)
    assert (signs(invitation), clicked_at(invitation)) == (found, None if found[0] else LATER)


def test_same_score_twice_is_a_double_click_of_a_person(invitation):
    click(invitation, 9)
    click(invitation, 9, seconds=0.2)
    assert signs(invitation) == ["", ""]


def test_trap_tells_on_what_was_opened_with_it_and_not_on_a_person_an_hour_later(invitation):
    click(invitation, 9)
    clicks.note_trap(invitation, now=LATER + timedelta(seconds=3))
    click(invitation, 9, seconds=3600)
    assert signs(invitation) == ["trap", "trap", ""]
    assert clicked_at(invitation) == LATER + timedelta(hours=1)


def test_person_whose_gateway_looked_first_is_still_a_person(invitation):
    click(invitation, 9, is_head=True)
    click(invitation, 9, seconds=1)
    assert (signs(invitation), clicked_at(invitation)) == (["head", ""], LATER + timedelta(seconds=1))


def test_only_so_many_clicks_are_kept(invitation):
    for number in range(clicks.MOST_CLICKS + 5):
        click(invitation, 9, seconds=20 * number)
    assert len(signs(invitation)) == clicks.MOST_CLICKS


@pytest.mark.parametrize("kind", ["esat", "enps"])
def test_of_employees_nothing_is_kept(kind):
    invitation = InvitationFactory(survey__kind=kind, created_at=SENT)
    click(invitation, 3)
    clicks.note_trap(invitation)
    assert (Click.objects.count(), clicked_at(invitation)) == (0, None)


@pytest.mark.parametrize(
    ("text", "score"), [("9", 9), ("0", 0), ("11", None), ("", None), (None, None), ("٣", None), ("9.0", None)]
)
def test_score_of_a_link(invitation, text, score):
    assert clicks.score_of(text, invitation) == score
