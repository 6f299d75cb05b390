"""Whether unhappy customers are called back, and whether that helps."""

from django.utils.translation import gettext_lazy as _

from kpiproject.lib.periods import MISSING
from metrics.kpi import Better, Family, Frame, Ratio, Unit, kpi


@kpi(
    name=_("Follow-up within one day"),
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="one_day_at",
    formula=_("unhappy customers first contacted within one working day ÷ follow-ups due × 100"),
    source=_("own definition"),
    gaming=_("A call that nobody answered, or a mail that only says that it was seen, is booked as a contact."),
    revision=1,
)
def follow_up_within_one_day(follow_ups: Frame) -> Ratio:
    """Share of unhappy customers whom somebody contacted within one working day of the unhappy answer.

    One working day is 8 hours of opening time, or 24 hours where no opening hours are set; it was fixed when the answer
    came in, whatever due time follow-ups have. Counted on the day on which it was over; the first contact counts, on
    whatever channel, also if the customer did not answer. Several unhappy answers of one customer within some days are
    one follow-up, and one that is opened again is not counted anew. Who was never contacted is not in the share,
    however the follow-up ended. Left out and shown as such: customers not contacted yet whose working day is not over,
    and answers with nobody to write to. Not told apart by agent: whoever follows up is seldom the one whom the customer
    was unhappy with.
    """
    is_contacted = follow_ups.contacted_at != MISSING
    is_pending = follow_ups.is_reachable & ~is_contacted & ~follow_ups.is_over
    return Ratio(
        part=is_contacted & (follow_ups.contacted_at <= follow_ups.one_day_at),
        whole=follow_ups.is_reachable & ~is_pending,
        excluded={"pending": is_pending, "nobody_to_write_to": ~follow_ups.is_reachable},
    )


@kpi(
    name=_("Recovery rate"),
    family=Family.SATISFACTION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="answered_at",
    formula=_("answers “settled” that are not unhappy ÷ recovery surveys answered × 100"),
    source=_("own definition"),
    gaming=_("Only cases that ended well are marked as resolved, because only those are asked again."),
    revision=1,
)
def recovery_rate(recoveries: Frame) -> Ratio:
    """Share of unhappy customers who were no longer unhappy when they were asked after their trouble was resolved.

    Everybody with an address is asked once some time after a follow-up was marked as resolved, with the survey about a
    settled complaint. Not unhappy are answers in its middle and its good group. Counted on the day of that answer, by
    the channel, team and survey of the unhappy one; customers who did not answer are not in it. Left out and shown as
    such: answers on a scale without agreed thresholds.
    """
    return Ratio(part=~recoveries.is_bad, whole=recoveries.is_judged, excluded={"scale_unknown": ~recoveries.is_judged})
