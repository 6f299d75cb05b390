"""How well customers are helped."""

from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.kpi import UNKNOWN, Better, Family, Frame, Ratio, Unit, kpi

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
    revision=1,
    matures_after_days=_REPEAT_DAYS,
)
def first_contact_resolution(tickets: Frame) -> Ratio:
    """Share of solved tickets that needed one contact, were not reopened and did not come back within 7 days.

    Counted on the day a ticket was first solved (or closed, where no solve is known). Where the system a ticket comes
    from records first contact resolution itself, its word counts. Otherwise a ticket is in the share if an agent
    replied once at most, nobody handed it over, it was never reopened, and the same customer opened no new ticket of
    the same category within 7 days. What is not known is not held against a ticket; one of which neither replies nor
    hand-overs are known is left out and shown as such. Tickets solved less than 7 days ago can still come back: they
    are shown as too recent, and the provisional share with them stands beside the figure.
    """
    is_solved = tickets.first_done_at != MISSING
    is_told = tickets.fcr != UNKNOWN
    is_known = is_told | (tickets.agent_replies != UNKNOWN) | (tickets.reassignments != UNKNOWN)
    came_back = (tickets.next_ticket_at != MISSING) & (
        tickets.next_ticket_at <= tickets.first_done_at + _REPEAT_SECONDS
    )
    is_one_contact = (tickets.agent_replies <= 1) & (tickets.reassignments <= 0) & (tickets.reopens <= 0) & ~came_back
    return Ratio(
        part=(tickets.fcr == 1) | (~is_told & is_one_contact),
        whole=is_solved & is_known,
        excluded={"contacts_unknown": is_solved & ~is_known},
    )


@kpi(
    name=_("Reopen rate"),
    family=Family.RESOLUTION,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="first_done_at",
    formula=_("tickets reopened at least once ÷ solved tickets × 100"),
    source=_("Zendesk, “reopened tickets”"),
    revision=1,
)
def reopen_rate(tickets: Frame) -> Ratio:
    """Share of solved tickets that were opened again at least once.

    Counted on the day a ticket was first solved (or closed, where no solve is known), whenever it came back. A ticket
    of which the number of reopenings is not known counts as not reopened.
    """
    return Ratio(part=tickets.reopens >= 1, whole=tickets.first_done_at != MISSING)
