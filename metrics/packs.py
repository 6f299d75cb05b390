"""Named sets of KPIs: industry packs, and what to begin with by kind of business. Only data; all are proposals."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from metrics.kpi import Text


class Aspect(StrEnum):
    """What a balanced choice says something about."""

    SPEED = "speed"
    QUALITY = "quality"
    SATISFACTION = "satisfaction"
    EFFORT = "effort"
    WORKLOAD = "workload"
    BUSINESS = "business"


ASPECT_NAMES: Final[Mapping[Aspect, Text]] = {
    Aspect.SPEED: _("Speed: how long customers wait"),
    Aspect.QUALITY: _("Quality: whether it is solved, and for good"),
    Aspect.SATISFACTION: _("Satisfaction: what customers say"),
    Aspect.EFFORT: _("Effort: how hard customers have to try"),
    Aspect.WORKLOAD: _("Workload: how much there is to do"),
    Aspect.BUSINESS: _("Business: what service does for it"),
}


@dataclass(frozen=True, kw_only=True)
class Pack:
    code: str
    name: Text
    about: Text
    kpis: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """What to begin with: for each aspect so many, of these in this order. Twelve in all at most."""

    code: str
    name: Text
    about: Text
    pack: str
    wanted: Mapping[Aspect, tuple[int, tuple[str, ...]]]


PACKS: Final = (
    Pack(
        code="ecommerce",
        name=_("E-commerce"),
        about=_("Returns, questions about what is in stock, trouble with delivery, and chats that end in an order."),
        kpis=(
            "return_processing_time",
            "availability_enquiry_resolution",
            "shipping_issue_resolution",
            "live_chat_conversion",
        ),
    ),
    Pack(
        code="saas",
        name=_("Software as a service"),
        about=_("Bugs, wishes for features, documentation that answers questions, and word about downtime."),
        kpis=(
            "bug_report_processing_time",
            "feature_request_acknowledgement",
            "documentation_effectiveness",
            "downtime_communication",
        ),
    ),
    Pack(
        code="finance",
        name=_("Finance"),
        about=_("Questions about rules, trouble with accounts, what the supervisor asks, and word about security."),
        kpis=(
            "compliance_enquiry_handling",
            "account_issue_resolution_time",
            "regulatory_satisfaction",
            "security_incident_communication",
        ),
    ),
    Pack(
        code="healthcare",
        name=_("Healthcare"),
        about=_("Appointments, checks of insurance, access to records, and what patients say in the end."),
        kpis=("appointment_scheduling", "insurance_verification", "record_access", "patient_satisfaction_link"),
    ),
)
"""What a manager adopts as a whole or not; the KPIs read service records of the kinds that belong to them."""

_SPEED: Final = ("first_response_time", "resolution_time", "first_response_within_target", "speed_of_answer")
_QUALITY: Final = ("first_contact_resolution", "reopen_rate", "resolution_within_target", "escalation_rate")
_SATISFACTION: Final = ("csat", "nps", "follow_up_within_one_day", "recovery_rate")
_EFFORT: Final = ("ces", "contacts_per_ticket", "transfer_rate")
_WORKLOAD: Final = ("ticket_volume", "backlog", "cost_per_contact", "average_handling_time")


def _wanted(
    business: tuple[str, ...], *, speed: tuple[str, ...] = _SPEED
) -> Mapping[Aspect, tuple[int, tuple[str, ...]]]:
    return {
        Aspect.SPEED: (2, speed),
        Aspect.QUALITY: (2, _QUALITY),
        Aspect.SATISFACTION: (2, _SATISFACTION),
        Aspect.EFFORT: (1, _EFFORT),
        Aspect.WORKLOAD: (2, _WORKLOAD),
        Aspect.BUSINESS: (3, business),
    }


PILOTS: Final = (
    Pilot(
        code="ecommerce",
        name=_("Online shop"),
        about=_("Orders, deliveries and returns; customers come back or not."),
        pack="ecommerce",
        wanted=_wanted(
            (
                "repeat_purchase_rate",
                "return_processing_time",
                "live_chat_conversion",
                "shipping_issue_resolution",
                "support_conversion",
            )
        ),
    ),
    Pilot(
        code="saas",
        name=_("Software as a service"),
        about=_("Subscriptions that are renewed, grow or end."),
        pack="saas",
        wanted=_wanted(
            (
                "net_revenue_retention",
                "churn_rate",
                "time_to_value",
                "renewal_rate",
                "bug_report_processing_time",
            )
        ),
    ),
    Pilot(
        code="finance",
        name=_("Bank or insurance"),
        about=_("Accounts, rules, and trust that must not be lost."),
        pack="finance",
        wanted=_wanted(
            (
                "account_issue_resolution_time",
                "compliance_enquiry_handling",
                "retention_rate",
                "security_incident_communication",
            ),
            speed=("speed_of_answer", "first_response_time", "resolution_time"),
        ),
    ),
    Pilot(
        code="healthcare",
        name=_("Healthcare"),
        about=_("Appointments, insurances and records; patients who have to be reachable."),
        pack="healthcare",
        wanted=_wanted(
            ("appointment_scheduling", "insurance_verification", "record_access", "patient_satisfaction_link"),
            speed=("speed_of_answer", "first_response_time", "resolution_time"),
        ),
    ),
    Pilot(
        code="service",
        name=_("Any other service"),
        about=_("Customers ask, and somebody helps them."),
        pack="",
        wanted=_wanted(("survey_response_rate", "solved_volume", "agent_utilisation", "category_share")),
    ),
)
