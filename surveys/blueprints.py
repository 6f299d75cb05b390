"""Surveys that are ready to be sent: kind, scale, words in every language, further questions and sensible rules.

They are offered when somebody makes a survey; nothing of them is stored before. Imports no model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.blueprint_texts import PROMPTS, WORDINGS
from surveys.content import Prompt, Wording
from surveys.scales import BAD, GOOD, MIDDLE, Scale


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A further question of a blueprint; `after` is the key of an earlier one, `keys` are those of its options."""

    key: str
    kind: str
    is_required: bool = False
    standings: tuple[int, ...] = ()
    after: str = ""
    after_options: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    code: str
    name: Promise
    about: Promise
    kind: str
    purpose: str
    low: int = 1
    high: int = 5
    look: str = "numbers"
    lower_is_better: bool = False
    reminder_days: tuple[int, ...] = (4,)
    expires_after_days: int = 28
    respects_quiet_time: bool = True
    questions: tuple[Ask, ...] = field(default=())

    @property
    def scale(self) -> Scale:
        return Scale(kind=self.kind, low=self.low, high=self.high, lower_is_better=self.lower_is_better)

    def wording(self, language: str) -> Wording:
        return WORDINGS[language][self.code]

    def prompts(self, ask: Ask, languages: tuple[str, ...]) -> dict[str, Prompt]:
        return {language: PROMPTS[language][self.code][ask.key] for language in languages}


_ALL = (
    Blueprint(
        code="csat",
        name=_("Customer satisfaction (CSAT)"),
        about=_("One click after a contact with service. The figure most teams begin with."),
        kind="csat",
        purpose="service",
        look="smileys",
    ),
    Blueprint(
        code="csat_reasons",
        name=_("Customer satisfaction with reasons"),
        about=_("Asks unhappy customers what went wrong and satisfied ones what went well."),
        kind="csat",
        purpose="service",
        look="smileys",
        questions=(
            Ask(
                key="wrong",
                kind="multiple",
                standings=(MIDDLE, BAD),
                keys=("slow", "unsolved", "unfriendly", "unclear", "repeat", "other"),
            ),
            Ask(key="other", kind="short", after="wrong", after_options=("other",)),
            Ask(key="well", kind="multiple", standings=(GOOD,), keys=("fast", "solved", "friendly", "clear")),
        ),
    ),
    Blueprint(
        code="thumbs",
        name=_("Solved or not"),
        about=_("Thumbs up or down: the quickest question there is, for chats and help articles."),
        kind="csat",
        purpose="service",
        high=2,
        look="thumbs",
    ),
    Blueprint(
        code="ces",
        name=_("Customer effort: ease (CES)"),
        about=_("How easy it was to get help, from 1 to 7; 5 and more count as easy."),
        kind="ces",
        purpose="service",
        high=7,
    ),
    Blueprint(
        code="ces2",
        name=_("Customer effort: agreement (CES 2.0)"),
        about=_("A statement to agree with, from 1 to 7, as larger studies ask it."),
        kind="ces",
        purpose="service",
        high=7,
    ),
    Blueprint(
        code="effort",
        name=_("Customer effort: how much"),
        about=_("The older wording, from 1 to 5, where a low number is good."),
        kind="ces",
        purpose="service",
        lower_is_better=True,
    ),
    Blueprint(
        code="nps",
        name=_("Recommendation (NPS)"),
        about=_("One question about the relationship as a whole, two to four times a year."),
        kind="nps",
        purpose="relationship",
        low=0,
        high=10,
        reminder_days=(5,),
    ),
    Blueprint(
        code="nps_groups",
        name=_("Recommendation with questions by group"),
        about=_("Promoters, passives and detractors are each asked what matters for them."),
        kind="nps",
        purpose="relationship",
        low=0,
        high=10,
        reminder_days=(5,),
        questions=(
            Ask(
                key="best",
                kind="choice",
                standings=(GOOD,),
                keys=("product", "service", "people", "price", "reliability"),
            ),
            Ask(key="missing", kind="long", standings=(MIDDLE,)),
            Ask(
                key="reason",
                kind="choice",
                standings=(BAD,),
                keys=("product", "service", "price", "reliability", "other"),
            ),
            Ask(key="other", kind="short", after="reason", after_options=("other",)),
            Ask(key="contact", kind="choice", standings=(BAD,), keys=("yes", "no")),
        ),
    ),
    Blueprint(
        code="onboarding",
        name=_("Onboarding"),
        about=_("A few weeks after somebody began: what was hard, and what was missing."),
        kind="csat",
        purpose="onboarding",
        look="smileys",
        questions=(
            Ask(key="hardest", kind="choice", keys=("setup", "learning", "data", "help", "none")),
            Ask(key="complete", kind="choice", keys=("yes", "no")),
            Ask(key="missing", kind="long", after="complete", after_options=("no",)),
        ),
    ),
    Blueprint(
        code="exit",
        name=_("Exit interview"),
        about=_("Why somebody leaves, and whether they might come back."),
        kind="csat",
        purpose="exit",
        respects_quiet_time=False,
        questions=(
            Ask(
                key="reason",
                kind="choice",
                is_required=True,
                keys=("price", "features", "quality", "service", "competitor", "unneeded", "other"),
            ),
            Ask(key="features", kind="short", after="reason", after_options=("features",)),
            Ask(key="competitor", kind="short", after="reason", after_options=("competitor",)),
            Ask(key="other", kind="short", after="reason", after_options=("other",)),
            Ask(key="return", kind="choice", keys=("yes", "maybe", "no")),
        ),
    ),
    Blueprint(
        code="recovery",
        name=_("After a complaint"),
        about=_("Whether a complaint was settled. It is also sent to people who were asked lately."),
        kind="csat",
        purpose="recovery",
        look="smileys",
        reminder_days=(3,),
        expires_after_days=14,
        respects_quiet_time=False,
        questions=(
            Ask(key="solved", kind="choice", is_required=True, keys=("yes", "partly", "no")),
            Ask(key="open", kind="long", after="solved", after_options=("partly", "no")),
        ),
    ),
    Blueprint(
        code="product",
        name=_("Product feedback"),
        about=_("Stars for the product, and what to improve first."),
        kind="csat",
        purpose="product",
        look="stars",
        questions=(
            Ask(
                key="improve",
                kind="multiple",
                keys=("ease", "speed", "reliability", "features", "guides", "price"),
            ),
            Ask(key="features", kind="long", after="improve", after_options=("features",)),
        ),
    ),
    Blueprint(
        code="esat",
        name=_("Employee satisfaction"),
        about=_("For your own people; anonymous, and shown from five answers on."),
        kind="esat",
        purpose="employees",
        look="smileys",
    ),
    Blueprint(
        code="enps",
        name=_("Employee recommendation (eNPS)"),
        about=_("Whether your own people would recommend working with you; anonymous."),
        kind="enps",
        purpose="employees",
        low=0,
        high=10,
    ),
)

BLUEPRINTS: Mapping[str, Blueprint] = MappingProxyType({one.code: one for one in _ALL})
