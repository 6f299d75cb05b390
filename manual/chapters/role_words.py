"""What the help of the manual says to each role, and which permissions it names. The words beside the roles themselves:
customers and stakeholders have no account, the others are kpiproject.roles and whoever runs the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from metrics.kpi import Text


@dataclass(frozen=True, kw_only=True)
class Task:
    """One of the things that somebody does most. `page` is the name of an address, `place` what it is called there."""

    words: Text
    page: str = ""
    place: Text = ""


@dataclass(frozen=True, kw_only=True)
class Role:
    code: str
    name: Text
    who: Text
    sees: Sequence[Text]
    may: Sequence[Text]
    tasks: Sequence[Task]


@dataclass(frozen=True, kw_only=True)
class Capability:
    words: Text
    permission: str


_CUSTOMER: Final = Role(
    code="customer",
    name=_("For customers"),
    who=_("Whoever has been in touch with us, and whom we ask how it went. Customers need no account."),
    sees=(
        _("The question, the scale and our name, on one page without advertising and without anything of others."),
        _("Beneath it, who asks and what becomes of the answer."),
    ),
    may=(_("Answer or not; nothing depends on it."),),
    tasks=(
        Task(words=_("Answer with one click, in the mail or on the page.")),
        Task(words=_("Add a comment in your own words. A person reads it.")),
        Task(words=_("Change your mind: the same link opens the answer again, for as long as the survey allows it.")),
        Task(words=_("Ask for no more surveys, with the link in every mail; it counts at once and for good.")),
        Task(words=_("Be called back if you were unhappy: somebody is asked to, without you having to write again.")),
    ),
)
_STAFF: Final = Role(
    code="staff",
    name=_("For staff"),
    who=_("Everybody who works with our customers."),
    sees=(
        _("All KPIs with their definitions, the goals, the surveys with their results, and this manual."),
        _("Unhappy customers who wait to be contacted, and the thanks of colleagues."),
        _("Nothing of what colleagues do wrong: what customers think of one person needs many answers to be shown."),
    ),
    may=(_("Look after unhappy customers, check in on goals, thank, ask, and say what is not clear."),),
    tasks=(
        Task(words=_("See how things stand, and what waits for you."), page="home", place=_("Home")),
        Task(words=_("Contact an unhappy customer."), page="surveys:follow_up_list", place=_("Follow-ups")),
        Task(words=_("Look a figure up, with what it means and where it comes from."),
             page="metrics:kpi_list", place=_("KPIs")),
        Task(words=_("Read what the manual asks you to read, and confirm it or ask."),
             page="manual:reading", place=_("My reading list")),
        Task(words=_("Thank somebody for what they did."), page="goals:thanks", place=_("Thanks")),
    ),
)  # fmt: skip
_MANAGER: Final = Role(
    code="manager",
    name=_("For managers"),
    who=_("Whoever decides what is measured, what is to be reached, and who is told."),
    sees=(
        _("Everything that staff see, and besides alarms, reports, imports, people, and who has read the manual."),
        _("Figures of single people from enough answers on, for a conversation with them and for nothing else."),
    ),
    may=(
        _("Decide everything that the pages offer; what was published or answered stays as it is for managers, too."),
    ),
    tasks=(
        Task(
            words=_("Bring in new tickets, customers or answers."), page="metrics:import_new", place=_("Import a file")
        ),
        Task(words=_("Choose the KPIs you work with."), page="setup:overview", place=_("Set up")),
        Task(words=_("Set a goal, and see whether it is on track."), page="goals:board", place=_("Goals")),
        Task(words=_("Acknowledge an alarm, and look before you act."), page="goals:alert_list", place=_("Alerts")),
        Task(words=_("Hold a review, and keep what was decided."), page="goals:review_list", place=_("Reviews")),
    ),
)
_STAKEHOLDER: Final = Role(
    code="stakeholder",
    name=_("For stakeholders"),
    who=_("Whoever wants to know how we serve our customers: owners, sales, product, partners. No account is needed."),
    sees=(
        _("The reports that were agreed, by mail, always of whole weeks."),
        _("The sections of this manual that were shared, with the figures of the day on which they were published."),
        _("No names of customers or colleagues, and nothing that rests on a handful of cases."),
    ),
    may=(_("Read, pass on a question, and end a report or a notice by yourself."),),
    tasks=(
        Task(words=_("Read the report from the top: what changed by more than chance stands first.")),
        Task(words=_("Look up in this manual what a figure means before you compare it with another company’s.")),
        Task(words=_("Follow the manual, to be told when a new edition says something different.")),
        Task(words=_("Acknowledge an alarm, where you are asked to, with the link in its mail.")),
        Task(words=_("Get less mail, with the link at the end of every report and alarm.")),
    ),
)
_OPERATOR: Final = Role(
    code="operator",
    name=_("For whoever runs Plumbline"),
    who=_("Whoever looks after the machine on which Plumbline runs, and its accounts."),
    sees=(_("Everything that managers see, the administration, and the machine with its log."),),
    may=(_("Everything, including what no page offers: settings, backups, updates."),),
    tasks=(
        Task(words=_("Invite people, change their role, and take their access away when they leave."),
             page="people:list", place=_("People")),
        Task(words=_("See whether data come in, and what is wrong with them."), page="metrics:data", place=_("Data")),
        Task(words=_("See whether mails arrive."), page="surveys:delivery", place=_("Delivery")),
        Task(words=_("Change name, time zone, opening hours and the like."),
             page="admin:index", place=_("Administration")),
        Task(words=_("Back everything up with manage.py backup, and try once a year whether restore brings it back.")),
    ),
)  # fmt: skip
ROLES: Final = (_CUSTOMER, _STAFF, _MANAGER, _STAKEHOLDER, _OPERATOR)


def capabilities() -> Sequence[Capability]:
    """In the order in which they are told."""
    return _CAPABILITIES


_CAPABILITIES: Final = (
    Capability(words=_("See KPIs and their figures"), permission="metrics.view_rollup"),
    Capability(words=_("See the tickets behind a figure"), permission="metrics.view_ticket"),
    Capability(words=_("Choose which KPIs count"), permission="metrics.change_adoption"),
    Capability(words=_("Define own KPIs"), permission="metrics.add_customkpi"),
    Capability(words=_("Import data, and undo an import"), permission="metrics.add_importrun"),
    Capability(words=_("Set service targets"), permission="metrics.change_servicetarget"),
    Capability(words=_("See goals and reviews"), permission="goals.view_goal"),
    Capability(words=_("Set goals and close them"), permission="goals.change_goal"),
    Capability(words=_("Check in on a goal"), permission="goals.add_checkin"),
    Capability(words=_("See and acknowledge alarms"), permission="goals.change_alarm"),
    Capability(words=_("Make alert rules and escalation chains"), permission="goals.change_alertrule"),
    Capability(words=_("Make reports and choose their readers"), permission="goals.change_report"),
    Capability(words=_("Thank colleagues"), permission="goals.add_thanks"),
    Capability(words=_("See surveys and their results"), permission="surveys.view_survey"),
    Capability(words=_("Make surveys and send them"), permission="surveys.change_survey"),
    Capability(words=_("Look after unhappy customers"), permission="surveys.change_followup"),
    Capability(words=_("Read the manual"), permission="manual.view_edition"),
    Capability(words=_("Confirm sections, ask, say what is not clear"), permission="manual.add_acknowledgement"),
    Capability(words=_("Write the manual"), permission="manual.change_section"),
    Capability(words=_("Publish and share the manual"), permission="manual.add_edition"),
    Capability(words=_("See who has read what"), permission="manual.view_acknowledgement"),
    Capability(words=_("Invite people and change their role"), permission="kpiproject.change_user"),
    Capability(words=_("Change the organisation and its opening hours"), permission="kpiproject.change_organisation"),
)
