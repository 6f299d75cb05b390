"""What the canonical columns are called on pages, each with one line about it."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from metrics.fact_words import OF_FACTS, ColumnWords

_SHARED: Final[Mapping[str, ColumnWords]] = {
    "external_id": ColumnWords(_("Ticket number"), _("What the help desk calls the ticket; it is found again by it.")),
    "customer": ColumnWords(_("Customer"), _("The customer’s id in the help desk.")),
    "customer_email": ColumnWords(_("Customer’s e-mail"), _("The address the customer writes from.")),
    "subject": ColumnWords(_("Subject"), _("The title of the ticket.")),
    "channel": ColumnWords(_("Channel"), _("How it came in: mail, phone, chat.")),
    "category": ColumnWords(_("Category"), _("What it is about.")),
    "type": ColumnWords(_("Type"), _("Question, incident, task and the like.")),
    "priority": ColumnWords(_("Priority"), _("How urgent it is; targets may depend on it.")),
    "status": ColumnWords(_("Status"), _("Where the ticket stands now.")),
    "team": ColumnWords(_("Team"), _("The group or queue that has the ticket.")),
    "agent": ColumnWords(_("Agent"), _("Who has the ticket, by address, id or name.")),
    "language": ColumnWords(_("Language"), _("The language of the conversation.")),
    "tags": ColumnWords(_("Tags"), _("Labels of the ticket, with commas or spaces between them.")),
    "created_at": ColumnWords(_("Created"), _("When the ticket was opened.")),
    "first_assigned_at": ColumnWords(_("First assigned"), _("When an agent had it for the first time.")),
    "first_agent_reply_at": ColumnWords(_("First reply"), _("When an agent answered for the first time.")),
    "first_solved_at": ColumnWords(_("First solved"), _("When it was solved for the first time.")),
    "solved_at": ColumnWords(_("Solved"), _("When it was solved for the last time.")),
    "closed_at": ColumnWords(_("Closed"), _("When it was closed for good.")),
    "due_at": ColumnWords(_("Due"), _("Until when it has to be solved.")),
    "ring_started_at": ColumnWords(_("Call began to ring"), _("For calls: when the caller began to wait.")),
    "answered_at": ColumnWords(_("Call answered"), _("For calls: when an agent took it.")),
    "abandoned_at": ColumnWords(_("Call abandoned"), _("For calls: when the caller gave up.")),
    "reopens": ColumnWords(_("Reopened"), _("How often it was opened again.")),
    "agent_replies": ColumnWords(_("Agent’s replies"), _("How many public answers agents wrote.")),
    "customer_replies": ColumnWords(_("Customer’s replies"), _("How many messages the customer wrote.")),
    "reassignments": ColumnWords(_("Reassigned"), _("How often it went to somebody else.")),
    "is_outbound": ColumnWords(_("Outbound"), _("Yes where we began the conversation.")),
    "is_spam": ColumnWords(_("Spam"), _("Yes where no figure should count it.")),
    "is_deleted": ColumnWords(_("Deleted"), _("Yes where the help desk has deleted it.")),
    "is_test": ColumnWords(_("Test"), _("Yes where somebody only tried something out.")),
    "merged_into": ColumnWords(_("Merged into"), _("The number of the ticket it became part of.")),
    "bot_involved": ColumnWords(_("Bot involved"), _("Yes where a bot took part.")),
    "handed_to_human_at": ColumnWords(_("Handed to a person"), _("When the bot gave it to an agent.")),
    "fcr": ColumnWords(_("Solved at first contact"), _("Yes or no, where the help desk records it.")),
    "sla_met": ColumnWords(_("Target met"), _("Yes or no, as the help desk judges it.")),
    "satisfaction_score": ColumnWords(_("Satisfaction"), _("The score that the customer gave.")),
    "satisfaction_scale": ColumnWords(_("Highest satisfaction"), _("The best score possible, such as 5.")),
    "satisfaction_comment": ColumnWords(_("Satisfaction comment"), _("What the customer wrote with the score.")),
    "satisfaction_at": ColumnWords(_("Satisfaction given"), _("When the customer gave the score.")),
    "sys_updated_at": ColumnWords(_("Changed"), _("When this state of the incident began.")),
    "sys_mod_count": ColumnWords(_("Number of the change"), _("How often the incident had been changed by then.")),
    "sys_updated_by": ColumnWords(_("Changed by"), _("Who made the change.")),
}
_OF_EVENTS: Final[Mapping[str, ColumnWords]] = {
    "ticket": ColumnWords(_("Ticket number"), _("The ticket to which it happened; it has to be imported before.")),
    "at": ColumnWords(_("Time"), _("When it happened.")),
    "kind": ColumnWords(_("What happened"), _("Such as created, status, assignee, reply or reopen.")),
    "from_value": ColumnWords(_("Before"), _("The value before the change.")),
    "to_value": ColumnWords(_("After"), _("The value after the change.")),
    "actor_type": ColumnWords(_("Kind of actor"), _("Agent, bot, automation, customer or system.")),
    "actor": ColumnWords(_("Actor"), _("Who did it.")),
    "external_id": ColumnWords(_("Event id"), _("What the help desk calls the event, if it does.")),
}
_OF_RESPONSES: Final[Mapping[str, ColumnWords]] = {
    "external_id": ColumnWords(_("Answer’s id"), _("What the other system calls the answer; it is found again by it.")),
    "survey": ColumnWords(_("Survey"), _("The short name of a survey that you have here; empty: one for imports.")),
    "survey_kind": ColumnWords(_("Kind of survey"), _("csat, nps, ces, esat or enps; may be chosen below instead.")),
    "score": ColumnWords(_("Score"), _("The number that was given, or a word for it.")),
    "scale_min": ColumnWords(_("Lowest score"), _("Where the scale begins. Above the highest: the lowest is best.")),
    "scale_max": ColumnWords(_("Highest score"), _("Where the scale ends, such as 5.")),
    "answered_at": ColumnWords(_("Answered"), _("When the score was given.")),
    "invited_at": ColumnWords(_("Invited"), _("When the customer was asked; needed for the response rate.")),
    "comment": ColumnWords(_("Comment"), _("What was written with the score.")),
    "customer": ColumnWords(_("Customer"), _("The customer’s id in the other system. Never kept of employees.")),
    "customer_email": ColumnWords(_("Customer’s e-mail"), _("Who answered, by address. Never kept of employees.")),
    "ticket": ColumnWords(_("Ticket number"), _("The ticket it is about, of the same source, imported before.")),
    "channel": ColumnWords(_("Channel"), _("Mail, phone, chat; empty: as the ticket says.")),
    "category": ColumnWords(_("Category"), _("What it is about; empty: as the ticket says.")),
    "team": ColumnWords(_("Team"), _("Which team was rated; empty: as the ticket says.")),
    "agent": ColumnWords(_("Agent"), _("Who was rated, by address, id or name; empty: as the ticket says.")),
    "language": ColumnWords(_("Language"), _("The language that was answered in.")),
}
_WORDS: Final = {"events": _OF_EVENTS, "responses": _OF_RESPONSES, **OF_FACTS}


def column_words(makes: str, name: str) -> ColumnWords:
    """`makes` is what the reader of a file yields: events and answers have an id of their own."""
    return _WORDS.get(makes, _SHARED)[name]
