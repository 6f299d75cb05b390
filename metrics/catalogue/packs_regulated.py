"""What only some industries measure: finance and healthcare. Terms of law are presets, not advice."""

from typing import Final

import numpy as np
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.catalogue._activity import instants, per_customer, places
from metrics.catalogue._figures import DAY, Floats, Truths, association, count, middle, percent, share, spread
from metrics.catalogue._records import (
    days_between,
    earliest,
    is_decided,
    is_good,
    is_one_of,
    lasting,
    not_a_cause,
    of_kind,
    seconds_between,
    within,
)
from metrics.catalogue._service import satisfaction
from metrics.catalogue.packs import DIMENSIONS
from metrics.kpi import UNKNOWN, Better, Family, Frame, Unit, Whole, Window, kpi

_DUE_MOVED: Final = _(
    "Due times are moved when they cannot be kept, an interim answer is booked as the answer, or a request is entered "
    "days after it came."
)
_LINK: Final = _(
    "It says that two things go together and not that one brings about the other; a period or a group that fits is "
    "easily found by looking long enough."
)

_HIPAA_DAYS = 30
_NO_SHOW = ("no_show", "noshow", "missed", "did_not_attend", "dna")


@kpi(
    name=_("Compliance enquiries in time"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="due_at",
    formula=_("answered within their due time ÷ due in the period × 100"),
    source=_("own definition; CFPB asks for 15 calendar days, Regulation E for 10 business days: set the due times so"),
    gaming=_DUE_MOVED,
    revision=1,
    dimensions=DIMENSIONS,
)
def compliance_enquiry_handling(records: Frame, window: Window) -> Whole:
    """Share of the compliance enquiries due in a period that were finished within their due time.

    Counted are service records of the kind compliance_enquiry, on the day they were due; how days are counted is for
    the record's own due time to say. Beside it stands how long they took, in the middle. Left out and shown as such:
    those not due yet and not finished, and those that began in the period without any due time.
    """
    finished, due = instants(records, "finished_at"), instants(records, "due_at")
    return _in_time(records, of_kind(records, "compliance_enquiry"), (finished != MISSING) & (finished <= due), window)


@kpi(
    name=_("Regulatory requests in time and accepted"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="due_at",
    formula=_("answered within their due time and accepted at the first answer ÷ due in the period × 100"),
    source=_("own definition"),
    gaming=_("An interim letter is booked as the answer, or a request for more papers as accepted."),
    revision=1,
    dimensions=DIMENSIONS,
)
def regulatory_satisfaction(records: Frame, window: Window) -> Whole:
    """Share of the regulatory requests due in a period that were answered in time, with an answer that was accepted.

    Counted are service records of the kind regulatory_request, on the day they were due; the outcome says whether the
    first answer was accepted. Left out and shown as such: those not due yet and not finished, and those that began in
    the period without any due time.
    """
    finished, due = instants(records, "finished_at"), instants(records, "due_at")
    in_time = (finished != MISSING) & (finished <= due) & is_good(records)
    return _in_time(records, of_kind(records, "regulatory_request"), in_time, window)


@kpi(
    name=_("Communication of security incidents"),
    family=Family.PACKS,
    unit=Unit.SECONDS,
    better=Better.LOWER,
    at="started_at",
    formula=_("first notice to those affected − start of the incident"),
    source=_("own definition"),
    gaming=_(
        "The incident begins, in the books, when it was confirmed and not when it started, or a vague first notice "
        "tells those affected nothing that they can act on."
    ),
    revision=1,
    dimensions=DIMENSIONS,
)
def security_incident_communication(records: Frame, window: Window) -> Whole:
    """How long it takes from the start of a security incident until those affected are told.

    Counted are service records of the kind security_notice, on the day the incident began; acknowledged is the first
    notice, else finished. In calendar time. Beside it stand the share told within the record's due time, else within as
    many hours as the organisation has chosen, of all incidents that are old enough; and how many nobody was told of.
    Left out and shown as such: notices before the start.
    """
    started = instants(records, "started_at")
    told = earliest(instants(records, "acknowledged_at"), instants(records, "finished_at"))
    meant, own = of_kind(records, "security_notice") & within(started, window), instants(records, "due_at")
    limit = np.where(own == MISSING, started + window.options.notice_hours * 3600, own)
    decided = meant & ((told != MISSING) | (limit <= window.now))
    in_time = decided & (told != MISSING) & (told <= limit)
    beside = {
        "within_limit_percent": percent(count(in_time), count(decided)),
        "not_told": count(meant & (told == MISSING)),
    }
    return lasting(meant, seconds_between(started, told), beside=beside)


@kpi(
    name=_("Appointment scheduling"),
    family=Family.PACKS,
    unit=Unit.DAYS,
    better=Better.LOWER,
    at="started_at",
    formula=_("third next available appointment − request, in calendar days"),
    source=_("Institute for Healthcare Improvement, “third next available appointment”"),
    gaming=_(
        "Free appointments are held back and released just before the measurement, or appointments are made too short "
        "to be of use."
    ),
    revision=1,
    dimensions=DIMENSIONS,
)
def appointment_scheduling(records: Frame, window: Window) -> Whole:
    """How many calendar days, weekends among them, lie between a request and the third next free appointment.

    Counted are service records of the kind appointment, on the day of the request. Where no record of the period says
    when the third next appointment was (a column offered_at), it is the days until an appointment was booked
    (acknowledged), and the figure says so. Beside it stand the days until booking, and the share of appointments due in
    the period that nobody came to, of those whose outcome is known. Left out and shown as such: what ends before it
    starts.
    """
    started, booked = instants(records, "started_at"), instants(records, "acknowledged_at")
    offered, due = instants(records, "offered_at"), instants(records, "due_at")
    kind = of_kind(records, "appointment")
    meant = kind & within(started, window)
    has_offers = bool((meant & (offered != MISSING)).any())
    until_booked = days_between(started, booked, window.zone)
    days = days_between(started, offered, window.zone) if has_offers else until_booked
    over = kind & within(due, window) & is_decided(records)
    missed = is_one_of(records, "outcome", _NO_SHOW)
    notes = () if has_offers else (_now("No record tells the third next appointment: these are days until booking."),)
    return spread(
        meant & (days >= 0),
        np.nan_to_num(days),
        excluded={"negative_duration": meant & (days < 0)},
        beside={
            "days_until_booked": middle(until_booked, meant & (until_booked >= 0)),
            "no_show_percent": percent(count(over & missed), count(over)),
        },
        notes=notes,
    )


@kpi(
    name=_("Insurance verified before the visit"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="due_at",
    formula=_("verified before the visit ÷ visits × 100"),
    source=_("own definition"),
    gaming=_("A look at the card is booked as verified, or visits that were not verified are entered afterwards."),
    revision=1,
    dimensions=DIMENSIONS,
)
def insurance_verification(records: Frame, window: Window) -> Whole:
    """Share of visits before which the insurance was verified.

    Counted are service records of the kind insurance_verification, on the day of the visit, which is when they are due.
    An outcome that says it failed does not count. Beside it stands how long a verification took, in the middle, in
    calendar time. Left out and shown as such: visits to come that are not verified yet, and those without a time.
    """
    finished, due = instants(records, "finished_at"), instants(records, "due_at")
    in_time = (finished != MISSING) & (finished <= due) & (is_good(records) | ~is_decided(records))
    return _in_time(records, of_kind(records, "insurance_verification"), in_time, window)


@kpi(
    name=_("Access to records in time"),
    family=Family.PACKS,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="due_at",
    formula=_("records provided within their due time ÷ requests due in the period × 100"),
    source=_("preset by HIPAA, 45 CFR 164.524: 30 calendar days, one extension of 30 more"),
    gaming=_DUE_MOVED,
    revision=1,
    dimensions=DIMENSIONS,
)
def record_access(records: Frame, window: Window) -> Whole:
    """Share of the requests for one's own records that were met in time.

    Counted are service records of the kind record_request, on the day they were due: by their own due time, else 30
    days after the request. Beside it stand the days it took, in the middle, and how many had their time extended beyond
    30 days. Left out and shown as such: those not due yet and not met.
    """
    started, finished = instants(records, "started_at"), instants(records, "finished_at")
    own, usual = instants(records, "due_at"), started + _HIPAA_DAYS * DAY
    due = np.where(own == MISSING, usual, own)
    meant = of_kind(records, "record_request") & within(due, window)
    pending = meant & (finished == MISSING) & (due > window.now)
    counted = meant & ~pending
    is_met = (finished != MISSING) & (finished <= due) & (is_good(records) | ~is_decided(records))
    days = days_between(started, finished, window.zone)
    beside = {"median_days": middle(days, counted & (days >= 0)), "extended": count(counted & (due > usual))}
    return share(counted, is_met, at=due, excluded={"pending": pending}, beside=beside)


@kpi(
    name=_("Patient satisfaction and quality of service"),
    family=Family.PACKS,
    unit=Unit.CORRELATION,
    better=Better.NEITHER,
    at="signed_up_at",
    formula=_("Spearman's ρ of how well patients were served and how satisfied they are"),
    source=_("Spearman 1904; interval by Bonett and Wright 2000"),
    gaming=_LINK,
    revision=1,
    dimensions=("segment", "tier", "country", "language"),
    looks_ahead_days=8,
)
def patient_satisfaction_link(customers: Frame, tickets: Frame, answers: Frame, window: Window) -> Whole:
    """Whether patients who were served well are more satisfied than those who were not.

    Of every patient with tickets and answers in the period, the mean quality of the tickets (solved within the service
    target where one applies, and solved for good at the first time) is set against the mean satisfaction. It is an
    association, not a cause. On fewer than 30 patients there is no figure.
    """
    felt, last = satisfaction(customers, answers, window)
    served = _quality(customers, tickets, window)
    meant = (last != MISSING) & ~np.isnan(served) & ~np.isnan(felt)
    return association(meant, served, felt, at=last, notes=(not_a_cause(),))


def _quality(customers: Frame, tickets: Frame, window: Window) -> Floats:
    """Of every customer the mean over the solved tickets of the period of what went well: from 0 to 1, or NaN."""
    done, due, told = (instants(tickets, name) for name in ("done_at", "target_due_at", "sla_met"))
    reopens, following = instants(tickets, "reopens"), instants(tickets, "next_ticket_at")
    rows, n = places(customers, tickets), len(customers)
    meant = within(instants(tickets, "created_at"), window) & (done != MISSING) & (rows >= 0)
    has_target = (due != MISSING) | (told != UNKNOWN)
    kept = np.where(due != MISSING, done <= due, told == 1)
    for_good = (reopens <= 0) & ((following == MISSING) | (following > done + 7 * DAY))
    points = for_good.astype(np.float64) + np.where(has_target, kept.astype(np.float64), 0.0)
    most = 1.0 + has_target.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return per_customer(rows, meant, n, points / most) / per_customer(rows, meant, n)


def _in_time(records: Frame, kind: Truths, in_time: Truths, window: Window) -> Whole:
    """Of what is due in the period; what is not due yet counts once it is finished."""
    started, finished, due = (instants(records, name) for name in ("started_at", "finished_at", "due_at"))
    meant = kind & within(due, window)
    pending = meant & (finished == MISSING) & (due > window.now)
    never_due = kind & (due == MISSING) & within(started, window)
    took = seconds_between(started, finished)
    return share(
        meant & ~pending,
        in_time,
        excluded={"pending": pending, "no_due_time": never_due},
        beside={"median_seconds": middle(took, meant & (took >= 0))},
    )
