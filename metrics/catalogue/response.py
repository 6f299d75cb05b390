"""How fast customers are answered and helped."""

from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.kpi import UNKNOWN, Better, Family, Frame, Quantile, Ratio, Unit, clocks, kpi


@kpi(
    name=_("First response time"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="first_agent_reply_at",
    formula=_("median of (first reply by a person − creation)"),
    source=_("Zendesk, “first reply time”; Freshdesk, “first response time”"),
    revision=1,
)
def first_response_time(tickets: Frame) -> Quantile:
    """How long customers waited for the first public reply by a person.

    Counted on the day of that reply, in calendar time and in business time. A reply outside opening hours before the
    clock has started took 0 seconds of business time. Automatic replies and bots do not answer. Tickets that nobody
    has answered yet are not in it. Left out and shown as such: tickets that we started ourselves, and tickets whose
    reply lies before their creation.
    """
    is_answered = tickets.first_agent_reply_at != MISSING
    is_ours = is_answered & (tickets.is_outbound == 1)
    is_reversed = is_answered & ~is_ours & (tickets.first_agent_reply_at < tickets.created_at)
    return Quantile(
        seconds=clocks(tickets, "first_response"),
        whole=is_answered & ~is_ours & ~is_reversed,
        excluded={"outbound": is_ours, "negative_duration": is_reversed},
    )


@kpi(
    name=_("Resolution time"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="done_at",
    formula=_("median of (last solve − creation − time in statuses that stop the clock)"),
    source=_("Zendesk, “full resolution time”; Freshdesk, “resolution time”"),
    revision=1,
)
def resolution_time(tickets: Frame) -> Quantile:
    """How long it took from the creation of a ticket to its last solve, in calendar time and in business time.

    Counted on the day of the last solve. The time spent in statuses that the organisation has chosen to stop the clock
    is left out. A ticket that came back is measured to its last solve; closing a solved ticket later changes nothing.
    Tickets that are still open are not in it. Left out and shown as such: tickets that were closed without a known
    time of solving (on the day they were closed), and tickets solved before they were created.
    """
    is_solved = tickets.solved_at != MISSING
    is_reversed = is_solved & (tickets.solved_at < tickets.created_at)
    return Quantile(
        seconds=clocks(tickets, "resolution"),
        whole=is_solved & ~is_reversed,
        excluded={"solve_time_unknown": ~is_solved & (tickets.closed_at != MISSING), "negative_duration": is_reversed},
    )


@kpi(
    name=_("Resolved within target"),
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="target_at",
    formula=_("met ÷ (met + missed) × 100"),
    source=_("HDI and Zendesk, “SLA achievement rate”"),
    revision=1,
)
def resolution_within_target(tickets: Frame) -> Ratio:
    """Share of tickets that were solved by the time they were due under our service targets.

    Counted on the day they were due. Met: (last) solved, or closed without a known time of solving, not later than
    due. Missed: solved later, or not solved although the due time is over. Tickets that are not due yet are shown as
    pending and are in neither. Where no service target of ours applies, the judgement of the system the ticket comes
    from is taken, on the day the ticket was solved or closed.
    """
    has_target = tickets.target_due_at != MISSING
    is_done = tickets.done_at != MISSING
    is_met = (has_target & is_done & (tickets.done_at <= tickets.target_due_at)) | (
        ~has_target & (tickets.sla_met == 1)
    )
    is_judged = is_done | tickets.is_overdue
    applies = has_target | (is_done & (tickets.sla_met != UNKNOWN))
    return Ratio(part=is_met, whole=applies & is_judged, excluded={"pending": applies & ~is_judged})
