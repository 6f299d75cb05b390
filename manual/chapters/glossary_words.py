"""The words of the glossary: our own, and those that others use for something else, mapped to ours."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _


class Term(NamedTuple):
    """`code` is the KPI that a reader may mean."""

    word: str
    meaning: str
    code: str = ""


def terms() -> Iterator[Term]:
    yield from _general()
    yield from _of_speed()
    yield from _of_quality()
    yield from _of_customers()
    yield from _of_money()
    yield from _of_the_team()
    yield from _of_channels()


def _general() -> Iterator[Term]:
    yield Term(_("Alarm"), _("A figure, a goal or an import that asks for a person; see the chapter about alarms."))
    yield Term(_("Baseline"), _("What was measured before a goal began; its progress counts from there."))
    yield Term(
        _("Benchmark"),
        _("What others measure, with its source and a date until when it is to be believed; never a target by itself."),
    )
    yield Term(_("Business time"), _("Time that passes only during opening hours."))
    yield Term(_("Calendar time"), _("Time as every clock shows it, day and night."))
    yield Term(_("Cases (n)"), _("How many tickets, answers or invitations a figure rests on."))
    yield Term(_("Channel"), _("The way by which a contact came: e-mail, chat, phone, social media and others."))
    yield Term(
        _("Edition"), _("The manual as it was published on a day. It never changes, and its fingerprint proves it.")
    )
    yield Term(_("Guardrail"), _("A second figure that may not get worse while a goal is pursued."))
    yield Term(_("Interval (95 %)"), _("Where the true value lies with 95 % certainty, as far as chance is concerned."))
    yield Term(
        _("KPI"), _("Key performance indicator: a figure by which we see whether customers get what we promise.")
    )
    yield Term(_("Median"), _("The value in the middle: half of the cases are below it, half above."))
    yield Term(_("Nine in ten"), _("The value below which 90 % of the cases lie; others call it p90."))
    yield Term(_("Service target"), _("A time that we promise for the first answer or for the solution."))
    yield Term(_("Stakeholder"), _("Somebody without an account who is told: by reports, alarms or this manual."))
    yield Term(_("Ticket"), _("One request for help from its beginning to its end, whatever the channel."))


def _of_speed() -> Iterator[Term]:
    """How fast, in the words of others."""
    yield Term(
        _("Acknowledgement of an inquiry"),
        _("Some count an automatic “we have received it”. Our first response is the first reply by a person."),
        "first_response_time",
    )
    yield Term(
        _("Response time (average)"),
        _("Some mean by it the time until the issue is solved. We call that the resolution time; the time until "
          "somebody answers at all is the first response time."),
        "resolution_time",
    )  # fmt: skip
    yield Term(
        _("Average resolution time"),
        _("Elsewhere the mean of all solved cases, which a few very long ones pull up. Ours is the median."),
        "resolution_time",
    )
    yield Term(
        _("Rings (phone)"),
        _("“Within three rings” is told in seconds: we count how long the telephone rang, about 6 seconds a ring."),
        "speed_of_answer",
    )


def _of_quality() -> Iterator[Term]:
    """How well, in the words of others."""
    yield Term(
        _("First call resolution"),
        _("Others say so of the phone. We say first contact resolution and mean every channel."),
        "first_contact_resolution",
    )
    yield Term(
        _("Unresolved issues"), _("What waits to be solved at a given moment. We call it the backlog."), "backlog"
    )
    yield Term(
        _("SLA"), _("Service level agreement. We say service target, because it is our own promise."),
        "resolution_within_target",
    )  # fmt: skip
    yield Term(
        _("Satisfaction score (CSAT)"),
        _("Some report the mean of the scores. Ours is the share of satisfied answers, on every scale alike."),
        "csat",
    )
    yield Term(
        _("Effort score (CES)"),
        _("Some ask how much effort it was, so that less is better. Ours is the share who found it easy: more is "
          "better."),
        "ces",
    )  # fmt: skip
    yield Term(
        _("Net Promoter Score"),
        _("A number from −100 to 100 and no percentage: the share of 9 and 10 minus the share of 0 to 6."),
        "nps",
    )


def _of_customers() -> Iterator[Term]:
    """Who stays, and why, in the words of others."""
    yield Term(
        _("Retention as length of stay"),
        _("Some call “retention rate” how long somebody stays a customer on average. We call that the customer "
          "lifetime, and keep it apart from the share of customers who stay."),
        "customer_lifetime",
    )  # fmt: skip
    yield Term(
        _("Retention rate"),
        _("The share of the customers at the beginning of a period who are still customers at its end."),
        "retention_rate",
    )
    yield Term(
        _("Churn"),
        _("The share of customers lost. A month and a year cannot be compared, nor can industries with each other."),
        "churn_rate",
    )
    yield Term(
        _("Advocacy"), _("Customers who speak for us: by what they do, not only by what they answer."), "advocacy_rate"
    )
    yield Term(_("Exit interviews"), _("What customers name as the reason for leaving."), "exit_reasons")
    yield Term(
        _("Time to value"), _("How long it takes until a new customer gets what they came for."), "time_to_value"
    )
    yield Term(
        _("Customer health"),
        _("Signs that a customer may leave: falling satisfaction, more and graver contacts, less use. A reason to "
          "call, never a verdict."),
    )  # fmt: skip
    yield Term(
        _("Voice of the customer"), _("What customers write and say in their own words, read by people and by theme.")
    )


def _of_money() -> Iterator[Term]:
    """What customers pay, in the words of others."""
    yield Term(
        _("Revenue retention"),
        _("Of the money instead of the customers. “Net” counts what those who stay pay more; “gross” does not."),
        "net_revenue_retention",
    )
    yield Term(
        _("Net revenue churn"),
        _("The money lost minus what other customers pay more. It may be below 0, which is good."),
        "net_revenue_churn",
    )
    yield Term(
        _("CLV"), _("Customer lifetime value: what a customer will have brought, as far as one can know."),
        "customer_lifetime_value",
    )  # fmt: skip
    yield Term(_("Retention ROI"), _("What keeping customers brought, compared with what it cost."), "retention_roi")


def _of_the_team() -> Iterator[Term]:
    """Those who do the work, in the words of others."""
    yield Term(
        _("Employee satisfaction"),
        _("How content those are who do the work. Asked without names, and never shown of a few."),
        "employee_satisfaction",
    )
    yield Term(
        _("Agent utilisation"),
        _("The share of the working time spent with customers. Near 100 % nobody has time to breathe or to learn."),
        "agent_utilisation",
    )
    yield Term(
        _("Cost per contact"),
        _("Some count wages alone. Ours counts every cost that is entered, and contacts handled by people."),
        "cost_per_contact",
    )
    yield Term(
        _("Volume trends"), _("How many requests came in, by day, week and season; never a measure of anybody."),
        "ticket_volume",
    )  # fmt: skip


def _of_channels() -> Iterator[Term]:
    """From one channel, and from one person, to the next; in the words of others."""
    yield Term(
        _("Service-quality variance"),
        _("How far the channels are apart in satisfaction. We call it the difference of quality between channels."),
        "channel_quality_variance",
    )
    yield Term(
        _("Context transfer"),
        _("Whether customers need not tell their story twice when they are handed over."),
        "context_transfer",
    )
    yield Term(
        _("Bot acceptance"), _("Customers who stayed with the bot and were content with it."), "automation_acceptance"
    )
    yield Term(
        _("Escalation"),
        _("Two things: a ticket passed to those who know or may do more, and an alarm told to the next in the chain."),
        "escalation_rate",
    )
    yield Term(
        _("Closed loop"), _("An unhappy customer is contacted, and what was wrong is mended. We call it follow-up."),
        "follow_up_within_one_day",
    )  # fmt: skip
