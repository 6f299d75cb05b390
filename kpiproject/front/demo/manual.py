"""The demonstration company's manual: what it has written itself, two editions, and who may read one from outside."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from kpiproject.front.demo import drawn, house, timeline
from kpiproject.front.demo.goals import Cast
from kpiproject.front.demo.timeline import Step
from kpiproject.models import User
from manual import approvals, care, editions, followers, pictures, queries, sections, shares
from manual.models import Edition, Section, Share
from manual.shares import Terms
from metrics import rollups, targets
from metrics.models import ServiceTarget

FIRST_TEXTS: Final = {
    "our-promise": (
        "\n\n## What this means at Fernweh Outdoor\n\n"
        "Most people write to us because a trip is near: the tent must be there on Friday, the watch must know the "
        "way. So the first question is always **when do you leave?** Whoever leaves within three days comes first, "
        "whatever the help desk says about priority."
    ),
    "how-we-speak": (
        "\n\n## Our own words\n\n"
        "- We say *you*, we sign with our first name, and we never say *ticket* to a customer.\n"
        "- A product that failed on tour is not *defective*: somebody stood in the rain. Say that first.\n"
        "- We do not promise what the carrier has to keep. We say what we do next, and when we write again."
    ),
}
SECOND_TEXTS: Final = {
    "unhappy-customers": (
        "\n\n## What we have learned this autumn\n\n"
        "Two of three unhappy customers did not mind the fault; they minded explaining it three times. Whoever hands "
        "a request to another team writes two sentences: what happened and what was tried, and what was promised by "
        "when."
    ),
    "our-kpis": (
        "\n\n## What we look at first\n\n"
        "Satisfaction is {{ kpi:csat.value }}; the target is {{ kpi:csat.target }}. Of all requests, "
        "{{ kpi:first_contact_resolution.value }} were solved with the first answer. How either is computed stands on "
        "its card below."
    ),
    "how-we-speak": (
        "\n- On social media we answer in public once, and then ask to write to us: nobody discusses an order in "
        "front of everybody."
    ),
}
FIRST_NOTE: Final = "The first edition: our promise, how we work, and every figure with its definition."
SECOND_NOTE: Final = (
    "The first answer to e-mail and social media is promised within four opening hours instead of eight. New: handing "
    "over in two sentences, and answering on social media."
)


# Read again so many days ago; the first is overdue by now, the second is due soon.
OVERDUE: Final = ("handling-a-contact", 195)
SOON: Final = ("reporting", 176)


def steps(today: date, cast: Cast) -> Iterator[Step]:
    first = timeline.monday(today, -8) + timedelta(days=2)
    second = timeline.monday(today, -1) + timedelta(days=3)
    for (slug, days), person in ((OVERDUE, cast.staff), (SOON, cast.manager)):
        yield Step(at=timeline.at(today - timedelta(days=days), 10), do=partial(_read_again, [slug], person))
    others = Section.objects.exclude(slug__in=[OVERDUE[0], SOON[0]]).values_list("slug", flat=True)
    yield Step(at=timeline.at(first - timedelta(days=1), 11), do=lambda at: _read_again(list(others), cast.manager, at))
    yield Step(at=timeline.at(first - timedelta(days=6), 14), do=lambda _at: _write(FIRST_TEXTS, cast.manager))
    yield Step(at=timeline.at(first, 16), do=lambda at: _publish(FIRST_NOTE, cast.manager, at))
    yield Step(at=timeline.at(first, 17), do=lambda _at: _share(cast.manager, "Printers at Nordlicht", 60))
    yield Step(at=timeline.at(second - timedelta(days=3), 9), do=_promise_more)
    yield Step(at=timeline.at(second - timedelta(days=2), 10), do=lambda _at: _draw(cast.manager))
    yield Step(at=timeline.at(second - timedelta(days=2), 11), do=lambda _at: _write(SECOND_TEXTS, cast.staff))
    yield Step(at=timeline.at(second, 15), do=lambda at: _publish(SECOND_NOTE, cast.manager, at))
    yield Step(at=timeline.at(second, 16), do=lambda _at: _close_first())
    yield Step(at=timeline.at(second, 17), do=lambda _at: _share(cast.manager, "Ute Brandt, advisory board", 90))
    yield Step(at=timeline.at(second, 18), do=lambda _at: _share_protected(cast.manager))


def _write(texts: dict[str, str], by: User) -> None:
    for section in Section.objects.filter(slug__in=texts):
        text = section.text + texts[section.slug]
        sections.save(section, title=section.title, text=text, version=section.version, by=by)


def _read_again(slugs: list[str], by: User, _at: datetime) -> None:
    for section in Section.objects.filter(slug__in=slugs):
        care.entrust(section, owner=by, review_months=6)
        care.still_right(section, version=section.version, by=by)


def _publish(note: str, by: User, at: datetime) -> None:
    """Written by the one who leads, read and approved by another manager where there is one."""
    event = approvals.submit(by=by)
    reader = next(iter(approvals.reviewers(by)), by)
    approvals.approve(by=reader, seen=event.approval.fingerprint)
    approvals.publish(editions.Terms(by=by, number=editions.next_number(), note=note), as_of=at)


def _promise_more(at: datetime) -> None:
    """It counts for what comes in from then on; a figure rests on it, so that everything is computed anew."""
    for target in ServiceTarget.objects.filter(name__in=house.FIRST_ANSWERS.values()):
        target.seconds = 4 * 3600
        targets.change(target, at=at)
    rollups.recompute()


def _latest() -> Edition:
    found = queries.latest()
    if found is None:
        msg = "The demonstration company has published nothing that it could share."
        raise RuntimeError(msg)
    return found


def _share(by: User, name: str, days: int) -> Share:
    share = shares.create(_latest(), Terms(name=name, days=days), by=by)
    shares.note_view(share)
    return share


def _draw(by: User) -> None:
    """How a request is handled, as a picture."""
    found = pictures.add(drawn.way_of_a_request(), by=by)
    words = "Four boxes with arrows: the customer writes, we ask for the day of departure, one person answers, and two"
    _write({"handling-a-contact": f"\n\n![{words} sentences go along when it is handed over](image:{found.name})"}, by)


def _share_protected(by: User) -> None:
    """With a passphrase, a part of the manual, and somebody who follows it."""
    terms = Terms(
        name="Nordlicht Logistics",
        email="service@nordlicht-logistics.example",
        reason="They answer our parcel calls from the new year on",
        sections=("our-promise", "handling-a-contact", "how-we-speak", "our-kpis"),
        follows_editions=True,
        passphrase=house.passphrase(),
    )
    share = shares.create(_latest(), terms, by=by)
    shares.note_view(share)
    if follower := followers.ask(share, "line.halvorsen@nordlicht-logistics.example"):
        followers.confirm(follower)


def protected_share() -> Share | None:
    """The link that asks for house.passphrase()."""
    return Share.objects.exclude(passphrase="").order_by("-pk").first()


def _close_first() -> None:
    for share in Share.objects.filter(edition__number=1):
        shares.revoke(share)
