"""What the columns of customers, of what they pay, and of the work for them are called on pages."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ColumnWords(NamedTuple):
    label: str | Promise
    explanation: str | Promise


Words = Mapping[str, ColumnWords]

_CUSTOMER: Final = ColumnWords(_("Customer"), _("The customer’s id in the same source, or an e-mail address."))
_CURRENCY: Final = ColumnWords(_("Currency"), _("Three letters, such as EUR; empty: that of the organisation."))
_TICKET: Final = ColumnWords(_("Ticket number"), _("A ticket of the same source, imported before."))
_OWN_ID: Final = ColumnWords(_("Id"), _("What the other system calls the row, if it does; it is found again by it."))

CUSTOMERS: Final[Words] = {
    "external_id": ColumnWords(_("Customer’s id"), _("The customer is found again by it.")),
    "name": ColumnWords(_("Name"), _("Of the person or the account.")),
    "email": ColumnWords(_("E-mail address"), _("By it facts of other sources find the same customer.")),
    "company": ColumnWords(_("Company"), _("Whom the customer belongs to.")),
    "segment": ColumnWords(_("Segment"), _("A group of your own; figures can be told apart by it.")),
    "tier": ColumnWords(_("Tier"), _("How the customer is served, such as gold; targets may depend on it.")),
    "country": ColumnWords(_("Country"), _("Where the customer is.")),
    "language": ColumnWords(_("Language"), _("The language the customer is served in.")),
    "time_zone": ColumnWords(_("Time zone"), _("Such as Europe/Berlin.")),
    "signed_up_on": ColumnWords(_("Signed up"), _("The first day as a customer.")),
    "left_on": ColumnWords(_("Left"), _("The day from which on nobody is a customer any more.")),
    "leave_reason": ColumnWords(_("Reason for leaving"), _("Why the customer left.")),
}
SUBSCRIPTIONS: Final[Words] = {
    "external_id": ColumnWords(_("Subscription’s id"), _("The subscription is found again by it.")),
    "customer": _CUSTOMER,
    "plan": ColumnWords(_("Plan"), _("What is subscribed to.")),
    "is_premium": ColumnWords(_("Premium"), _("Yes where premium service is paid for.")),
    "mrr": ColumnWords(_("Monthly revenue"), _("What the subscription brings in a month.")),
    "currency": _CURRENCY,
    "started_on": ColumnWords(_("Started"), _("The first day that is paid for.")),
    "ended_on": ColumnWords(_("Ended"), _("The first day that is no longer paid for.")),
    "cancel_requested_on": ColumnWords(_("Cancellation asked for"), _("When the customer gave notice.")),
    "renewal_due_on": ColumnWords(_("Renewal due"), _("When the customer has to decide.")),
    "renewed_on": ColumnWords(_("Renewed"), _("When it was renewed.")),
    "trial_ends_on": ColumnWords(_("Trial ends"), _("Until when it may be tried without paying.")),
}
ORDERS: Final[Words] = {
    "external_id": ColumnWords(_("Order number"), _("The order is found again by it.")),
    "customer": _CUSTOMER,
    "placed_at": ColumnWords(_("Placed"), _("When it was ordered.")),
    "amount": ColumnWords(_("Amount"), _("What the order comes to.")),
    "currency": _CURRENCY,
    "status": ColumnWords(_("Status"), _("Such as paid or shipped.")),
    "cancelled_at": ColumnWords(_("Cancelled"), _("When it was called off.")),
}
MESSAGES: Final[Words] = {
    "ticket": _TICKET,
    "at": ColumnWords(_("Time"), _("When it was written.")),
    "author_type": ColumnWords(_("Kind of author"), _("Customer, agent, bot, automation or third party.")),
    "author": ColumnWords(_("Author"), _("Who wrote it.")),
    "public": ColumnWords(_("Seen by the customer"), _("No for internal notes; empty: yes.")),
    "text": ColumnWords(_("Text"), _("What was written.")),
    "is_auto_reply": ColumnWords(_("Automatic reply"), _("Yes where nobody wrote it by hand.")),
    "external_id": _OWN_ID,
}
AGENT_TIME: Final[Words] = {
    "agent": ColumnWords(_("Agent"), _("Whose time it is, by address, id or name.")),
    "starts_at": ColumnWords(_("From"), _("When it begins.")),
    "ends_at": ColumnWords(_("To"), _("When it ends.")),
    "kind": ColumnWords(_("What it is"), _("Available, break, training, absence, handling or related work.")),
    "ticket": _TICKET,
    "external_id": _OWN_ID,
}
COSTS: Final[Words] = {
    "category": ColumnWords(_("Category"), _("Wages, technology, facilities, training, management or other.")),
    "amount": ColumnWords(_("Amount"), _("For the whole stretch; it is spread evenly over its days.")),
    "currency": _CURRENCY,
    "valid_from": ColumnWords(_("From"), _("The first day it is for.")),
    "valid_to": ColumnWords(_("To"), _("The last day it is for.")),
    "team": ColumnWords(_("Team"), _("The team it is for; empty: all.")),
    "channel": ColumnWords(_("Channel"), _("The channel it is for; empty: all.")),
    "external_id": _OWN_ID,
}
SERVICE_RECORDS: Final[Words] = {
    "kind": ColumnWords(_("Kind"), _("Such as return, bug_report, appointment, outreach or renewal.")),
    "external_id": ColumnWords(_("Id"), _("With the kind it says which record is meant.")),
    "customer": _CUSTOMER,
    "ticket": _TICKET,
    "channel": ColumnWords(_("Channel"), _("Mail, phone, chat.")),
    "group": ColumnWords(_("Group"), _("Treated or control, where an effect is measured.")),
    "started_at": ColumnWords(_("Started"), _("When it began or was reported.")),
    "acknowledged_at": ColumnWords(_("Acknowledged"), _("When somebody first reacted.")),
    "due_at": ColumnWords(_("Due"), _("Until when it has to be done.")),
    "finished_at": ColumnWords(_("Finished"), _("When it was done.")),
    "outcome": ColumnWords(_("Outcome"), _("What came of it, such as accepted.")),
    "amount": ColumnWords(_("Amount"), _("What it is worth, in the organisation’s currency.")),
    "score": ColumnWords(_("Score"), _("A number that judges it.")),
}
OF_FACTS: Final[Mapping[str, Words]] = {
    "customers": CUSTOMERS,
    "subscriptions": SUBSCRIPTIONS,
    "orders": ORDERS,
    "messages": MESSAGES,
    "agent_time": AGENT_TIME,
    "costs": COSTS,
    "records": SERVICE_RECORDS,
}
