import ast
from pathlib import Path

import pandas as pd
import pytest

from metrics import kpi
from metrics.catalogue import CATALOGUE
from metrics.kpi import Better, Family, Kpi, Quantile, Total, Unit

ROOT = Path(__file__).parent.parent.parent
WORDS = {
    "name": "N",
    "family": Family.WORKLOAD,
    "unit": Unit.COUNT,
    "better": Better.HIGHER,
    "at": "created_at",
    "formula": "f",
    "source": "s",
    "gaming": "g",
    "revision": 1,
}


@pytest.fixture(autouse=True)
def _catalogue_stays(monkeypatch):
    monkeypatch.setattr(kpi, "CATALOGUE", dict(CATALOGUE))


CODES = """
response: first_response_time first_response_within_target speed_of_answer reply_time resolution_time
  first_resolution_time requester_wait_time resolution_within_target
resolution: first_contact_resolution one_touch_resolution reopen_rate transfer_rate escalation_rate
  contacts_per_ticket
workload: ticket_volume solved_volume backlog backlog_age channel_share category_share agent_utilisation
  average_handling_time solved_per_agent cost_per_contact
satisfaction: csat nps ces survey_response_rate follow_up_within_one_day recovery_rate employee_satisfaction
  employee_nps
relationship: engagement_frequency outreach_effect cross_sell_rate upsell_rate referral_rate advocacy_rate
  premium_adoption renewal_rate repeat_purchase_rate repeat_purchase_by_service
retention: retention_rate cohort_retention churn_rate customer_lifetime winback_rate
revenue: gross_revenue_retention net_revenue_retention gross_revenue_churn net_revenue_churn quick_ratio
  average_revenue_per_account customer_lifetime_value retention_roi support_conversion
journey: onboarding_completion onboarding_satisfaction time_to_value adoption_rate exit_reasons
channels: channel_quality_variance context_transfer channel_preference
automation: bot_resolution_rate bot_handoff_rate escalation_accuracy automation_acceptance
packs: return_processing_time availability_enquiry_resolution shipping_issue_resolution live_chat_conversion
  bug_report_processing_time feature_request_acknowledgement documentation_effectiveness
  downtime_communication compliance_enquiry_handling account_issue_resolution_time regulatory_satisfaction
  security_incident_communication appointment_scheduling insurance_verification record_access
  patient_satisfaction_link
"""


def contract():
    """The family of every code."""
    found, family = {}, ""
    for word in CODES.split():
        if word.endswith(":"):
            family = word[:-1]
        else:
            found[word] = family
    return found


def test_catalogue_has_codes_of_the_contract_in_their_families():
    families = {code: one.family.value for code, one in CATALOGUE.items()}
    assert families == {code: family for code, family in contract().items() if code in families}
    assert {family.value for family in Family} > set(contract().values())


def test_every_entry_says_everything_in_whole_sentences():
    for one in CATALOGUE.values():
        assert str(one.text).endswith(".")
        assert "\n" not in str(one.text).replace("\n\n", "")
        assert all((str(one.name), str(one.formula), str(one.source), one.revision, one.dimensions))


def test_every_entry_says_how_it_can_be_gamed_in_words_of_its_own_or_of_its_nearest_relatives():
    said: dict[str, list[Kpi]] = {}
    for one in CATALOGUE.values():
        text = str(one.gaming)
        assert len(text) > 60
        assert text.endswith(".")
        said.setdefault(text, []).append(one)
    shared = {tuple(one.code for one in members) for members in said.values() if len(members) > 1}
    assert shared == {
        ("employee_satisfaction", "employee_nps"),
        ("cross_sell_rate", "upsell_rate"),
        ("repeat_purchase_by_service", "patient_satisfaction_link"),
        ("retention_rate", "cohort_retention", "churn_rate", "customer_lifetime"),
        ("gross_revenue_retention", "gross_revenue_churn"),
        ("net_revenue_retention", "net_revenue_churn"),
        ("availability_enquiry_resolution", "account_issue_resolution_time"),
        ("compliance_enquiry_handling", "record_access"),
    }


def test_an_entry_without_a_way_to_game_it_is_refused():
    with pytest.raises(TypeError, match="gaming"):
        kpi.define("nameless", nameless, text="T.", **{name: said for name, said in WORDS.items() if name != "gaming"})


def test_an_entry_is_read_off_its_function():
    @kpi.kpi(**WORDS)
    def parcels(tickets: pd.DataFrame) -> Total:
        """How many parcels
        came.

        Not letters.
        """
        return Total(whole=tickets.id > 0)

    found = kpi.CATALOGUE["parcels"]
    assert (found.code, found.frame, found.shape, str(found.text)) == (
        "parcels",
        "tickets",
        Total,
        "How many parcels came.\n\nNot letters.",
    )
    assert found.dimensions == ("channel", "category", "type", "priority", "team", "agent", "tier")
    assert (found.has_clocks, found.is_stock, found.matures_after_days) == (False, False, 0)


def test_two_entries_of_one_name_are_refused():
    def csat(answers: pd.DataFrame) -> Total:
        """Twice."""
        return Total(whole=answers.id > 0)

    with pytest.raises(ValueError, match=r"^There are two KPIs called csat\.$"):
        kpi.kpi(**WORDS)(csat)


def nameless(tickets: pd.DataFrame) -> Total:
    return Total(whole=tickets.id > 0)


def of_something(parcels: pd.DataFrame) -> Total:
    """Text."""
    return Total(whole=parcels.id > 0)


def without_shape(tickets: pd.DataFrame):
    """Text."""
    return Total(whole=tickets.id > 0)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (nameless, "nameless needs a docstring: it is printed beside the figure."),
        (
            of_something,
            f"of_something must read one of the frames {', '.join(kpi.DIMENSIONS)}, not parcels.",
        ),
        (without_shape, "without_shape must say in its return type how it adds up."),
    ],
)
def test_an_entry_that_does_not_say_what_it_must_is_refused(function, sentence):
    with pytest.raises(ValueError, match=r"must|needs") as caught:
        kpi.kpi(**WORDS)(function)
    assert str(caught.value) == sentence


def test_business_clock_may_be_missing():
    frame = pd.DataFrame({"reply_calendar_seconds": [1]})
    assert list(kpi.clocks(frame, "reply")) == ["calendar"]
    assert list(kpi.clocks(frame.assign(reply_business_seconds=[1]), "reply")) == ["calendar", "business"]
    assert Quantile(whole=[True], seconds={}).excluded == {}


def test_words_and_catalogue_see_no_database():
    files = [ROOT / "metrics" / "kpi.py", *(ROOT / "metrics" / "catalogue").glob("*.py")]
    for file in files:
        modules = {node.module for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)}
        assert not [module for module in modules if str(module).startswith("django.db")], file
