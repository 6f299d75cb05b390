"""What a survey asks, in all its languages, as one frozen value: a version keeps it, answers point to their version."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from surveys import languages
from surveys.scales import Scale

# The texts of a survey; every one can be said in every language.
TEXTS = (
    "question",
    "low_label",
    "high_label",
    "comment_label",
    "thanks",
    "thanks_link",
    "privacy_note",
    "mail_subject",
    "mail_intro",
    "reminder_subject",
    "reminder_intro",
)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words of a survey in one language; "[Company]" stands for the organisation's name."""

    question: str
    low_label: str = ""
    high_label: str = ""
    comment_label: str = ""
    thanks: str = ""
    thanks_link: str = ""
    privacy_note: str = ""
    mail_subject: str = ""
    mail_intro: str = ""
    reminder_subject: str = ""
    reminder_intro: str = ""

    def named(self, company: str) -> "Wording":
        """The same with the organisation's name in its place."""
        return Wording(**{name: text.replace("[Company]", company) for name, text in asdict(self).items()})


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """The words of a further question in one language; `options` by their keys, in the order they are shown."""

    prompt: str
    low_label: str = ""
    high_label: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Further:
    """A further question. It is asked of everybody, or only of some score groups (scales.GOOD, MIDDLE, BAD), or only
    after one of the options of an earlier question."""

    id: int
    kind: str
    is_required: bool = False
    low: int = 1
    high: int = 5
    standings: tuple[int, ...] = ()
    after: int | None = None
    after_options: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    prompts: Mapping[str, Prompt] = field(default_factory=dict)

    def prompt(self, language: str, main: str) -> Prompt:
        """In this language; what is missing in it, in the survey's own."""
        own = self.prompts[main]
        said = self.prompts.get(language, own)
        options = {key: said.options.get(key) or own.options.get(key, key) for key in self.options}
        return Prompt(
            prompt=said.prompt or own.prompt,
            low_label=said.low_label or own.low_label,
            high_label=said.high_label or own.high_label,
            options=options,
        )

    def applies(self, standing: int | None, chosen: Mapping[int, Iterable[str]]) -> bool:
        """Whether it is asked of somebody in this score group who chose these options (by question)."""
        if self.standings and standing not in self.standings:
            return False
        return self.after is None or not set(self.after_options).isdisjoint(chosen.get(self.after, ()))


@dataclass(frozen=True, kw_only=True)
class Content:
    """A survey as respondents meet it."""

    scale: Scale
    look: str
    language: str
    wordings: Mapping[str, Wording]
    questions: tuple[Further, ...] = ()

    def wording(self, language: str) -> Wording:
        """In this language; what is missing in it, in the survey's own."""
        own = asdict(self.wordings[self.language])
        said = asdict(self.wordings[language]) if language in self.wordings else {}
        return Wording(**{name: said.get(name) or text for name, text in own.items()})

    def choose_language(self, *wanted: str) -> str:
        return languages.choose(self.wordings, *wanted, otherwise=self.language)

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @property
    def digest(self) -> str:
        """SHA-256 of everything; the same content has the same digest."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def from_json(plain: Mapping[str, Any]) -> Content:
    """The inverse of Content.as_json."""
    return Content(
        scale=Scale(**plain["scale"]),
        look=plain["look"],
        language=plain["language"],
        wordings={code: Wording(**texts) for code, texts in plain["wordings"].items()},
        questions=tuple(_further(one) for one in plain["questions"]),
    )


def _further(plain: Mapping[str, Any]) -> Further:
    tuples = {name: tuple(plain[name]) for name in ("standings", "after_options", "options")}
    prompts = {code: Prompt(**said) for code, said in plain["prompts"].items()}
    return Further(**{**plain, **tuples, "prompts": prompts})
