"""How fast customers are answered and helped."""

from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.kpi import UNKNOWN, Better, Family, Frame, Quantile, Ratio, Unit, clocks, kpi

_SHORT_SECONDS = 5


@kpi(
    name=_("First response time"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="first_response_at",
    formula=_("median of (first reply by a person − creation)"),
    source=_("Zendesk, “first reply time”; Freshdesk, “first response time”"),
    gaming=_(
        "A reply that says nothing (“we have received your message”) stops the clock and helps nobody. Easy contacts "
        "are answered first, and hard ones left lying."
    ),
    revision=2,
)
def first_response_time(tickets: Frame) -> Quantile:
    """How long customers waited for the first public reply by a person.

    Counted on the day of that reply, in calendar time and in business time. A reply outside opening hours before the
    clock has started took 0 seconds of business time. Automatic replies and bots do not answer. Where a bot was there
    first, the median since it handed over, or since the customer came back to what it had settled, stands beside the
    figure. In tickets that we started ourselves, a customer waits from the first message we got back to the reply after
    it. Tickets that nobody has answered yet are not in it. Left out and shown as such: tickets that we started and to
    which the customer has not written back, and tickets whose reply lies before their creation.
    """
    is_answered = tickets.first_response_at != MISSING
    is_ours = is_answered & tickets.is_unasked
    is_reversed = is_answered & ~is_ours & (tickets.first_response_at < tickets.response_from)
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
    gaming=_(
        "Tickets are marked as solved before they are, or are closed and opened anew as another one. Hard ones are "
        "left lying: only what is solved is in the figure."
    ),
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
    name=_("First response within target"),
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="first_response_due_at",
    formula=_("met ÷ (met + missed) × 100"),
    source=_("Zendesk and HDI, “SLA achievement rate” of the first reply"),
    gaming=_(
        "An empty reply is sent just before the time is over, and what is late already is left lying, because it "
        "cannot be saved any more. Or the targets are made so wide that nobody can miss them."
    ),
    revision=3,
)
def first_response_within_target(tickets: Frame) -> Ratio:
    """Share of tickets that a person answered by the time the first response was due under our service targets.

    Counted on the day it was due. Met: the first public reply by a person was not later than due. Missed: it came
    later, or nobody has answered yet although the due time is over. Of a call, the wait begins when the telephone
    starts to ring, where that is known, and ends when somebody picks up. Tickets that are not due yet are shown as
    pending and are in neither. Left out and shown as such: tickets that were solved or closed without a known reply,
    or of which only the status says that they have ended; tickets with replies of which nobody knows when the first
    one came; and tickets whose reply lies before their creation. Tickets that we started ourselves have no such due
    time.
    """
    has_target = tickets.first_response_due_at != MISSING
    is_answered = tickets.responded_at != MISSING
    is_reversed = has_target & is_answered & (tickets.responded_at < tickets.asked_at)
    has_ended = (tickets.done_at != MISSING) | tickets.is_end_unknown
    is_unknown = has_target & ~is_answered & (has_ended | (tickets.agent_replies > 0))
    applies = has_target & ~is_reversed & ~is_unknown
    is_judged = is_answered | tickets.is_reply_overdue
    return Ratio(
        part=applies & is_answered & (tickets.responded_at <= tickets.first_response_due_at),
        whole=applies & is_judged,
        excluded={
            "pending": applies & ~is_judged,
            "reply_unknown": is_unknown,
            "negative_duration": is_reversed,
        },
    )


@kpi(
    name=_("Resolved within target"),
    family=Family.RESPONSE,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="target_at",
    formula=_("met ÷ (met + missed) × 100"),
    source=_("HDI and Zendesk, “SLA achievement rate”"),
    gaming=_(
        "Just before the time is over, tickets are marked as solved, given a lower priority or put into a status that "
        "stops the clock. What is late already is left lying."
    ),
    revision=4,
)
def resolution_within_target(tickets: Frame) -> Ratio:
    """Share of tickets that were solved by the time they were due under our service targets.

    A ticket has the target, and the version of it, that was in force when it came in; a later change of the target or
    of the customer's tier does not rewrite what is closed. Counted on the day they were due. Met: (last) solved, or
    closed without a known time of solving, not later than due. Missed: solved later, or not solved although the due
    time is over. Tickets that are not due yet are shown as pending and are in neither. Where no service target of ours
    applies, the judgement of the system the ticket comes from is taken, on the day the ticket was solved or closed.
    Left out and shown as such: tickets solved, or closed without a known time of solving, before they were created, and
    tickets of which only the status says that they have ended, so that nobody knows when.
    """
    has_target = tickets.target_due_at != MISSING
    is_done = tickets.done_at != MISSING
    is_lost = has_target & tickets.is_end_unknown
    is_met = (has_target & is_done & (tickets.done_at <= tickets.target_due_at)) | (
        ~has_target & (tickets.sla_met == 1)
    )
    is_judged = is_done | tickets.is_overdue
    has_either = has_target | (is_done & (tickets.sla_met != UNKNOWN))
    is_reversed = has_either & is_done & (tickets.done_at < tickets.created_at)
    applies = has_either & ~is_reversed & ~is_lost
    return Ratio(
        part=applies & is_met,
        whole=applies & is_judged,
        excluded={"pending": applies & ~is_judged, "end_unknown": is_lost, "negative_duration": is_reversed},
    )


@kpi(
    name=_("Speed of answer"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="ended_at",
    formula=_("median of (answer − start of ringing)"),
    source=_("own definition, after the “average speed of answer” of call centres"),
    gaming=_(
        "Calls are picked up and put on hold at once, or a recorded voice answers them. A line that is engaged never "
        "rings, so that those who did not get through are not in the figure."
    ),
    revision=1,
    on_the_wall=True,
)
def speed_of_answer(calls: Frame) -> Quantile:
    """How long a telephone rang until somebody answered.

    Counted on the day of the call, in seconds on the clock on the wall whatever the opening hours are: a telephone
    that rings is heard or not. Three rings are about 18 seconds at 6 seconds each, which is an assumption: no standard
    says how long a ring is. Left out and shown as such: calls that the customer gave up before anybody answered, with
    those given up within the first 5 seconds told apart because nobody could have answered them; calls that we made;
    calls of which nobody knows when the ringing began. The share of calls given up after 5 seconds or more stands
    beside the figure.
    """
    is_answered = calls.answered_at != MISSING
    is_ours = calls.is_outbound == 1
    is_known = calls.rang_seconds != UNKNOWN
    is_abandoned = ~is_answered & ~is_ours
    is_early = is_abandoned & is_known & (calls.rang_seconds < _SHORT_SECONDS)
    return Quantile(
        seconds=clocks(calls, "answer"),
        whole=is_answered & ~is_ours & is_known,
        excluded={
            "outbound": is_ours,
            "abandoned_early": is_early,
            "abandoned": is_abandoned & ~is_early,
            "ring_unknown": is_answered & ~is_ours & ~is_known,
        },
    )


@kpi(
    name=_("Reply time"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="replied_at",
    formula=_("median of (next reply by a person − first message of the customer not answered yet)"),
    source=_("Zendesk, “next reply time”; Chatwoot, “reply time”"),
    gaming=_(
        "Replies that say nothing, such as “we are looking into it”, end each wait and bring the customer no further."
    ),
    revision=1,
)
def reply_time(waits: Frame) -> Quantile:
    """How long customers waited for each reply, not only for the first.

    A customer waits from the first message that nobody has answered yet; more messages before the reply are the same
    wait. A public reply by a person ends it; internal notes, bots and automatic replies do not. A ticket that is
    solved without a reply ends a wait that is then not counted, and a message after it begins a new one. Counted on
    the day of the reply, in calendar time and in business time. Known from the messages of a ticket, else from its
    events of the kind “reply” with who replied. A ticket in which we speak first although we did not start it counts
    as the customer's first message. Waits that are not over are not in it.
    """
    return Quantile(seconds=clocks(waits, "reply"), whole=waits.replied_at != MISSING)


@kpi(
    name=_("First resolution time"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="first_done_at",
    formula=_("median of (first solve − creation)"),
    source=_("Zendesk, “first resolution time”"),
    gaming=_(
        "Tickets are marked as solved with the first reply, whatever it says. That they come back is not in this "
        "figure."
    ),
    revision=1,
)
def first_resolution_time(tickets: Frame) -> Quantile:
    """How long it took from the creation of a ticket to its first solve, whether it came back or not.

    Counted on the day of the first solve, in calendar time and in business time; where only the last solve is known,
    that is the first. No status stops the clock. Tickets that were never solved are not in it. Left out and shown as
    such: tickets that were closed without a known time of solving (on the day they were closed), and tickets solved
    before they were created.
    """
    is_done = tickets.first_done_at != MISSING
    is_solved = is_done & ((tickets.first_solved_at != MISSING) | (tickets.solved_at != MISSING))
    is_reversed = is_solved & (tickets.first_done_at < tickets.created_at)
    return Quantile(
        seconds=clocks(tickets, "first_resolution"),
        whole=is_solved & ~is_reversed,
        excluded={"solve_time_unknown": is_done & ~is_solved, "negative_duration": is_reversed},
    )


@kpi(
    name=_("Customer waiting time"),
    family=Family.RESPONSE,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="done_at",
    formula=_("median of the time from creation to the last solve in which we did not wait for the customer"),
    source=_("Zendesk, “requester wait time”: new, open and on hold"),
    gaming=_(
        "Tickets are set to “pending” although we could go on with them, so that our delay counts as the customer’s."
    ),
    revision=1,
)
def requester_wait_time(paths: Frame) -> Quantile:
    """How long a customer waited for us in all: the time in which a ticket was new, open or on hold, up to its last
    solve.

    Time in which we waited for the customer, or in which the ticket was solved, is not in it. We wait for the customer
    in statuses called “pending” or the like, and in those that the organisation has chosen to stop the clock unless
    their name says that others are waited for. Counted on the day of the last solve, in calendar time and in business
    time. Left out and shown as such: tickets without any event that tells their status, tickets closed without a known
    time of solving, and tickets solved before they were created.
    """
    is_solved = paths.solved_at != MISSING
    is_reversed = is_solved & (paths.solved_at < paths.created_at)
    is_known = is_solved & ~is_reversed & paths.has_statuses
    return Quantile(
        seconds=clocks(paths, "requester_wait"),
        whole=is_known,
        excluded={
            "statuses_unknown": is_solved & ~is_reversed & ~is_known,
            "solve_time_unknown": ~is_solved & (paths.closed_at != MISSING),
            "negative_duration": is_reversed,
        },
    )
