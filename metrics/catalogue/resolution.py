"""How well customers are helped."""

from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.kpi import UNKNOWN, Better, Family, Frame, Mean, Ratio, Unit, kpi

_REPEAT_DAYS = 7
_REPEAT_SECONDS = _REPEAT_DAYS * 24 * 3600


@kpi(
    name=_("First contact resolution"),
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="first_done_at",
    formula=_("solved at first contact ÷ solved × 100"),
    source=_("own definition, after the practice of call centres (no repeat contact within 7 days)"),
    gaming=_(
        "Tickets are marked as solved without asking the customer, or what comes back is booked under another "
        "customer or left open until the repeat window is over."
    ),
    revision=2,
    matures_after_days=_REPEAT_DAYS,
)
def first_contact_resolution(tickets: Frame) -> Ratio:
    """Share of solved tickets that needed one contact, were not reopened and did not come back within 7 days.

    Counted on the day a ticket was first solved (or closed, where no solve is known). Where the system a ticket comes
    from records first contact resolution itself, its word counts. Otherwise a ticket is in the share if an agent
    replied once at most, nobody handed it over, it was never reopened, and the same customer opened no new ticket of
    the same category within 7 days. Hand-overs and reopenings that are not known are not held against a ticket; one of
    which the number of replies is not known is left out and shown as such. Tickets solved less than 7 days ago can
    still come back: they are shown as too recent, and the provisional share with them stands beside the figure.
    """
    is_solved = tickets.first_done_at != MISSING
    is_told = tickets.fcr != UNKNOWN
    is_known = is_told | (tickets.agent_replies != UNKNOWN)
    came_back = (tickets.next_ticket_at != MISSING) & (
        tickets.next_ticket_at <= tickets.first_done_at + _REPEAT_SECONDS
    )
    is_one_contact = (tickets.agent_replies <= 1) & (tickets.reassignments <= 0) & (tickets.reopens <= 0) & ~came_back
    return Ratio(
        part=(tickets.fcr == 1) | (~is_told & is_one_contact),
        whole=is_solved & is_known,
        excluded={"replies_unknown": is_solved & ~is_known},
    )


@kpi(
    name=_("Reopen rate"),
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="first_done_at",
    formula=_("tickets reopened within 7 days ÷ solved tickets × 100"),
    source=_("Zendesk, “reopened tickets”, here with a time limit"),
    gaming=_("Tickets are closed so that nobody can reopen them, or customers are asked to write a new one instead."),
    revision=2,
    matures_after_days=_REPEAT_DAYS,
)
def reopen_rate(tickets: Frame) -> Ratio:
    """Share of solved tickets that were opened again within 7 days.

    Counted on the day a ticket was first solved (or closed, where no solve is known). Without a limit, a ticket of last
    year would have had more time to come back than one of last week. Where the source counts reopenings itself, its
    number is taken, else the events of the ticket that tell its status are looked at; a reopening whose time no event
    tells counts as one within the 7 days. Tickets solved less than 7 days ago can still come back: they are shown as
    too recent, and the provisional share with them stands beside the figure. Left out and shown as such: tickets of
    which reopenings are not known.
    """
    is_solved = tickets.first_done_at != MISSING
    is_known = tickets.reopens != UNKNOWN
    # A time that no event tells is MISSING, which is before everything.
    is_soon = tickets.reopened_at <= tickets.first_done_at + _REPEAT_SECONDS
    return Ratio(
        part=(tickets.reopens >= 1) & is_soon,
        whole=is_solved & is_known,
        excluded={"reopens_unknown": is_solved & ~is_known},
    )


@kpi(
    name=_("One-touch resolution"),
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="done_at",
    formula=_("solved without waiting, coming back or going on hold ÷ solved × 100"),
    source=_("Zendesk, “one-touch tickets”"),
    gaming=_(
        "One long reply holds every possible answer and is marked as solved at once. What takes more than that is "
        "settled by telephone, outside of the ticket."
    ),
    revision=2,
)
def one_touch_resolution(paths: Frame) -> Ratio:
    """Share of solved tickets that a person answered and that never waited for anybody or came back.

    In the share: at least one public reply by a person, never pending or on hold, never reopened. Several replies
    in a row are one touch; first contact resolution is stricter there, and waits for whether the customer comes back.
    Counted on the day of the last solve (or of the closing, where no solve is known). Of a ticket without events that
    tell its status, only replies and reopenings decide. Left out and shown as such: tickets of which the number of
    replies is not known, and tickets of which neither their source nor events tell whether they were reopened.
    """
    is_done = paths.done_at != MISSING
    is_answer_known = paths.replies != UNKNOWN
    is_known = is_answer_known & (paths.reopens != UNKNOWN)
    return Ratio(
        part=is_done & (paths.replies > 0) & ~paths.has_waited & (paths.reopens == 0),
        whole=is_done & is_known,
        excluded={
            "replies_unknown": is_done & ~is_answer_known,
            "reopens_unknown": is_done & is_answer_known & ~is_known,
        },
    )


@kpi(
    name=_("Transfer rate"),
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="done_at",
    formula=_("solved tickets handed over at least once ÷ solved tickets × 100"),
    source=_("Zendesk, “assignee stations” and “group stations”"),
    gaming=_(
        "Tickets are kept by people who cannot solve them, or are passed on by word of mouth without changing the team."
    ),
    revision=1,
)
def transfer_rate(paths: Frame) -> Ratio:
    """Share of solved tickets that one agent or team handed over to another.

    Whoever gets a ticket first does not take it over from anybody. A new team and a new agent at the same time are one
    hand-over. Where the source counts reassignments itself, its number is taken, else the events of the ticket are
    counted. Counted on the day of the last solve (or of the closing, where no solve is known). The mean number of
    hand-overs for each ticket stands beside the share. Left out and shown as such: tickets of which neither
    is known.
    """
    is_done = paths.done_at != MISSING
    is_known = paths.transfers != UNKNOWN
    return Ratio(
        part=paths.transfers > 0,
        whole=is_done & is_known,
        excluded={"transfers_unknown": is_done & ~is_known},
        score=paths.transfers,
        scale=paths.transfers.map(lambda _number: "transfers"),
    )


@kpi(
    name=_("Escalation rate"),
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="handled_at",
    formula=_("escalated tickets ÷ (escalated tickets + tickets solved without) × 100"),
    source=_("HDI, “escalation rate”"),
    gaming=_(
        "Nothing is escalated any more, not even what should be, and customers wait where an expert would have helped "
        "at once."
    ),
    revision=1,
)
def escalation_rate(paths: Frame) -> Ratio:
    """Share of handled tickets that were escalated to the next tier.

    An escalated ticket counts on the day of its first escalation, every other one on the day of its last solve (or of
    its closing, where no solve is known). Tickets that are neither are not handled yet. As long as no source has ever
    told of an escalation nothing is known about them: then all are left out and shown as such.
    """
    is_handled = paths.handled_at != MISSING
    return Ratio(
        part=paths.escalated_at != MISSING,
        whole=is_handled & paths.escalations_known,
        excluded={"escalations_unknown": is_handled & ~paths.escalations_known},
    )


@kpi(
    name=_("Contacts per ticket"),
    family=Family.RESOLUTION,
    unit=Unit.NUMBER,
    better=Better.LOWER,
    at="done_at",
    formula=_("public messages by customers and people in solved tickets ÷ solved tickets"),
    source=_("Gorgias, “messages per ticket”; Zendesk, “replies”"),
    gaming=_(
        "A conversation is split into several tickets, or customers are made to feel that they should not write again."
    ),
    revision=1,
)
def contacts_per_ticket(paths: Frame) -> Mean:
    """How many messages it takes to solve a ticket: those of the customer and public replies by people.

    Internal notes, bots and automatic replies are not contacts. Where the messages of a ticket are not known, the
    replies are taken that its source counts: those by agents, and those by the customer where it counts them, too.
    Counted on the day of the last solve (or of the closing, where no solve is known). Left out and shown as such:
    tickets of which neither is known.
    """
    is_done = paths.done_at != MISSING
    is_known = paths.contacts != UNKNOWN
    return Mean(value=paths.contacts, whole=is_done & is_known, excluded={"contacts_unknown": is_done & ~is_known})
