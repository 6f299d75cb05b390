"""What every KPI needs to be computed, in kinds of facts and in columns that must be filled."""

from collections.abc import Collection, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from metrics.kpi import Kpi, Text

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "tickets": ("tickets",),
    "spells": ("tickets",),
    "answers": ("survey_responses",),
    "employees": ("survey_responses",),
    "invitations": ("invitations",),
    "follow_ups": ("invitations",),
    "recoveries": ("invitations",),
    "customers": ("customers",),
    "subscriptions": ("subscriptions",),
    "orders": ("orders",),
    "records": ("service_records",),
    "work": ("agent_time",),
    "shifts": ("agent_time",),
    "costs": ("costs",),
    "spending": ("costs",),
    "calls": ("tickets",),
    "waits": ("messages",),
    "paths": ("tickets",),
    "demand": ("tickets",),
    "bots": ("tickets",),
    "cases": ("tickets", "service_records"),
    "messages": ("messages",),
    "ticket_events": ("ticket_events",),
}
"""The kinds of facts out of which each frame is made."""

KIND_NAMES: Final[Mapping[str, Text]] = {
    "tickets": _("tickets"),
    "ticket_events": _("ticket events"),
    "messages": _("messages"),
    "survey_responses": _("answers to surveys"),
    "invitations": _("invitations to surveys"),
    "customers": _("customers"),
    "subscriptions": _("subscriptions"),
    "orders": _("orders"),
    "service_records": _("service records"),
    "agent_time": _("agent times"),
    "costs": _("costs"),
}
IMPORTED: Final = frozenset(KIND_NAMES) - {"invitations"}
"""Kinds that come out of a file; invitations are sent by our own surveys."""

_ANY_OF: Final = frozenset({"customers", "subscriptions", "orders"})
"""Who is a customer, and for how long, follows from any of these."""

_ALWAYS: Final[Mapping[str, str]] = {
    "repeat_purchase_rate": "orders",
    "repeat_purchase_by_service": "orders",
    "support_conversion": "orders",
    "premium_adoption": "subscriptions",
    "gross_revenue_retention": "subscriptions",
    "net_revenue_retention": "subscriptions",
    "gross_revenue_churn": "subscriptions",
    "net_revenue_churn": "subscriptions",
    "quick_ratio": "subscriptions",
}
"""What a KPI cannot do without, although other kinds make its rows as well."""

_RECORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "outreach_effect": ("outreach",),
    "cross_sell_rate": ("cross_sell",),
    "upsell_rate": ("upsell",),
    "referral_rate": ("referral",),
    "onboarding_completion": ("onboarding",),
    "return_processing_time": ("return",),
    "availability_enquiry_resolution": ("availability_enquiry",),
    "shipping_issue_resolution": ("shipping_issue",),
    "live_chat_conversion": ("chat_conversion",),
    "support_conversion": ("chat_conversion",),
    "bug_report_processing_time": ("bug_report",),
    "feature_request_acknowledgement": ("feature_request",),
    "documentation_effectiveness": ("documentation",),
    "downtime_communication": ("downtime_notice",),
    "compliance_enquiry_handling": ("compliance_enquiry",),
    "account_issue_resolution_time": ("account_issue",),
    "regulatory_satisfaction": ("regulatory_request",),
    "security_incident_communication": ("security_notice",),
    "appointment_scheduling": ("appointment",),
    "insurance_verification": ("insurance_verification",),
    "record_access": ("record_request",),
}
"""Which kinds of service records a KPI counts."""

COLUMNS: Final[Mapping[str, Text]] = {
    "first_response_within_target": _("service targets for the first answer"),
    "speed_of_answer": _("calls with the columns ring_started_at and answered_at"),
    "reply_time": _("messages with at and author_type"),
    "requester_wait_time": _("ticket events with changes of status"),
    "resolution_within_target": _("service targets, or the column sla_met"),
    "first_contact_resolution": _("the column agent_replies, or the column fcr"),
    "one_touch_resolution": _("the column agent_replies, and the column reopens or ticket events"),
    "reopen_rate": _("the column reopens, or ticket events"),
    "transfer_rate": _("the column reassignments, or ticket events"),
    "escalation_rate": _("ticket events of kind escalate"),
    "agent_utilisation": _("agent times of kinds available and handling"),
    "average_handling_time": _("agent times of kind handling"),
    "solved_per_agent": _("the agent of each ticket"),
    "csat": _("answers of kind csat, or the column satisfaction_score of tickets"),
    "nps": _("answers of kind nps"),
    "ces": _("answers of kind ces"),
    "employee_satisfaction": _("answers of kind esat"),
    "employee_nps": _("answers of kind enps"),
    "advocacy_rate": _("answers of kind nps, and service records of kind referral"),
    "recovery_rate": _("answers to the survey about a settled complaint"),
    "premium_adoption": _("the column is_premium"),
    "renewal_rate": _("the columns renewal_due_on and renewed_on"),
    "churn_rate": _("the column left_on of customers, or ended_on of subscriptions"),
    "winback_rate": _("customers who left and came back"),
    "exit_reasons": _("the column leave_reason"),
    "time_to_value": _("signed_up_on, and the first use as service records"),
    "adoption_rate": _("customers whose use is recorded"),
    "bot_resolution_rate": _("the column bot_involved"),
    "bot_handoff_rate": _("the columns bot_involved and handed_to_human_at"),
    "escalation_accuracy": _("ticket events of escalations"),
    "automation_acceptance": _("the column bot_involved, and answers of kind csat"),
    "context_transfer": _("ticket events of hand-overs"),
}
"""What must be filled beyond there being rows, in words."""


def lacking(kpi: Kpi, there: Collection[str]) -> tuple[str, ...]:
    """The kinds of facts that a KPI reads and that are not there."""
    kinds = dict.fromkeys(kind for frame in kpi.frames for kind in _kinds(frame, there))
    if always := _ALWAYS.get(kpi.code):
        kinds[always] = None
    if "customers" in kpi.frames and _ANY_OF.intersection(there):
        kinds = dict.fromkeys(kind for kind in kinds if kind not in _ANY_OF or kind == always)
    return tuple(kind for kind in kinds if kind not in there)


def may_have_rows(kpi: Kpi, there: Collection[str]) -> bool:
    """Whether there is anything of which the rows behind its figure are made."""
    always = _ALWAYS.get(kpi.code)
    return (always is None or always in there) and any(kind in there for kind in _kinds(kpi.frame, there))


def _kinds(frame: str, there: Collection[str]) -> tuple[str, ...]:
    kinds = KINDS.get(frame, ())
    is_any = _ANY_OF.intersection(kinds) and _ANY_OF.intersection(there)
    return tuple(sorted(_ANY_OF.intersection(there))) if is_any and frame == "customers" else kinds


def columns(kpi: Kpi) -> str:
    """What must be filled, in words; empty where rows alone are enough."""
    if records := _RECORDS.get(kpi.code):
        return str(_("service records of kind %(kinds)s")) % {"kinds": ", ".join(records)}
    return str(COLUMNS.get(kpi.code, ""))
