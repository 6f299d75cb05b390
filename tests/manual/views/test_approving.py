"""The page of the approval: who sees which step, and what each button does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject.models import Mail, User
from manual import approvals, rounds, sections
from manual.approval_states import State
from manual.models import ApprovalComment, ContradictionAnswer, Section
from tests.factories import ManagerFactory, SectionFactory, ServiceTargetFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db
PAGE = "/manual/approval/"


@pytest.fixture(autouse=True)
def _small() -> None:
    Section.objects.all().delete()
    SectionFactory(slug="mine", title="Mine", text="First words.", position=10)


@pytest.fixture
def ann() -> User:
    return ManagerFactory(name="Ann")


@pytest.fixture
def ben() -> User:
    return ManagerFactory(name="Ben")


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def seen() -> str:
    current = rounds.current()
    assert current is not None
    return current.fingerprint


def test_the_whole_way_in_the_browser(ann: User, ben: User) -> None:
    assert "Submit for review" in words(as_(ann).get(PAGE))
    said = words(as_(ann).post(f"{PAGE}submit/", {"words": "Chapter one."}, follow=True))
    assert "The draft is in review. The reviewer is told by mail." in said
    assert "You have submitted it, so somebody else has to approve it." in said
    page = as_(ben).get(PAGE)
    assert f'name="seen" value="{seen()}"' in page.content.decode()
    assert faults(page) == []
    said = words(as_(ben).post(f"{PAGE}approve/", {"seen": seen()}, follow=True))
    assert "The draft is approved." in said
    assert "Ben has approved it." in said
    # Its key chapters are empty.
    assert "Approved or not, it cannot be published before what is listed above is settled." in said
    assert 'href="/manual/publish/"' not in as_(ben).get(PAGE).content.decode()
    assert rounds.state() == State.APPROVED


def test_the_only_manager_does_it_in_one_step_and_is_told_that_it_will_be_said(ann: User) -> None:
    assert "You are the only manager" in words(as_(ann).get(PAGE))
    said = words(as_(ann).post(f"{PAGE}submit/", follow=True))
    assert "You are the only manager, so you have approved it yourself. The edition will say so." in said
    assert "Ann, the only manager, has approved it." in said
    assert Mail.objects.count() == 0


def test_the_author_cannot_approve_by_posting_either(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    said = words(as_(ann).post(f"{PAGE}approve/", {"seen": seen()}, follow=True))
    assert "You have submitted this draft. Somebody else has to approve it." in said
    assert rounds.state() == State.IN_REVIEW


def test_changes_are_asked_of_sections_and_lead_to_them(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    as_(ben).post(f"{PAGE}ask/", {"words": "Nearly.", "section-mine": "<b>Shorter.</b>"})
    assert list(ApprovalComment.objects.values_list("slug", "text")) == [("mine", "<b>Shorter.</b>")]
    page = as_(ann).get(PAGE)
    assert "What is to be changed changes asked" in words(page)
    assert 'href="/manual/sections/mine/">Mine</a>' in page.content.decode()
    assert "<b>Shorter" not in page.content.decode()


def test_asking_without_a_word_is_refused_kindly(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    said = words(as_(ben).post(f"{PAGE}ask/", {"words": ""}, follow=True))
    assert "Please say what is to be changed." in said


def test_who_edits_after_the_approval_sees_it_there_before_and_after(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    approvals.approve(by=ben, seen=seen())
    assert "If you save a change, it is a draft again" in words(as_(ben).get("/manual/sections/mine/"))
    assert "This draft is approved." in words(as_(ben).get("/manual/draft/"))
    as_(ben).post("/manual/sections/mine/", {"title": "Mine", "text": "Other.", "version": "1"})
    said = words(as_(ann).get(PAGE))
    assert "Ben changed “Mine” on" in said
    assert "It is a draft again and has to be submitted anew." in said


def test_a_step_that_is_not_possible_now_says_why(ann: User, ben: User) -> None:
    said = words(as_(ben).post(f"{PAGE}approve/", {"seen": "x"}, follow=True))
    assert "The draft is “draft”; only one in review is approved." in said
    said = words(as_(ben).post(f"{PAGE}withdraw/", follow=True))
    assert "The draft is “draft”; there is nothing to take back." in said
    approvals.submit(by=ann)
    said = words(as_(ann).post(f"{PAGE}submit/", follow=True))
    assert "The draft is “in review” already, so it need not be submitted." in said
    assert as_(ben).post(f"{PAGE}approve/", {}).status_code == 422


def test_withdrawing_makes_it_a_draft(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    assert "It is a draft again." in words(as_(ann).post(f"{PAGE}withdraw/", follow=True))
    assert rounds.state() == State.DRAFT


def test_a_reason_for_a_contradiction_is_kept_and_shown(ann: User) -> None:
    ServiceTargetFactory(name="Mail", metric="first_response", channel="email", seconds=8 * 3600)
    sections.save(Section.objects.get(), title="Mine", text="We answer e-mails within 24 h.", version=1, by=ann)
    page = as_(ann).get(PAGE).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    refused = as_(ann).post(f"{PAGE}answer/", {"key": key, "reason": "no"})
    assert (refused.status_code, ContradictionAnswer.objects.count()) == (422, 0)
    said = words(as_(ann).post(f"{PAGE}answer/", {"key": key, "reason": "An outer limit."}, follow=True))
    assert "Your reason is kept." in said
    assert "1 contradiction may stay We answer e-mails within 24 h." in said
    said = words(as_(ann).post(f"{PAGE}answer/", {"key": "0" * 64, "reason": "An outer limit."}, follow=True))
    assert "There is no such contradiction any more." in said


def test_the_number_of_queries_does_not_grow_with_rounds(ann: User, ben: User) -> None:
    def one_more() -> int:
        approvals.submit(by=ann)
        approvals.ask_changes(by=ben, words="Nearly.")
        client = as_(ann)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    first = one_more()
    assert [one_more(), one_more()] == [first, first]


@pytest.mark.parametrize("step", ["", "submit/", "withdraw/", "ask/", "approve/", "answer/"])
def test_staff_have_no_part_in_it(step: str) -> None:
    client = as_(StaffFactory())
    response = client.post(f"{PAGE}{step}") if step else client.get(PAGE)
    assert response.status_code == 403
