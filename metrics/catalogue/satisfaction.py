"""What customers say."""

from django.utils.translation import gettext_lazy as _

from metrics.kpi import Better, Column, Family, Frame, Mean, Ratio, Unit, kpi


@kpi(
    name=_("Customer satisfaction (CSAT)"),
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("satisfied answers ÷ answers × 100"),
    source=_("Zendesk and Delighted: 4 and 5 of 5 are satisfied"),
    gaming=_(
        "Only customers who are likely to be happy are invited, people ask for a good score, or hard cases are closed "
        "in a way that sends no survey."
    ),
    revision=3,
)
def csat(answers: Frame) -> Ratio:
    """Share of satisfied customers among those who answered.

    Satisfied are the scores 2 of 2, 3 of 3, 3 and 4 of 4, 4 and 5 of 5; of 7 and of 10 points the two highest, which is
    our own choice because nobody publishes one. Counted on the day of the answer; skipped questions are not answers.
    A score that came with a ticket counts unless the customer answered a survey about that ticket; without a time of
    its own it counts when the ticket was solved, else closed, else created, and without a scale it is one of 5. A
    survey may have thresholds of its own, which are fixed while it is open. Left out and shown as such: answers that a
    later one about the same ticket replaces, surveys about something else than service (onboarding, product, leaving, a
    settled complaint), scores above their scale, and scales without agreed thresholds. The mean score stands beside the
    share, unless scales mix.
    """
    return _share(answers, "csat")


@kpi(
    name=_("Net Promoter Score (NPS)"),
    family=Family.SATISFACTION,
    unit=Unit.POINTS,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("(promoters − detractors) ÷ answers × 100"),
    source=_("Reichheld 2003, “The One Number You Need to Grow”"),
    gaming=_(
        "Customers are told that only 9 and 10 count as good, or those who are unhappy are left off the list of whom "
        "to ask."
    ),
    revision=2,
)
def nps(answers: Frame) -> Mean:
    """Share of promoters (9 and 10 of 0 to 10) minus share of detractors (0 to 6), in points from −100 to 100.

    Counted on the day of the answer; skipped questions are not answers. Left out and shown as such: answers that a
    later one about the same ticket replaces, surveys about something else than the relationship or service, and scales
    other than 0 to 10.
    """
    whole, excluded = _judged(answers, "nps")
    return Mean(value=answers.is_good.astype("int8") - answers.is_bad.astype("int8"), whole=whole, excluded=excluded)


@kpi(
    name=_("Customer effort (CES)"),
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("answers “easy” ÷ answers × 100"),
    source=_("Gartner, CES 2.0: 5 to 7 of 7; Delighted: 4 and 5 of 5"),
    gaming=_(
        "Easy cases are surveyed and hard ones are not, or agents fill in the form while the customer is on the "
        "telephone."
    ),
    revision=2,
)
def ces(answers: Frame) -> Ratio:
    """Share of customers who found it easy to get their issue resolved: 5 to 7 of 7, or 4 and 5 of 5.

    Where effort was asked ("how much effort …?"), low scores are easy: 1 to 3 of 7, 1 and 2 of 5. Counted on the day
    of the answer; skipped questions are not answers. Left out and shown as such: answers that a later one about the
    same ticket replaces, surveys about something else than service, and scales without agreed thresholds. The mean
    score stands beside the share, unless scales mix.
    """
    return _share(answers, "ces")


@kpi(
    name=_("Survey response rate"),
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="sent_at",
    formula=_("answered ÷ delivered invitations × 100"),
    source=_("Trengo: by the date of sending, so that both sides count the same invitations"),
    gaming=_(
        "Only those who always answer are invited, or answers are paid for with prizes: the share rises and the "
        "answers say less."
    ),
    revision=2,
)
def survey_response_rate(invitations: Frame) -> Ratio:
    """Share of delivered invitations of customers that were answered, whenever the answer came.

    Counted on the day an invitation was sent. Left out and shown as such: invitations that could not be delivered.
    Invitations of employees are not counted (since revision 2), because a list of them would tell who has answered.
    """
    is_bounced = invitations.is_bounced
    return Ratio(part=invitations.is_answered, whole=~is_bounced, excluded={"bounced": is_bounced})


def _share(answers: Frame, kind: str) -> Ratio:
    whole, excluded = _judged(answers, kind)
    return Ratio(part=answers.is_good, whole=whole, excluded=excluded, score=answers.score, scale=answers["scale"])


def _judged(answers: Frame, kind: str) -> tuple[Column, dict[str, Column]]:
    """The answers of a kind that count, and those that do not with their reasons."""
    is_kind = answers.kind == kind
    is_asked = is_kind & ~answers.is_superseded
    is_counted = is_asked & answers.is_headline
    is_off = is_counted & answers.is_off_scale
    excluded = {
        "answered_again": is_kind & answers.is_superseded,
        "other_purpose": is_asked & ~answers.is_headline,
        "off_scale": is_off,
        "scale_unknown": is_counted & ~is_off & ~answers.is_judged,
    }
    return is_counted & ~is_off & answers.is_judged, excluded
