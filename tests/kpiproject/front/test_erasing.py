"""Nothing is left of somebody who was erased, in no table; and what was counted is as it was."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry

from goals.models import Alert, Praise
from kpiproject.front import erasing
from kpiproject.models import Mail, User
from metrics.models import Customer, ImportChange, ImportRun, RejectedRow, Ticket
from surveys import contacts, unsubscribe
from surveys import erasing as of_surveys
from surveys.models import (
    Answer,
    AnswerChange,
    BounceReport,
    Contact,
    Erasure,
    FollowUp,
    Invitation,
    Mailing,
    Reply,
    Suppression,
)
from tests import factories
from tests.follow_up_factories import FollowUpFactory
from tests.goals import recognised
from tests.measure_factories import MessageFactory, OrderFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
EMAIL = "grace@hopper.example"
SECRETS = ("grace", "hopper", "cobol", "flowmatic", "nobody called me back")
"""In lower case: everything that could tell who it was."""


@pytest.fixture(autouse=True)
def _wednesday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    found: User = factories.ManagerFactory()
    return found


def everything() -> str:
    """All rows of all tables, as one text."""
    rows = [str(row) for model in apps.get_models() for row in model._base_manager.values_list()]
    return "\n".join(rows).lower()


def letter(key: str, recipient: str, text: str) -> Mail:
    given = {
        "message_id": f"<{Mail.objects.count()}@example.org>",
        "sender": "a@example.org",
        "state": "sent",
        "sent_at": NOW,
        "created_at": NOW,
    }
    return Mail.objects.create(key=key, recipient=recipient, subject=text[:40], text=text, html=f"<p>{text}", **given)


def survey_answers() -> Contact:
    """Asked twice, answered once, called back, praised, unhappy, listed."""
    grace: Contact = factories.ContactFactory(email="Grace@Hopper.example", name="Grace H", company="Cobol Inc")
    tagged = factories.ContactFactory(email="grace+shop@hopper.example", name="Grace H")
    mail = letter("invitation:grace@hopper.example", "grace@hopper.example", "Dear Grace, how was it?")
    asked = factories.InvitationFactory(
        contact=grace, key="1:grace@hopper.example", mail=mail, context={"name": "Grace"}
    )
    factories.InvitationFactory(contact=tagged)
    said = factories.AnswerFactory(
        contact=grace, invitation=asked, survey=asked.survey, comment="Flowmatic helped me a lot.", customer="Grace H"
    )
    AnswerChange.objects.create(answer=said, score=4, comment="Flowmatic helped")
    question = factories.QuestionFactory(survey=asked.survey)
    Reply.objects.create(answer=said, question=question, text="Call me, Grace")
    told = letter("praise", "ada@example.org", "They said: Flowmatic helped me a lot.")
    Praise.objects.create(answer=said, text="Flowmatic helped me a lot.", state="shown", mail=told)
    follow_up = FollowUpFactory(contact=grace, customer="Grace H", survey=asked.survey)
    follow_up.notes.create(text="Rang Grace twice.", at=NOW)
    about = letter("unclaimed", "boss@example.org", "Not taken: Grace H")
    Alert.objects.create(follow_up=follow_up, recipient=factories.ManagerFactory(), limit=NOW, mail=about, at=NOW)
    BounceReport.objects.create(mail=mail, kind="soft", recipient=EMAIL, diagnostic=f"<{EMAIL}> is full", source="x")
    LogEntry.objects.create(
        user=factories.ManagerFactory(), object_repr="grace@hopper.example", object_id="1", action_flag=CHANGE
    )
    return grace


def imported_facts() -> Customer:
    customer: Customer = factories.CustomerFactory(
        external_id="C-1", name="Grace H", email="GRACE@hopper.example", company="Cobol Inc", extra={"fon": "Grace 1"}
    )
    ticket = factories.TicketFactory(
        customer=customer,
        external_id="T-1",
        subject="Grace cannot log in",
        satisfaction_comment="Cobol!",
        extra={"a": EMAIL},
    )
    MessageFactory(ticket=ticket, author_type="customer", author="Grace H", text="It is me, Grace")
    OrderFactory(customer=customer, extra={"to": "Grace H"})
    factories.AnswerFactory(ticket="T-1", ticket_source=ticket.source, comment="Cobol for ever", score=2)
    run = ImportRun.objects.create(kind="customers", format="generic", source="crm", file_name="a.csv", state="done")
    RejectedRow.objects.create(run=run, line=2, reason="bad", message="No.", row=["C-2", "Grace@Hopper.example"])
    RejectedRow.objects.create(run=run, line=3, reason="bad", message="No.", row=["C-3", "ada@example.org"])
    ImportChange.objects.create(
        run=run,
        action="updated",
        table="metrics.customer",
        first_id=customer.pk,
        last_id=customer.pk,
        before={"name": "Grace"},
    )
    return customer


def test_nothing_of_the_person_is_left_anywhere_and_what_was_counted_stays(manager: User) -> None:
    survey_answers()
    imported_facts()
    other = factories.AnswerFactory(contact=factories.ContactFactory(email="ada@example.org"), comment="Quick.")
    before = everything()
    assert [secret for secret in SECRETS if secret not in before] == []
    scores = list(Answer.objects.order_by("pk").values_list("score", "answered_at", "ticket", "standing", "survey"))
    sizes = {model: model._base_manager.count() for model in (Answer, Invitation, FollowUp, Customer, Ticket, Mail)}
    done = erasing.erase("grace@HOPPER.example", leaves_alone=False, by=manager, now=NOW)
    after = everything()
    assert [secret for secret in SECRETS if secret in after] == []
    assert scores == list(
        Answer.objects.order_by("pk").values_list("score", "answered_at", "ticket", "standing", "survey")
    )
    assert sizes == {model: model._base_manager.count() for model in sizes}
    assert list(RejectedRow.objects.order_by("line").values_list("line", "row")) == [
        (2, []), (3, ["C-3", "ada@example.org"]),
    ]  # fmt: skip
    other.refresh_from_db()
    assert (other.comment, other.contact.email) == ("Quick.", "ada@example.org")
    assert (done.by, done.digest) == (manager, "")
    assert erasing.told(done.counts) == [
        "2 contacts", "3 answers", "3 comments", "1 follow-up", "1 customer", "1 ticket", "1 message",
        "1 rejected row", "1 mail",
    ]  # fmt: skip


def test_the_same_once_more_finds_nothing(manager: User) -> None:
    survey_answers()
    imported_facts()
    erasing.erase(EMAIL, leaves_alone=True, by=manager, now=NOW)
    assert erasing.look_up(EMAIL).is_known is False


def test_links_that_were_mailed_open_nothing_any_more_and_what_waits_is_not_sent(client: Any, manager: User) -> None:
    asked = factories.InvitationFactory(contact=factories.ContactFactory(email=EMAIL), sent_at=None)
    asked.mail = letter("waits", EMAIL, "Dear Grace")
    asked.save()
    Mail.objects.update(state="queued", sent_at=None)
    assert client.get(f"/s/{asked.token}/").status_code == 200
    erasing.erase(EMAIL, leaves_alone=False, by=manager, now=NOW)
    assert client.get(f"/s/{asked.token}/").status_code == 404
    asked.refresh_from_db()
    assert client.get(f"/s/{asked.token}/").status_code == 410
    assert Mail.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("is_listed", "leaves_alone", "is_alone"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_whoever_must_not_be_written_to_stays_so_without_their_address(
    is_listed: bool, leaves_alone: bool, is_alone: bool, manager: User
) -> None:
    factories.ContactFactory(email=EMAIL)
    if is_listed:
        factories.SuppressionFactory(email="grace+news@hopper.example")
    erasing.erase(EMAIL, leaves_alone=leaves_alone, by=manager, now=NOW)
    assert not Suppression.objects.exists()
    written = ["Grace+again@hopper.example", EMAIL, "ada@hopper.example"]
    assert contacts.suppressed(map(contacts.normalise, written)) == (
        {"grace+again@hopper.example", EMAIL} if is_alone else set()
    )
    again = factories.ContactFactory(email=EMAIL)
    assert unsubscribe.is_suppressed(again) is is_alone
    assert "hopper" not in str(list(Erasure.objects.values()))


def test_nobody_writes_to_what_stands_in_the_place_of_an_address(manager: User) -> None:
    contact = factories.ContactFactory(email=EMAIL)
    erasing.erase(EMAIL, leaves_alone=False, by=manager, now=NOW)
    contact.refresh_from_db()
    assert contact.email == f"erased-{contact.pk}@erased.invalid"
    assert contacts.suppressed([contact.email]) == {contact.email}


def test_two_who_were_erased_are_both_left_alone(manager: User) -> None:
    for email in (EMAIL, "ada@example.org"):
        factories.ContactFactory(email=email)
        erasing.erase(email, leaves_alone=True, by=manager, now=NOW)
    assert contacts.suppressed([EMAIL, "ada@example.org", "bo@example.org"]) == {EMAIL, "ada@example.org"}
    assert len(set(Erasure.objects.values_list("salt", flat=True))) == 1


def test_an_address_as_the_name_of_a_customer_goes_and_what_is_only_like_it_stays(manager: User) -> None:
    named = factories.CustomerFactory(external_id="Grace@hopper.example")
    alike = factories.CustomerFactory(external_id="x", email="grace.b@hopper.example", name="Bea")
    alike_too = factories.ContactFactory(email="grace@hopper.example.org")
    erasing.erase(EMAIL, leaves_alone=False, by=manager, now=NOW)
    named.refresh_from_db()
    assert named.external_id == f"erased-{named.pk}@erased.invalid"
    assert Customer.objects.get(pk=alike.pk).name == "Bea"
    assert Contact.objects.get(pk=alike_too.pk).email == "grace@hopper.example.org"


def test_all_or_nothing(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    survey_answers()
    before = everything()
    monkeypatch.setattr(of_surveys, "erase", _broken)
    with pytest.raises(ValueError, match="It broke"):
        erasing.erase(EMAIL, leaves_alone=True, by=manager, now=NOW)
    assert everything() == before


def _broken(*_args: object) -> None:
    raise ValueError("It broke.")


def test_employees_answers_are_never_found(manager: User) -> None:
    ticket = factories.TicketFactory(customer=factories.CustomerFactory(email=EMAIL), external_id="T-9")
    survey = factories.SurveyFactory(kind="esat")
    said = factories.AnswerFactory(survey=survey, ticket="T-9", ticket_source=ticket.source, comment="Too loud here.")
    erasing.erase(EMAIL, leaves_alone=False, by=manager, now=NOW + timedelta(days=1))
    said.refresh_from_db()
    assert said.comment == "Too loud here."


def test_files_that_wait_or_were_refused_hold_nothing_of_them(manager: User, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "rejected.csv").write_text(
        'line,why,id,email\r\n2,"no,\nreally",1,Grace@hopper.example\r\n3,no,2,ada@example.org\r\n', "utf-8-sig"
    )
    run = ImportRun.objects.create(
        kind="customers",
        format="generic",
        source="crm",
        file_name="a.csv",
        state="done",
        rejected_file="rejected.csv",
        warnings=[{"code": "unknown_customer", "count": 2, "example": EMAIL}],
    )
    RejectedRow.objects.create(run=run, line=2, reason="bad", message="No.", row=["1", EMAIL])
    row = {"email": EMAIL, "name": "Grace", "line": 2}
    other = {"email": "ada@example.org", "line": 3}
    mailing = Mailing.objects.create(
        survey=factories.SurveyFactory(), file_name="b.csv", rows=[row, other], bad_rows=[[4, f"{EMAIL};", "no"]]
    )
    erasing.erase(EMAIL, leaves_alone=False, by=manager, now=NOW)
    assert (tmp_path / "rejected.csv").read_text("utf-8-sig") == "line,why,id,email\n3,no,2,ada@example.org\n"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["rejected.csv"]
    mailing.refresh_from_db()
    assert mailing.rows == [{"email": "erased-0@erased.invalid", "line": 2}, other]
    assert [secret for secret in SECRETS if secret in everything()] == []


def test_praise_of_others_stays(manager: User) -> None:
    kept = recognised.praise(factories.StaffFactory())
    factories.ContactFactory(email=EMAIL)
    erasing.erase(EMAIL, leaves_alone=False, by=manager, now=NOW)
    assert Praise.objects.get() == kept
