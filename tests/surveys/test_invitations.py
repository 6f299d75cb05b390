from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpiproject import mail as outbox
from kpiproject.lib.tokens import is_token
from kpiproject.models import Mail, Organisation
from kpiproject.queries import organisation
from surveys import answers, history, invitation_mail, invitations, queries, screening, unsubscribe, versions
from surveys.answers import Given
from surveys.invitations import Invitee, NotOpenError
from surveys.models import Contact, FactChange, Invitation, QuietTime, Skip, Suppression
from tests.factories import ContactFactory, InvitationFactory, SuppressionFactory, SurveyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def never_quiet():
    QuietTime.objects.update_or_create(pk=1, defaults={"person_days": 0, "kind_days": 0})


def test_invite_freezes_wording_scale_and_context():
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Fernweh"})
    survey = SurveyFactory(kind="nps", expires_after_days=10)
    context = {"agent": " agent-7 ", "team": "Billing", "channel": "chat", "ticket": "T-1", "shop": "Berlin", "x": ""}
    invitations.invite(survey, [Invitee(email="Ada@Example.org", name="Ada", context=context)], now=NOW)
    survey.question, survey.low_label = "Other words?", "other"
    survey.save()
    found = Invitation.objects.get()
    asked = versions.read(found.version).wording("en").named("Fernweh")
    assert asked.question == "How likely are you to recommend Fernweh to a friend or colleague?"
    assert (asked.low_label, asked.high_label) == ("Not at all likely", "Extremely likely")
    assert (found.scale_min, found.scale_max) == (0, 10)
    assert (found.agent, found.team, found.channel, found.category) == ("agent-7", "Billing", "chat", "")
    assert (found.ticket, found.ticket_source, found.context) == ("T-1", "", {"shop": "Berlin"})
    assert (found.created_at, found.sent_at, found.expires_at) == (NOW, None, NOW + timedelta(days=10))
    assert is_token(found.token)


def test_invite_puts_one_mail_in_the_outbox():
    outcomes = invitations.invite(SurveyFactory(), [Invitee(email="a@example.org"), Invitee(email="b@example.org")])
    mails = list(Mail.objects.order_by("id").values_list("key", "recipient", "state", "kind"))
    assert mails == [
        (f"invitation:{invitation.pk}", invitation.contact.email, "queued", "survey_invitation")
        for invitation in Invitation.objects.order_by("id")
    ]
    assert [outcome.url for outcome in outcomes] == [
        f"http://localhost:8000/s/{invitation.token}/" for invitation in Invitation.objects.order_by("id")
    ]
    assert set(Invitation.objects.values_list("mail__key", flat=True)) == {key for key, *_rest in mails}


def test_address_in_survey_mail_is_shorter_than_sixty_characters(settings):
    settings.BASE_URL = "https://ask.example.org"
    outcome = invitations.invite(SurveyFactory(), [Invitee(email="a@example.org")])[0]
    assert len(outcome.url or "") == len("https://ask.example.org/s//") + 22 < 60


def test_invite_skips_and_says_why_in_the_order_given():
    SuppressionFactory(email="Gone@Example.org")
    people = ["ok@example.org", "nonsense", " OK@example.org ", "gone@example.org", "", "last@example.org"]
    outcomes = invitations.invite(SurveyFactory(), [Invitee(email=email) for email in people])
    assert [(outcome.email, outcome.status, outcome.reason) for outcome in outcomes] == [
        ("ok@example.org", "queued", None),
        ("nonsense", "skipped", "invalid_address"),
        ("OK@example.org", "skipped", "duplicate"),
        ("gone@example.org", "skipped", "suppressed"),
        ("", "skipped", "invalid_address"),
        ("last@example.org", "queued", None),
    ]
    assert [outcome.url is None for outcome in outcomes] == [False, True, True, True, True, False]
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["last@example.org", "ok@example.org"]


def test_context_that_does_not_fit_skips_that_person_only():
    people = [Invitee(email="a@example.org", context={"agent": "x" * 201}), Invitee(email="b@example.org")]
    outcomes = invitations.invite(SurveyFactory(), people)
    assert [(outcome.status, outcome.reason) for outcome in outcomes] == [
        ("skipped", "context_too_long"),
        ("queued", None),
    ]


def test_limits_are_those_of_the_columns():
    columns = {field.name: getattr(field, "max_length", None) for field in Invitation._meta.get_fields()}
    assert {name: columns[name] for name in screening.DIMENSIONS} == screening.LIMITS


def test_same_key_prefix_asks_nobody_twice():
    survey = SurveyFactory()
    people = [Invitee(email="a@example.org"), Invitee(email="b@example.org")]
    invitations.invite(survey, people[:1], key_prefix="mailing-1")
    outcomes = invitations.invite(survey, people, key_prefix="mailing-1")
    assert [(outcome.status, outcome.reason) for outcome in outcomes] == [
        ("skipped", "already_invited"),
        ("queued", None),
    ]
    assert (Invitation.objects.count(), Mail.objects.count()) == (2, 2)


def test_same_cause_is_asked_about_once_per_survey(never_quiet):
    one, other = SurveyFactory(), SurveyFactory()
    person = Invitee(email="a@example.org", cause="ticket:zendesk:1")
    reasons = [invitations.invite(survey, [person])[0].reason for survey in (one, one, other)]
    assert reasons == [None, "already_invited", None]


def test_nobody_is_asked_twice_about_one_ticket(never_quiet):
    survey, other = SurveyFactory(), SurveyFactory()
    about = [Invitee(email=f"{name}@example.org", context={"ticket": "T-1"}) for name in ("ada", "ben")]
    assert [one.status for one in invitations.invite(survey, about)] == ["queued", "queued"]
    assert [one.reason for one in invitations.invite(survey, about)] == ["already_invited", "already_invited"]
    assert [one.status for one in invitations.invite(other, about)] == ["queued", "queued"]
    another = [Invitee(email="ada@example.org", context={"ticket": "T-2"})]
    assert [one.status for one in invitations.invite(survey, another)] == ["queued"]


def test_two_mailings_without_a_key_ask_twice(never_quiet):
    survey = SurveyFactory()
    for _time in range(2):
        invitations.invite(survey, [Invitee(email="a@example.org")])
    assert (Invitation.objects.count(), Contact.objects.count()) == (2, 1)


def test_long_causes_fit_and_stay_different():
    survey = SurveyFactory()
    people = [Invitee(email=f"{letter}@example.org", cause="x" * 300 + letter) for letter in "ab"]
    assert [outcome.status for outcome in invitations.invite(survey, people)] == ["queued", "queued"]
    assert [outcome.reason for outcome in invitations.invite(survey, people)] == ["already_invited"] * 2


@pytest.mark.parametrize(("status", "word"), [("draft", "draft"), ("closed", "closed")])
def test_invite_to_a_survey_that_is_not_open_is_refused(status, word):
    with pytest.raises(NotOpenError) as raised:
        invitations.invite(SurveyFactory(slug="later", status=status), [Invitee(email="a@example.org")])
    assert str(raised.value) == f"The survey “later” is not open (it is: {word}), so nobody can be asked."
    assert (Invitation.objects.count(), Mail.objects.count(), Contact.objects.count()) == (0, 0, 0)


def test_more_people_than_fit_into_a_batch_are_all_asked(monkeypatch):
    monkeypatch.setattr(invitations, "BATCH", 2)
    outcomes = invitations.invite(SurveyFactory(), [Invitee(email=f"p{number}@example.org") for number in range(5)])
    assert [outcome.status for outcome in outcomes] == ["queued"] * 5
    assert Mail.objects.count() == 5


def test_invitation_and_mail_are_written_together_or_not_at_all(monkeypatch):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr(outbox, "put_many", fail)
    with pytest.raises(RuntimeError):
        invitations.invite(SurveyFactory(), [Invitee(email="a@example.org")])
    assert (Invitation.objects.count(), Mail.objects.count()) == (0, 0)


def queries_of_inviting(count: int, *, key_prefix: str) -> int:
    people = [Invitee(email=f"{key_prefix}{number}@example.org", name="Ada") for number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        invitations.invite(SurveyFactory(), people, key_prefix=key_prefix)
    return len(queries)


def test_batch_needs_no_more_queries_for_more_people(never_quiet):
    organisation()
    few, more, batch = (queries_of_inviting(count, key_prefix=f"k{count}-") for count in (2, 20, invitations.BATCH))
    assert few == more
    assert batch <= 60  # SQLite takes only so many values at once


def test_nothing_is_locked_while_mails_are_composed(monkeypatch):
    open_blocks, draft = [], invitation_mail.draft

    def note(*args):
        open_blocks.append(len(connection.savepoint_ids))
        return draft(*args)

    monkeypatch.setattr(invitation_mail, "draft", note)
    invitations.invite(SurveyFactory(), [Invitee(email="a@example.org")])
    assert open_blocks == [0]


def test_whoever_unsubscribes_while_mails_are_composed_is_left_out(monkeypatch):
    draft = invitation_mail.draft

    def unsubscribe_meanwhile(invitation, *args):
        if invitation.contact.email == "a@example.org":
            unsubscribe.unsubscribe(invitation.contact)
        return draft(invitation, *args)

    monkeypatch.setattr(invitation_mail, "draft", unsubscribe_meanwhile)
    outcomes = invitations.invite(SurveyFactory(), [Invitee(email="a@example.org"), Invitee(email="b@example.org")])
    assert [(outcome.status, outcome.reason) for outcome in outcomes] == [("skipped", "suppressed"), ("queued", None)]
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["b@example.org"]
    assert Invitation.objects.count() == 1


def test_mail_that_is_there_already_stays_and_keeps_its_id():
    survey = SurveyFactory()
    invitations.invite(survey, [Invitee(email="a@example.org")], key_prefix="k")
    first = Mail.objects.values_list("key", "message_id").get()
    put = outbox.put_into_outbox(key=first[0], kind="x", to="x@example.org", subject="x", text="x")
    assert (put.recipient, put.message_id) == ("a@example.org", first[1])
    outbox.put_many({first[0]: outbox.draft("survey_invitation", kind="y", to="y@example.org", context={})})
    assert list(Mail.objects.values_list("key", "message_id", "recipient")) == [(*first, "a@example.org")]


def test_known_contact_keeps_the_name_somebody_wrote():
    ContactFactory(email="Ada@example.org", name="Ada Lovelace")
    ContactFactory(email="b@example.org", name="")
    people = [Invitee(email="ada@example.org", name="A."), Invitee(email="b@example.org", name="Bob")]
    invitations.invite(SurveyFactory(), people)
    assert list(Contact.objects.order_by("id").values_list("email", "name")) == [
        ("Ada@example.org", "Ada Lovelace"),
        ("b@example.org", "Bob"),
    ]


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@example.org", "Ada\nSubject: Hi\n\nBody", "Ada\x00\u2028Bcc: x"])
def test_name_with_line_breaks_gets_into_no_header(mail_through_sink, name):
    invitations.invite(SurveyFactory(), [Invitee(email="ada@example.org", name=name, company="One\r\nTo: x")])
    outbox.deliver(Mail.objects.get().pk)
    (mail,) = mail_through_sink.mails
    assert mail_through_sink.arrivals == {"ada@example.org": 1}
    assert (mail["Bcc"], mail["To"]) == (None, "ada@example.org")
    assert "\n" not in Contact.objects.get().name + Contact.objects.get().company
    assert "One question" in mail["Subject"]


@pytest.mark.parametrize(
    "address", ["ada@example.org\nBcc: eve@example.org", "ada@example.org, eve@example.org", "<ada@example.org>", "a@b"]
)
def test_address_that_is_two_or_none_is_not_written_to(address):
    (found,) = invitations.invite(SurveyFactory(), [Invitee(email=address)])
    assert (found.reason, Mail.objects.count(), Contact.objects.count()) == ("invalid_address", 0, 0)
    assert "\n" not in Skip.objects.get().email


def test_context_with_control_characters_is_kept_as_one_line(never_quiet):
    invitations.invite(SurveyFactory(), [Invitee(email="a@example.org", context={"team": "A\x00B\nC", "shop": "\x07"})])
    assert Invitation.objects.values_list("team", "context").get() == ("A B C", {})


def test_history_is_taken_in_whatever_the_quiet_time():
    survey = SurveyFactory()
    InvitationFactory(contact__email="a@example.org")
    rows = [history.Past(email="a@example.org", sent_at=NOW, cause=str(number)) for number in range(2)]
    assert history.load(survey, rows) == 2


def test_contact_learns_language_and_time_zone_and_is_asked_in_it():
    survey = SurveyFactory()
    survey.translations.create(language="de", question="Wie zufrieden?")
    versions.ensure(survey)
    people = [
        Invitee(email="a@example.org", language="de-AT", time_zone="Europe/Vienna"),
        Invitee(email="b@example.org", language="xx", time_zone="Mars/Olympus"),
    ]
    invitations.invite(survey, people)
    known = Contact.objects.order_by("email").values_list("language", "time_zone", "invitations__language")
    assert list(known) == [("de-AT", "Europe/Vienna", "de"), ("xx", "", "en")]


def sent_mail(invitation: Invitation, sent_at: datetime | None) -> None:
    invitation.mail = Mail.objects.create(key=f"m{invitation.pk}", message_id=f"m{invitation.pk}", sent_at=sent_at)
    invitation.save()


def test_note_sent_takes_over_when_mails_left():
    waiting, left, long_ago = InvitationFactory.create_batch(3, sent_at=None)
    sent_mail(waiting, None)
    sent_mail(left, NOW)
    sent_mail(long_ago, NOW)
    Invitation.objects.filter(pk=long_ago.pk).update(sent_at=NOW - timedelta(days=1))
    assert invitations.note_sent() == 1
    assert list(Invitation.objects.order_by("id").values_list("sent_at", flat=True)) == [
        None,
        NOW,
        NOW - timedelta(days=1),
    ]
    assert [at for _id, at in queries.fact_changes(10)] == [NOW]


def test_note_sent_twice_changes_nothing_more():
    sent_mail(InvitationFactory(sent_at=None), NOW)
    assert [invitations.note_sent(), invitations.note_sent()] == [1, 0]
    assert FactChange.objects.count() == 1


def test_note_sent_is_bounded():
    for invitation in InvitationFactory.create_batch(3, sent_at=None):
        sent_mail(invitation, NOW)
    assert [invitations.note_sent(limit=2), invitations.note_sent(limit=2)] == [2, 1]


# --- Whom no mail reaches -----------------------------------------------------------------------------------------
def refused(email: str, error: str) -> Invitation:
    invitation = InvitationFactory(sent_at=None, contact__email=email)
    invitation.mail = Mail.objects.create(
        key=email, message_id=email, recipient=email, state="failed", error=error, next_attempt_at=NOW
    )
    invitation.save()
    return invitation


@pytest.mark.parametrize(
    ("reply", "is_bounced"),
    [
        ("550 5.1.1 No such user here", True),
        ("550 5.1.10 Recipient not found", True),
        ("550 5.2.1", True),
        ("550 No such user", True),
        ("550 sorry: User unknown", True),
        ("550 Requested action not taken: mailbox unavailable", True),
        ("550 5.7.1 Relaying denied, no such user", False),
        ("550 5.1.8 Sender address rejected: unknown user", False),
        ("550 5.1.17 Something new", False),
        ("554 5.7.1 Blocked", False),
        ("550 relay not permitted", False),
        ("450 4.1.1 No such user", False),
        ("452 5.1.1 No such user", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_undeliverable(reply, is_bounced):
    invitation = refused("Ada@example.org", f"The mail server refused the recipient: {reply}")
    assert invitations.note_sent() == is_bounced
    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.bounced_at) == ((NOW, NOW) if is_bounced else (None, None))
    assert list(Suppression.objects.values_list("email", "reason")) == [("ada@example.org", "bounced")] * is_bounced
    assert [at for _id, at in queries.fact_changes(10)] == [NOW] * is_bounced


def test_address_refused_by_the_server_is_counted_and_not_asked_again(mail_through_sink):
    survey, person = SurveyFactory(), Invitee(email="ada@example.org")
    mail_through_sink.on_rcpt = "550 5.1.1 No such user"
    invitations.invite(survey, [person])
    outbox.deliver(Mail.objects.get().pk)
    assert [invitations.note_sent(), invitations.note_sent()] == [1, 0]
    invitation = Invitation.objects.get()
    assert (invitation.sent_at, invitation.bounced_at) == (invitation.bounced_at, invitation.sent_at)
    assert invitation.bounced_at is not None
    assert invitations.invite(survey, [person])[0].reason == "suppressed"
    assert (Suppression.objects.count(), FactChange.objects.count()) == (1, 1)


def test_undeliverable_mails_are_taken_over_bounded_and_keep_older_reasons():
    SuppressionFactory(email="P0@example.org")
    for number in range(3):
        refused(f"p{number}@example.org", "x: 550 5.1.1 x")
    assert [invitations.note_sent(limit=2), invitations.note_sent(limit=2)] == [2, 1]
    assert list(Suppression.objects.order_by("id").values_list("email", "reason")) == [
        ("P0@example.org", "unsubscribed"),
        ("p1@example.org", "bounced"),
        ("p2@example.org", "bounced"),
    ]


def test_answer_proves_that_the_invitation_did_arrive():
    invitation = refused("ada@example.org", "x: 550 5.1.1 x")
    invitations.note_sent()
    answers.record(invitation, Given(score=5))
    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.bounced_at) == (NOW, None)
