"""Reminders: each exactly once, at the organisation's hour, of the date that holds; minutes without loss."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from goals import reviews
from goals.models import Goal, Reminder, Review
from goals.reviews import ChangedMeanwhileError
from kpiproject import mail
from kpiproject.models import Mail, User
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory, UserFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 19)  # a Thursday
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Apia"]


def local(text, zone="UTC"):
    """An instant from "2026-03-16 08:00" on the wall of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def reminded(*of):
    """Of these reviews, or of all."""
    found = Reminder.objects.filter(review__in=of) if of else Reminder.objects.all()
    return [
        (reminder.on, reminder.moment, reminder.recipient.name)
        for reminder in found.select_related("recipient").order_by("id")
    ]


@pytest.fixture
def mara(db):
    return ManagerFactory(name="Mara", email="mara@example.org")


@pytest.fixture
def jon(db):
    return StaffFactory(name="Jon", email="jon@example.org")


# --- When
@pytest.mark.parametrize("zone", ZONES)
def test_both_moments_begin_at_their_hour_in_the_zone_of_the_organisation(zone, mara):
    organisation(time_zone=zone)
    review = ReviewFactory(on=DAY, owner=mara, remind_days=3)
    cases = [
        ("2026-03-16 07:59", None),
        ("2026-03-16 08:00", "before"),
        ("2026-03-18 23:59", "before"),
        ("2026-03-19 00:00", None),
        ("2026-03-19 06:59", None),
        ("2026-03-19 07:00", "day"),
        ("2026-03-19 23:59", "day"),
        ("2026-03-20 00:00", None),
        ("2026-03-20 07:59", None),
        ("2026-03-20 08:00", "overdue"),
        ("2026-04-20 08:00", "overdue"),
    ]
    assert [(text, reviews.moment(review, local(text, zone), zone)) for text, _found in cases] == cases


@pytest.mark.parametrize(
    ("zone", "on", "begins", "hour_on_the_day"),
    [
        # Clocks go forward on 29 March, back on 25 October: 8:00 is 6:00 in summer and 7:00 in winter of UTC.
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-26T07:00+00:00", "2026-03-29T05:00+00:00"),
        ("Europe/Berlin", date(2026, 4, 1), "2026-03-29T06:00+00:00", "2026-04-01T05:00+00:00"),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-22T06:00+00:00", "2026-10-25T06:00+00:00"),
        ("America/New_York", date(2026, 3, 8), "2026-03-05T13:00+00:00", "2026-03-08T11:00+00:00"),
        ("America/New_York", date(2026, 11, 1), "2026-10-29T12:00+00:00", "2026-11-01T12:00+00:00"),
        ("Pacific/Auckland", date(2026, 4, 5), "2026-04-01T19:00+00:00", "2026-04-04T19:00+00:00"),
        # The reminder is of the year before.
        ("Europe/Berlin", date(2027, 1, 1), "2026-12-29T07:00+00:00", "2027-01-01T06:00+00:00"),
        ("Pacific/Auckland", date(2027, 1, 1), "2026-12-28T19:00+00:00", "2026-12-31T18:00+00:00"),
        # Midnight itself is skipped there on this day.
        ("America/Santiago", date(2026, 9, 6), "2026-09-03T12:00+00:00", "2026-09-06T10:00+00:00"),
    ],
)
def test_days_on_which_the_clocks_change(zone, on, begins, hour_on_the_day, mara):
    review = ReviewFactory(on=on, owner=mara, remind_days=3)
    for text, found in ((begins, "before"), (hour_on_the_day, "day")):
        at = datetime.fromisoformat(text)
        assert reviews.moment(review, at - timedelta(seconds=1), zone) is None
        assert reviews.moment(review, at, zone) == found


@pytest.mark.parametrize("zone", ZONES)
def test_sweeps_through_a_month_remind_everybody_once_at_each_moment(zone, mara, jon):
    """Of three reviews at once, because each of the many sweeps costs the same for one; far from every moment, where
    nothing is due, a few times a day are enough."""
    organisation(time_zone=zone)
    planned = [ReviewFactory(on=DAY, owner=mara, participants=[jon, mara], remind_days=days) for days in (0, 1, 14)]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    while at < datetime(2026, 3, 22, tzinfo=UTC):
        reviews.remind(at)
        is_near = any(abs((at.date() - DAY).days - days) <= 1 for days in (-14, -1, 0, 1))
        at += timedelta(hours=1 if is_near else 6)
    for review in planned:
        before = [(DAY, "before", "Mara"), (DAY, "before", "Jon")] if review.remind_days else []
        assert reminded(review) == [*before, (DAY, "day", "Mara"), (DAY, "day", "Jon"), (DAY, "overdue", "Mara")]
        moments = {"before": (time(8), review.remind_days), "day": (time(7), 0), "overdue": (time(8), -1)}
        for moment in moments if review.remind_days else ("day", "overdue"):
            clock, ahead = moments[moment]
            due = datetime.combine(DAY - timedelta(days=ahead), clock, ZoneInfo(zone))
            first = min(found.at for found in Reminder.objects.filter(review=review, moment=moment))
            assert timedelta(0) <= first - due < timedelta(hours=1)


# --- Whom, and of what
def test_everybody_who_leads_or_is_invited_gets_one_mail_with_the_goals(mara, jon):
    ReviewFactory(title="Spring review", on=DAY, owner=mara, participants=[jon], agenda="1. Chat\n2. Phone")
    GoalFactory(
        statement="Nine of ten are satisfied", status=Goal.Status.OFF_TRACK, value=81.0, value_n=57,
        value_low=69.0, value_high=89.0, value_start=date(2026, 3, 9), value_end=date(2026, 3, 16), progress=0.1,
    )  # fmt: skip
    assert reviews.remind(local("2026-03-16 08:00")) == 2
    first, second = Mail.objects.order_by("id")
    assert (first.recipient, first.reply_to, first.subject) == ("mara@example.org", "", "In 3 days: Spring review")
    assert (second.recipient, second.reply_to) == ("jon@example.org", "mara@example.org")
    assert second.text.split("\n\n")[:4] == [
        "Hello Jon,",
        "“Spring review” is in 3 days, on Thursday, 19 Mar 2026. Mara leads it.",
        "Agenda",
        "1. Chat\n2. Phone",
    ]
    assert "You lead it." in first.text
    assert (
        "* Nine of ten are satisfied\n"
        "  Off track. From 80.0\u00a0% to 90.0\u00a0%, now 81.0\u00a0% · 10\u00a0% of the way.\n"
        "  57 answers; 69.0\u00a0% to 89.0\u00a0%; week of 9 Mar 2026.\n"
    ) in second.text
    assert "Nine of ten are satisfied" in second.html
    assert f"/reviews/{Review.objects.get().pk}/" in second.text
    assert f"/reviews/{Review.objects.get().pk}/" in second.html
    assert [reminder.mail.recipient for reminder in Reminder.objects.order_by("id")] == [
        first.recipient,
        second.recipient,
    ]


def test_the_mail_names_six_goals_and_counts_the_others(mara):
    ReviewFactory(on=DAY, owner=mara)
    owner = ManagerFactory()
    for _number in range(8):
        GoalFactory(owner=owner)
    reviews.remind(local("2026-03-19 07:00"))
    text = Mail.objects.get().text
    assert text.count("\n* ") == 6
    assert "2 more goals are on the page of the review." in text


def test_drafts_are_told_to_managers_only(mara, jon):
    draft = GoalFactory(statement="Nobody knows yet", state=Goal.State.DRAFT)
    ReviewFactory(on=DAY, owner=mara, participants=[jon], goals=[draft])
    reviews.remind(local("2026-03-19 07:00"))
    found = {one.recipient: "Nobody knows yet" in one.text + one.html for one in Mail.objects.all()}
    assert found == {"mara@example.org": True, "jon@example.org": False}


def test_what_people_wrote_is_escaped_in_the_page_and_plain_in_the_text(mara):
    ReviewFactory(title="<b>Q&A</b>", agenda="<script>", on=DAY, owner=mara)
    reviews.remind(local("2026-03-19 07:00"))
    found = Mail.objects.get()
    assert found.subject == "Today: <b>Q&A</b>"
    assert "<script>" in found.text
    assert "<script>" not in found.html
    assert "&lt;b&gt;Q&amp;A&lt;/b&gt;" in found.html


def test_nobody_who_may_not_log_in_is_reminded(mara, jon):
    jon.is_active = False
    jon.save()
    ReviewFactory(on=DAY, owner=mara, participants=[jon])
    reviews.remind(local("2026-03-19 07:00"))
    assert reminded() == [(DAY, "day", "Mara")]


@pytest.mark.parametrize("state", [Review.State.HELD, Review.State.CANCELLED])
def test_a_review_that_was_held_or_cancelled_reminds_nobody(state, mara):
    ReviewFactory(on=DAY, owner=mara, state=state)
    assert [reviews.remind(local(f"2026-03-{day} 12:00")) for day in (16, 19, 20)] == [0, 0, 0]


# --- Overdue
def test_every_manager_is_told_once_of_a_review_that_nobody_held(mara, jon):
    left = ManagerFactory(is_active=False)
    ManagerFactory(name="Kim")
    review = ReviewFactory(title="Spring", on=DAY, owner=jon, participants=[left])
    Reminder.objects.bulk_create(Reminder(review=review, on=DAY, moment="day", recipient=one) for one in (jon,))
    for hours in range(48):
        reviews.remind(local("2026-03-20 00:00") + timedelta(hours=hours))
    told = [row for row in reminded() if row[1] == "overdue"]
    assert told == [(DAY, "overdue", "Mara"), (DAY, "overdue", "Kim")]
    letter = Mail.objects.get(recipient="mara@example.org")
    assert letter.subject == "Not held yet: Spring"
    assert (
        "“Spring” was planned for 19 Mar 2026 (yesterday), and nobody has said that it was held. Jon leads it."
        in letter.text
    )
    assert f"/reviews/{review.pk}/" in letter.html


def test_of_a_leader_who_left_the_managers_are_told(mara):
    ReviewFactory(on=DAY, owner=StaffFactory(name="Gone", is_active=False))
    reviews.remind(local("2026-03-20 08:00"))
    assert "Gone can no longer log in: choose somebody else." in Mail.objects.get().text


def test_a_review_that_is_moved_can_be_overdue_again_once_for_each_date(mara):
    review = ReviewFactory(on=DAY, owner=mara, remind_days=0)
    reviews.remind(local("2026-03-20 08:00"))
    review.on = date(2026, 3, 25)
    review.save()
    for day in range(20, 32):
        reviews.remind(local(f"2026-03-{day} 12:00"))
    assert [row for row in reminded() if row[1] == "overdue"] == [
        (DAY, "overdue", "Mara"),
        (date(2026, 3, 25), "overdue", "Mara"),
    ]


def test_after_a_long_silence_only_what_is_recent_is_told(mara):
    ReviewFactory(on=date(2026, 1, 5), owner=mara)
    ReviewFactory(on=date(2026, 3, 10), owner=mara)
    reviews.remind(local("2026-03-19 12:00"))
    assert reminded() == [(date(2026, 3, 10), "overdue", "Mara")]


def test_a_review_that_is_moved_reminds_again_and_names_the_new_date(mara):
    review = ReviewFactory(title="Spring review", on=DAY, owner=mara)
    reviews.remind(local("2026-03-16 08:00"))
    review.on = date(2026, 3, 25)
    review.save()
    assert reviews.remind(local("2026-03-17 08:00")) == 0
    assert reviews.remind(local("2026-03-19 12:00")) == 0
    assert reviews.remind(local("2026-03-22 08:00")) == 1
    assert reminded() == [(DAY, "before", "Mara"), (date(2026, 3, 25), "before", "Mara")]
    assert "on Wednesday, 25 Mar 2026" in Mail.objects.latest("id").text


@pytest.mark.parametrize(
    ("created", "subjects"),
    [
        ("2026-03-17 15:00", ["In 2 days: Spring review", "Today: Spring review"]),
        ("2026-03-18 23:00", ["Tomorrow: Spring review", "Today: Spring review"]),
        ("2026-03-19 06:00", ["Today: Spring review"]),
        ("2026-03-19 15:00", ["Today: Spring review"]),
    ],
)
def test_a_review_that_is_created_late_tells_only_what_still_makes_sense(created, subjects, mara):
    ReviewFactory(title="Spring review", on=DAY, owner=mara)
    at = local(created)
    while at < local("2026-03-20 00:00"):
        reviews.remind(at)
        at += timedelta(minutes=30)
    assert [one.subject for one in Mail.objects.order_by("id")] == subjects


def test_somebody_invited_later_is_told_alone(mara, jon):
    review = ReviewFactory(on=DAY, owner=mara)
    reviews.remind(local("2026-03-16 08:00"))
    review.participants.add(jon)
    assert reviews.remind(local("2026-03-16 09:00")) == 1
    assert reminded() == [(DAY, "before", "Mara"), (DAY, "before", "Jon")]


def test_people_read_their_own_language(mara, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    mara.language = "de"
    mara.save()
    ReviewFactory(on=DAY, owner=mara)
    reviews.remind(local("2026-03-19 07:00"))
    assert "Donnerstag" in Mail.objects.get().text


# --- Exactly once
def test_a_fault_in_one_review_leaves_the_others_their_mails(mara, jon, monkeypatch, caplog):
    bad, good = ReviewFactory(on=DAY, owner=mara), ReviewFactory(on=DAY, owner=mara, participants=[jon])
    compose = mail.compose

    def broken(template, **given):
        if given["key"].startswith(f"review_reminder:{bad.pk}:") or given["to"] == broken_for:
            raise RuntimeError("no")
        return compose(template, **given)

    broken_for = "jon@example.org"
    monkeypatch.setattr(mail, "compose", broken)
    assert reviews.remind(local("2026-03-19 07:00")) == 1
    assert reminded() == [(DAY, "day", "Mara")]  # of the other review, in which nobody else could be told
    broken_for = ""
    assert reviews.remind(local("2026-03-19 07:01")) == 1
    assert set(Reminder.objects.values_list("review", flat=True)) == {good.pk}
    assert f"Person {mara.pk} could not be reminded of review {bad.pk}." in caplog.text


def test_an_address_that_cannot_be_mailed_keeps_nobody_else_from_being_reminded(mara, jon, caplog):
    User.objects.filter(pk=mara.pk).update(email="no address")
    ReviewFactory(on=DAY, owner=User.objects.get(pk=mara.pk), participants=[jon])
    assert reviews.remind(local("2026-03-19 07:00")) in (0, 1)
    assert reminded() == [(DAY, "day", "Jon")]
    assert f"Person {mara.pk} could not be reminded" in caplog.text


def test_whoever_may_not_see_goals_gets_title_date_and_link_alone():
    GoalFactory(statement="Nine of ten are satisfied")
    review = ReviewFactory(title="Spring", on=DAY, owner=UserFactory(), agenda="About the chat")
    reviews.remind(local("2026-03-19 07:00"))
    letter = Mail.objects.get()
    both = letter.text + letter.html
    assert [word for word in ("Nine of ten", "About the chat", "Agenda") if word in both] == []
    assert "“Spring” is today, on Thursday, 19 Mar 2026." in letter.text
    assert f"/reviews/{review.pk}/" in letter.text


def test_a_mail_that_was_deleted_is_not_written_again(mara):
    ReviewFactory(on=DAY, owner=mara)
    reviews.remind(local("2026-03-19 07:00"))
    Mail.objects.all().delete()
    assert reviews.remind(local("2026-03-19 08:00")) == 0


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_write_each_mail_once(at_once):
    organisation()
    participants = [StaffFactory() for _number in range(5)]
    for _number in range(3):
        ReviewFactory(on=DAY, participants=participants)
    counts = at_once(*[lambda: reviews.remind(local("2026-03-19 07:00"))] * 3)
    assert sum(counts) == 18
    [found] = at_once(lambda: list(Reminder.objects.values_list("review", "recipient", "mail__recipient")))
    assert len(found) == len({row[2:] + row[:1] for row in found}) == 18
    assert None not in {address for _review, _person, address in found}
    assert at_once(Mail.objects.count) == [18]


def test_looking_again_costs_the_same_for_one_and_for_three_reviews_that_are_far_away(mara, django_assert_num_queries):
    organisation()
    for count in (1, 3):
        for _number in range(count):
            ReviewFactory(on=DAY, owner=mara)
        with django_assert_num_queries(2):
            reviews.remind(local("2026-03-10 12:00"))


# --- Minutes
def test_minutes_are_kept_and_the_review_is_held(mara):
    review = ReviewFactory(owner=mara)
    reviews.write_minutes(review.pk, "First", seen=reviews.version(review))
    review.refresh_from_db()
    assert (review.minutes, review.state, review.held_at) == ("First", "planned", None)
    now = local("2026-03-19 11:00")
    reviews.hold(review.pk, "Second", seen=reviews.version(review), now=now)
    review.refresh_from_db()
    assert (review.minutes, review.state, review.held_at) == ("Second", "held", now)
    reviews.write_minutes(review.pk, "Third", seen=reviews.version(review))
    review.refresh_from_db()
    assert (review.minutes, review.state, review.held_at) == ("Third", "held", now)


def test_minutes_that_somebody_else_wrote_meanwhile_are_not_overwritten(mara):
    review = ReviewFactory(owner=mara)
    seen = reviews.version(review)
    reviews.write_minutes(review.pk, "Hers", seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        reviews.write_minutes(review.pk, "His", seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        reviews.hold(review.pk, "His", seen=seen, now=local("2026-03-19 11:00"))
    assert Review.objects.get().minutes == "Hers"


def test_a_cancelled_review_takes_no_minutes(mara):
    review = ReviewFactory(owner=mara, state=Review.State.CANCELLED)
    with pytest.raises(ChangedMeanwhileError):
        reviews.write_minutes(review.pk, "Text", seen=reviews.version(review))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_the_same_moment_one_is_told(at_once):
    review = ReviewFactory()
    seen = reviews.version(review)

    def write(text):
        try:
            reviews.write_minutes(review.pk, text, seen=seen)
        except ChangedMeanwhileError:
            return "told"
        return text

    found = at_once(lambda: write("hers"), lambda: write("his"))
    assert found.count("told") == 1
    assert at_once(lambda: Review.objects.get().minutes) == [next(text for text in found if text != "told")]
