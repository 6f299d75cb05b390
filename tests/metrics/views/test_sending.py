import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kpiproject.models import Mail
from surveys import invitations
from surveys.invitations import Invitee
from surveys.models import Invitation, SendingRule, Skip
from tests.factories import CustomerFactory, ManagerFactory, RuleFactory, StaffFactory, SurveyFactory, TicketFactory

pytestmark = pytest.mark.django_db
TICKET = {
    "name": "After tickets", "delay_hours": "24", "weekdays": ["0", "1"], "from_time": "09:00", "to_time": "17:00",
    "sample_percent": "50", "only_channel": ["chat"],
}  # fmt: skip
SCHEDULE = {
    "name": "Quarterly", "audience": "customers", "every": "1", "unit": "month", "starts_on": "2030-01-31",
    "at": "10:00", "waves": "3", "weekdays": ["0", "1", "2", "3", "4"], "from_time": "09:00", "to_time": "17:00",
    "sample_percent": "100",
}  # fmt: skip


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def survey():
    return SurveyFactory(slug="mine")


@pytest.fixture
def ticket():
    return TicketFactory(
        customer=CustomerFactory(email="ada@example.org", name="Ada <b>"),
        solved_at=timezone.now() - timedelta(days=2),
        channel="chat",
    )


def test_rule_is_written_off_and_shows_whom_it_would_reach(manager, survey, ticket):
    response = manager.post("/surveys/mine/sending/new/ticket/", TICKET)
    rule = SendingRule.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/surveys/mine/sending/{rule.pk}/")
    assert (rule.is_active, rule.trigger, rule.weekdays, rule.filters) == (
        False,
        "ticket",
        [0, 1],
        {"channel": ["chat"]},
    )
    rule.sample_percent = 100
    rule.save()
    page = manager.get(response["Location"]).content.decode()
    assert "<strong>1</strong> person would be asked" in page
    assert "ada@example.org" in page
    assert "Ada &lt;b&gt;" in page
    assert (Invitation.objects.count(), Mail.objects.count(), Skip.objects.count()) == (0, 0, 0)


def test_switch_on_and_off(manager, survey):
    rule = RuleFactory(survey=survey, is_active=False, since=None)
    manager.post(f"/surveys/mine/sending/{rule.pk}/switch/", {"to": "on"})
    rule.refresh_from_db()
    assert rule.is_active
    assert rule.since is not None
    later = timezone.now() + timedelta(hours=1)
    list(invitations.invite_each(survey, [Invitee(email="a@example.org", send_at=later)], rule=rule))
    told = manager.post(f"/surveys/mine/sending/{rule.pk}/switch/", {"to": "off"}, follow=True).content.decode()
    assert "The rule is off. 1 planned mail was called off." in told
    assert Mail.objects.get().state == "cancelled"


def test_switch_of_a_survey_that_is_not_open_says_why(manager):
    rule = RuleFactory(survey=SurveyFactory(slug="mine", status="draft"), is_active=False)
    told = manager.post(f"/surveys/mine/sending/{rule.pk}/switch/", {"to": "on"}, follow=True).content.decode()
    assert "is not open (it is: draft)" in told
    assert manager.post(f"/surveys/mine/sending/{rule.pk}/switch/", {"to": "burn"}).status_code == 400


def test_schedule_is_edited_and_its_date_follows(manager, survey):
    CustomerFactory(email="ada@example.org")
    manager.post("/surveys/mine/sending/new/schedule/", SCHEDULE)
    rule = SendingRule.objects.get()
    manager.post(f"/surveys/mine/sending/{rule.pk}/switch/", {"to": "on"})
    rule.refresh_from_db()
    assert f"{rule.next_due:%Y-%m-%d %H:%M}" == "2030-01-31 10:00"
    manager.post(f"/surveys/mine/sending/{rule.pk}/edit/", SCHEDULE | {"starts_on": "2031-02-01"})
    rule.refresh_from_db()
    assert f"{rule.next_due:%Y-%m-%d %H:%M}" == "2031-02-01 10:00"
    page = manager.get("/surveys/mine/sending/").content.decode()
    assert "every month one of 3 groups from 1 Feb 2031 on, at 10:00" in page
    assert "Mon to Fri, 09:00–17:00" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weekdays": []}, "Choose at least one weekday."),
        ({"from_time": "22:00", "to_time": "06:00"}, "The hours must end after they begin, on the same day."),
        ({"sample_percent": "0"}, "greater than or equal to 1"),
        ({"sample_percent": "101"}, "less than or equal to 100"),
        ({"delay_hours": "9999"}, "less than or equal to 336"),
        ({"only_channel": ["nowhere"]}, "nowhere is not one of the available choices"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_422_with_its_sentence(manager, survey, ticket, change, sentence):
    response = manager.post("/surveys/mine/sending/new/ticket/", TICKET | change)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert SendingRule.objects.count() == 0


def test_schedule_needs_a_day_that_can_be(manager, survey):
    for day in ("", "9999-12-31", "yesterday"):
        assert manager.post("/surveys/mine/sending/new/schedule/", SCHEDULE | {"starts_on": day}).status_code == 422


def test_employees_are_asked_from_agents_only(manager):
    SurveyFactory(slug="ours", kind="enps")
    page = manager.get("/surveys/ours/sending/new/schedule/").content.decode()
    assert re.findall(r'<option value="(\w+)"', page)[:1] == ["agents"]
    assert manager.post("/surveys/ours/sending/new/schedule/", SCHEDULE).status_code == 422


def test_deleted_rule_leaves_what_it_asked(manager, survey):
    rule = RuleFactory(survey=survey, is_active=False)
    list(invitations.invite_each(survey, [Invitee(email="a@example.org")], rule=rule))
    Mail.objects.update(state="sent")
    manager.post(f"/surveys/mine/sending/{rule.pk}/delete/")
    assert SendingRule.objects.count() == 0
    assert Invitation.objects.get().rule is None


def test_rule_of_another_survey_is_not_found(manager, survey):
    rule = RuleFactory()
    for path in ("", "edit/"):
        assert manager.get(f"/surveys/mine/sending/{rule.pk}/{path}").status_code == 404


def test_staff_may_not(client, survey):
    client.force_login(StaffFactory())
    rule = RuleFactory(survey=survey)
    assert client.get("/surveys/mine/sending/").status_code == 403
    for path in ("switch/", "delete/", "edit/"):
        assert client.post(f"/surveys/mine/sending/{rule.pk}/{path}", {"to": "off"}).status_code == 403
    rule.refresh_from_db()
    assert rule.is_active


def test_more_rules_need_no_more_queries(manager, survey, django_assert_max_num_queries):
    for _ in range(12):
        RuleFactory(survey=survey)
    with django_assert_max_num_queries(20):
        page = manager.get("/surveys/mine/sending/").content.decode()
    assert page.count('data-label="State"') == 12


def test_page_tells_who_was_not_asked_and_why(manager, survey):
    invitations.invite(survey, [Invitee(email="nonsense"), Invitee(email="other nonsense")])
    page = manager.get("/surveys/mine/sending/").content.decode()
    assert re.search(
        r'skipped/\?reason=invalid_address">not an e-mail address</a></td><td class="numeric">2</td>', page
    )


@pytest.mark.parametrize("respects_quiet_time", [True, False])
def test_reminders_and_test_mails_stand_there_with_and_without_quiet_time(manager, survey, respects_quiet_time):
    survey.respects_quiet_time, survey.reminder_days = respects_quiet_time, [3, 7]
    survey.save()
    page = manager.get(f"/surveys/{survey.slug}/sending/").content.decode()
    assert "after 3 and 7 days, only to those who have not answered" in page
    assert page.count(f'action="/surveys/{survey.slug}/test-mail/"') == 2
    assert ("This survey also asks people who were asked something else lately" in page) is not respects_quiet_time
    assert "asks at once" not in page
