import csv
import io

import pytest

from kpiproject.models import Mail
from surveys import do_not_contact, invitations
from surveys.address_lists import AddressListError
from surveys.do_not_contact import Entry
from surveys.invitations import Invitee
from surveys.models import Suppression
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db


def listed() -> list[tuple[str, str, str]]:
    return list(Suppression.objects.order_by("email").values_list("email", "reason", "note"))


def test_whoever_is_added_is_not_asked_and_gets_nothing_that_waits():
    invitations.invite(SurveyFactory(), [Invitee(email="Ada@example.org"), Invitee(email="bob@example.org")])
    assert do_not_contact.add([Entry("ada@example.org", note="said so on the phone")]) == 1
    assert listed() == [("ada@example.org", "manual", "said so on the phone")]
    assert dict(Mail.objects.values_list("recipient", "state")) == {
        "ada@example.org": "cancelled",
        "bob@example.org": "queued",
    }
    assert invitations.invite(SurveyFactory(), [Invitee(email="ADA@example.org")])[0].reason == "suppressed"


def test_who_is_on_the_list_stays_as_it_is():
    Suppression.objects.create(email="Ada@example.org", reason="complained")
    assert do_not_contact.add([Entry("ada@example.org"), Entry("ada@example.org")]) == 0
    assert listed() == [("Ada@example.org", "complained", "")]


@pytest.mark.parametrize(
    ("words", "reason", "found"),
    [
        ("", "", ["bob@example.net", "ada@example.org"]),
        ("ADA", "", ["ada@example.org"]),
        ("phone", "", ["bob@example.net"]),
        ("", "bounced", ["ada@example.org"]),
        ("bob", "bounced", []),
    ],
)
def test_search_is_in_address_and_note(words, reason, found):
    Suppression.objects.create(email="ada@example.org", reason="bounced")
    Suppression.objects.create(email="bob@example.net", reason="manual", note="on the Phone")
    assert [entry.email for entry in do_not_contact.matching(words, reason)] == found


def test_file_says_what_it_would_change():
    Suppression.objects.create(email="known@example.org", reason="bounced")
    preview = do_not_contact.read(
        "list.csv",
        b"E-mail;Reason;Note\nAda@Example.org;Unsubscribed;asked\nADA@example.org;;\nknown@example.org;;\nnobody;;\n"
        b"x@example.org;because;\n",
    )
    assert preview.fresh == [Entry("ada@example.org", "unsubscribed", "asked")]
    assert preview.known == [Entry("known@example.org")]
    assert [(line.number, line.text) for line in preview.bad] == [(5, "nobody"), (6, "x@example.org")]
    assert preview.bad[1].reason == "“because”: unsubscribed, bounced, complained, manual"
    assert listed() == [("known@example.org", "bounced", "")]


def test_bare_addresses_are_a_list():
    assert do_not_contact.read("l.txt", b"a@example.org\nb@example.org\n").fresh == [
        Entry("a@example.org"),
        Entry("b@example.org"),
    ]


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"name,company\nAda,Fernweh\n"])
def test_file_without_addresses_is_refused(data):
    with pytest.raises(AddressListError):
        do_not_contact.read("list.csv", data)


def test_export_is_no_formula_and_comes_back_as_it_was():
    rows = [("=1+1@example.org", "manual", "=HYPERLINK(1)"), ("ada@example.org", "unsubscribed", "+49, “by phone”")]
    for email, reason, note in rows:
        Suppression.objects.create(email=email, reason=reason, note=note)
    text = io.StringIO()
    csv.writer(text).writerows(do_not_contact.table(Suppression.objects.order_by("email")))
    cells = [cell for row in csv.reader(io.StringIO(text.getvalue())) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    Suppression.objects.all().delete()
    do_not_contact.add(do_not_contact.read("list.csv", text.getvalue().encode()).fresh)
    assert listed() == rows
