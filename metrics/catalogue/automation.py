"""What bots settle, and what they hand over."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from django.utils.translation import gettext_lazy as _

from kpiproject.lib import intervals
from kpiproject.lib.periods import MISSING
from metrics.kpi import Better, Column, Family, Frame, Ratio, Unit, Whole, Window, kpi

_RETURN_DAYS = 7
_RETURN_SECONDS = _RETURN_DAYS * 24 * 3600

FOR_GOOD: Final = "bot_solved_for_good"


@kpi(
    name=_("Bot resolution"),
    family=Family.AUTOMATION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="bot_ended_at",
    formula=_("solved by the bot for good ÷ conversations with the bot × 100"),
    source=_("own definition; Chatwoot counts a resolution as durable after 7 days, too"),
    gaming=_(
        "The way to a person is hidden, so that customers give up: a conversation that nobody continues looks like a "
        "solved one."
    ),
    revision=2,
    matures_after_days=_RETURN_DAYS,
)
def bot_resolution_rate(bots: Frame) -> Ratio:
    """Share of conversations with a bot that it solved without a person, and that did not come back within 7 days.

    Every conversation in which a bot took part and the customer spoke has one outcome: handed to a person (or answered
    by one), solved for good, solved but came back (reopened, or a new ticket of the same customer and category, within
    7 days), or neither. The numbers of all four stand beside the figure and add up to all conversations. So a
    conversation that was both solved by the bot and handed over is handed over, and people who gave up are no success.
    Counted on the day of the hand-over, else of the first solve, else of the beginning. Those less than 7 days old can
    still come back: they are shown as too recent. Left out and shown as such: conversations that we started and the
    customer never answered.
    """
    is_spoken = _has_customer(bots)
    return Ratio(part=outcomes(bots)[FOR_GOOD], whole=is_spoken, excluded={"customer_silent": ~is_spoken})


@kpi(
    name=_("Bot hand-over"),
    family=Family.AUTOMATION,
    unit=Unit.PERCENT,
    better=Better.LOWER,
    at="bot_ended_at",
    formula=_("conversations handed to a person ÷ conversations with the bot × 100"),
    source=_("own definition; Chatwoot, “handoff rate”"),
    gaming=_("The way to a person is hidden, or is only offered after many questions, so that fewer get there."),
    revision=1,
    matures_after_days=_RETURN_DAYS,
)
def bot_handoff_rate(bots: Frame) -> Ratio:
    """Share of conversations with a bot that a person took over or answered.

    The same conversations on the same days as for bot resolution, so that the two and those that were neither add up to
    100 %. Left out and shown as such: conversations that we started and the customer never answered.
    """
    is_spoken = _has_customer(bots)
    return Ratio(part=bots.handed_at != MISSING, whole=is_spoken, excluded={"customer_silent": ~is_spoken})


@kpi(
    name=_("Accuracy of escalations"),
    family=Family.AUTOMATION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="handled_at",
    formula=_("escalations that were needed ÷ escalations × 100"),
    source=_("own definition: precision, with recall beside it"),
    gaming=_(
        "Only the clearest cases are escalated, so that those that were escalated too late or never do not show; the "
        "recall beside the figure tells."
    ),
    revision=2,
)
def escalation_accuracy(paths: Frame, window: Window) -> Whole:
    """Share of escalated tickets that had to be escalated (precision).

    Needed was an escalation after which the ticket did not go back to a team or an agent that had left it before.
    Beside the figure stands the recall: the needed escalations among them and those that should have been, which are
    solved tickets that were not escalated but were reopened or missed their target. One without the other hides half
    of it. Counted on the day of the first escalation, and of the last solve of the others.
    """
    is_in = (paths.handled_at >= window.start) & (paths.handled_at < window.end)
    is_escalated = is_in & (paths.escalated_at != MISSING)
    is_needed = is_escalated & ~paths.is_bounced
    is_late = (paths.target_due_at != MISSING) & (paths.done_at > paths.target_due_at)
    is_missed = is_in & ~is_escalated & ((paths.reopens > 0) | is_late | (paths.sla_met == 0))
    needed, escalated, missed = (int(which.sum()) for which in (is_needed, is_escalated, is_missed))
    low, high = intervals.wilson(needed, escalated) or (None, None)
    return Whole(
        whole=is_escalated,
        value=100 * needed / escalated if escalated else None,
        part=needed,
        base=escalated,
        low=low,
        high=high,
        values=is_needed.astype(np.float64),
        beside={
            "recall_percent": 100 * needed / (needed + missed) if escalated and needed + missed else None,
            "should_have_been_escalated": float(missed) if escalated else None,
        },
    )


@kpi(
    name=_("Acceptance of automation"),
    family=Family.AUTOMATION,
    unit=Unit.PERCENT,
    better=Better.HIGHER,
    at="bot_ended_at",
    formula=_("customers who stayed with the bot and were satisfied ÷ conversations with the bot × 100"),
    source=_("own definition"),
    gaming=_("Only those whom the bot could help are asked how satisfied they were, or the way to a person is hidden."),
    revision=1,
    looks_ahead_days=14,
)
def automation_acceptance(bots: Frame, answers: Frame, window: Window) -> Whole:
    """Share of conversations with a bot in which the customer did not go on to a person and was satisfied with it.

    Satisfied is a good answer about the ticket, by the thresholds of its survey (4 and 5 of 5). Who did not answer is
    not in the share. Beside it: who went on to a person, how many answered, and the satisfaction of those who
    stayed with the bot and of those who went on. Counted on the day of the hand-over, else of the first solve, else
    of the beginning; answers of the two weeks after the period count as well. Left out and shown as such: conversations
    that we started and the customer never answered.
    """
    is_in = (bots.bot_ended_at >= window.start) & (bots.bot_ended_at < window.end)
    is_counted = is_in & _has_customer(bots)
    is_handed = is_counted & (bots.handed_at != MISSING)
    is_rated, is_good = _rated(bots, answers)
    accepted = is_counted & ~is_handed & is_good
    n = int(is_counted.sum())
    low, high = intervals.wilson(int(accepted.sum()), n) or (None, None)
    stayed, went = is_counted & ~is_handed & is_rated, is_handed & is_rated
    by_bot, by_people = _percent(is_good, stayed), _percent(is_good, went)
    return Whole(
        whole=is_counted,
        value=_percent(accepted, is_counted),
        part=int(accepted.sum()),
        base=n,
        low=low,
        high=high,
        values=accepted.astype(np.float64),
        excluded={"customer_silent": is_in & ~is_counted},
        beside={
            "opted_out_percent": _percent(is_handed, is_counted),
            "answered_percent": _percent(is_rated, is_counted),
            "bot_csat_percent": by_bot,
            "human_csat_percent": by_people,
            "difference_points": None if by_bot is None or by_people is None else by_bot - by_people,
        },
    )


def _has_customer(bots: Frame) -> Column:
    """Whether the customer spoke: who wrote to us has."""
    return (bots.is_outbound != 1) | (bots.customer_replies > 0)


def outcomes(bots: Frame) -> Mapping[str, Column]:
    """Which of its four possible ends each conversation has; every one has exactly one."""
    is_handed = bots.handed_at != MISSING
    is_claimed = ~is_handed & (bots.first_done_at != MISSING)
    until = bots.first_done_at + _RETURN_SECONDS
    # A reopening whose time no event tells is MISSING, which is before everything.
    came_back = (bots.reopens > 0) & (bots.reopened_at <= until)
    came_back |= (bots.next_ticket_at != MISSING) & (bots.next_ticket_at <= until)
    return {
        FOR_GOOD: is_claimed & ~came_back,
        "bot_came_back": is_claimed & came_back,
        "bot_handed_over": is_handed,
        "bot_neither": ~is_handed & ~is_claimed,
    }


def _rated(bots: Frame, answers: Frame) -> tuple[Column, Column]:
    """Whether there is an answer about the satisfaction with each ticket, and whether it is a good one."""
    counted = answers[(answers.kind == "csat") & ~answers.is_superseded & answers.is_headline & answers.is_judged]
    about = counted.source.astype(str) + "\0" + counted.external_id.astype(str)
    tickets = bots.source.astype(str) + "\0" + bots.external_id.astype(str)
    return tickets.isin(about), tickets.isin(about[counted.is_good])


def _percent(part: Column, whole: Column) -> float | None:
    n = int(whole.sum())
    return 100 * int((part & whole).sum()) / n if n else None
