"""Sentences that say something else than the rules in force: “within 24 h” where the target is 8 h.

Knows no model. It reads plain words, so it may be wrong: a person can answer why a sentence may stay.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from manual import spoken
from manual.spoken import Amount

Subject = Literal["first", "next", "solution", "contact"]

_SUBJECTS: Final[tuple[tuple[Subject, re.Pattern[str]], ...]] = (
    (
        "next",
        re.compile(r"\b(?:further|next|later|follow-up|weiteren?|nächsten?) (?:answer|repl|respon|antwort)\w*", re.I),
    ),
    (
        "first",
        re.compile(
            r"\b(?:answer|repl(?:y|ies)|respon[ds]|(?:get|come|write)s? back to|hears? (?:back )?from us|contact you|"
            r"be in touch|(?:be)?antwort|reaktion|rückmeld|melden? (?:wir )?uns)\w*",
            re.I,
        ),
    ),
    ("solution", re.compile(r"\b(?:solv|solution|resolv|resolution|fixed|sorted out|lös|gelös|behoben)\w*", re.I)),
)
# Where it is about unhappy customers, and nowhere else: everywhere else a contact is what they write.
_CONTACT: Final[tuple[tuple[Subject, re.Pattern[str]], ...]] = (
    (
        "contact",
        re.compile(
            r"\b(?:contact|call(?:s|ed)? (?:back|them)|g[eo]t(?:s)? in touch|kontaktier|rückruf|rufen)\w*", re.I
        ),
    ),
    _SUBJECTS[-1],
)
_CLAUSE: Final = re.compile(r"(?<!\d),(?!\d)|,\s|[;–—]|\b(?:and|but|und|aber)\b", re.IGNORECASE)
# “open from 8 h”, “every 2 days”, “2 days after the solution” promise nothing; “innerhalb von 8 h”, “24 h after it came
# in” and “after 24 h at the latest” do.
_NO_PROMISE_BEFORE: Final = re.compile(
    r"\b(?:from|between|until|till|for|every|after|last|past|von|bis|seit|alle|nach|letzten|um)\s*(?:the\s*)?$", re.I
)
_NO_PROMISE_AFTER: Final = re.compile(
    r"^\s*(?:after(?! (?:it|they|you|that|receipt|receiving|your|the (?:e-?mail|message|request|contact|call|chat))\b)"
    r"|before|later|ago|old|nach(?! (?:Eingang|Erhalt|der Anfrage)\b)|vor|später|alt)\b",
    re.IGNORECASE,
)
_PROMISE: Final = re.compile(r"\bat the latest\b|\bspätestens\b", re.IGNORECASE)
_PROMISE_BEFORE: Final = re.compile(r"\b(?:innerhalb|binnen)\s+von\s*$", re.IGNORECASE)
# A working day of eight hours and one of nine are called the same.
_ABOUT: Final = 0.15
_CHANNELS: Final = (
    "email", "e-mail", "mail", "chat", "phone", "telephone", "call", "social media", "whatsapp", "sms", "letter",
    "web form", "telefon", "anruf", "brief",
)  # fmt: skip
_SAME_CHANNEL: Final = {
    "e-mail": "email", "mail": "email", "telephone": "phone", "call": "phone", "telefon": "phone", "anruf": "phone",
    "brief": "letter",
}  # fmt: skip
_AIM: Final = re.compile(
    r"\b(?:goal|target|aim|objective|at least|at most|reach|above|below|under|ziel|mindestens|höchstens|erreichen)\w*"
    r"|[≥≤<>]",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"\b(?:from|was|instead of|up from|down from|von|statt)\s*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class TimeRule:
    """A service target: `seconds`, or `days` of one that is counted in days. `anchor` is its place in the manual.

    `day` is how many seconds the shortest and the longest day are open, where it is known.
    """

    subject: Subject
    channel: str
    priority: str
    seconds: float | None
    days: int | None
    is_business: bool
    words: str
    anchor: str
    day: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class LevelRule:
    """The targets of the goals of one KPI, in its unit; `names` are what people call it."""

    names: tuple[str, ...]
    values: frozenset[float]
    unit: spoken.Unit
    words: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A paragraph, an entry or a row that a person has written, under a heading."""

    text: str
    heading: str = ""


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """`said` is the amount in the sentence, `rule` what is in force, `anchor` where that stands."""

    sentence: str
    said: str
    rule: str
    anchor: str

    @property
    def key(self) -> str:
        """The same for the same words and the same rule."""
        return hashlib.sha256(f"{self.sentence}\0{self.said}\0{self.rule}".encode()).hexdigest()


def find(passages: Iterable[Passage], *, times: Sequence[TimeRule], levels: Sequence[LevelRule]) -> list[Contradiction]:
    """In the order of the text, each once."""
    found = [
        each
        for passage in passages
        for sentence in spoken.sentences(passage.text)
        for each in [*_of_times(sentence, passage.heading, times), *_of_levels(sentence, levels)]
    ]
    return list(dict.fromkeys(found))


# --- Times --------------------------------------------------------------------------------------------------------
def _of_times(sentence: str, heading: str, rules: Sequence[TimeRule]) -> Iterator[Contradiction]:
    """Clause by clause: what a clause leaves unsaid it takes from the one before, and that from the heading."""
    known = _CONTACT if any(rule.subject == "contact" for rule in rules) else _SUBJECTS
    subject, channel = _subject(heading, known), _channel(heading, rules)
    for clause in (part for part in _CLAUSE.split(sentence) if part.strip()):
        channel = _channel(clause, rules) or channel
        for amount in spoken.durations(clause):
            about = _subject(clause, known, amount) or subject
            if about and _promises(clause, amount):
                yield from _checked(sentence, clause, amount, _applying(rules, about, channel, clause))
        subject = _subject(clause, known) or subject


def _checked(sentence: str, clause: str, amount: Amount, rules: Sequence[TimeRule]) -> Iterator[Contradiction]:
    verdicts = [(rule, _agrees(amount, rule)) for rule in rules]
    wrong = [rule for rule, verdict in verdicts if verdict is False]
    if wrong and not any(verdict for _rule, verdict in verdicts):
        said = clause[amount.start : amount.end].strip()
        words = "; ".join(dict.fromkeys(rule.words for rule in wrong))
        yield Contradiction(sentence=sentence, said=said, rule=words, anchor=wrong[0].anchor)


def _agrees(amount: Amount, rule: TimeRule) -> bool | None:
    """None: hours and business days cannot be compared without the opening hours."""
    if rule.seconds is not None:
        if amount.unit == "seconds":
            return abs(amount.number - rule.seconds) < 1
        return _days_agree(amount, rule, rule.seconds)
    days = rule.days or 0
    if amount.unit != "seconds":
        return amount.number == days
    return None if rule.is_business else amount.number == days * 86400


def _days_agree(amount: Amount, rule: TimeRule, seconds: float) -> bool | None:
    """Days that somebody has written, against a target in hours."""
    if rule.is_business:
        shortest, longest = (amount.number * each for each in rule.day or (0, 0))
        return (1 - _ABOUT) * shortest <= seconds <= (1 + _ABOUT) * longest if rule.day else None
    if amount.unit == "days":
        return abs(amount.number * 86400 - seconds) < 1
    # Working days may have weekends between them, but they are no shorter than days.
    least = amount.number * 86400
    return None if least <= seconds <= 2 * least else False


def _promises(clause: str, amount: Amount) -> bool:
    before, after = clause[: amount.start], clause[amount.end :]
    if _PROMISE.search(clause):
        return True
    is_other = _NO_PROMISE_BEFORE.search(before) and not _PROMISE_BEFORE.search(before)
    return not (is_other or _NO_PROMISE_AFTER.search(after))


def _subject(
    clause: str, known: Sequence[tuple[Subject, re.Pattern[str]]], amount: Amount | None = None
) -> Subject | None:
    """What the clause is about; of several the one nearest to the amount."""
    found: list[tuple[int, int, Subject]] = []
    taken: list[tuple[int, int]] = []
    for order, (subject, pattern) in enumerate(known):
        for match in pattern.finditer(clause):
            if not any(start <= match.start() < end for start, end in taken):
                distance = _distance(match, amount) if amount else match.start()
                found.append((distance, order, subject))
                taken.append(match.span())
    return min(found)[2] if found else None


def _distance(match: re.Match[str], amount: Amount) -> int:
    return min(abs(match.start() - amount.end), abs(amount.start - match.end()))


def _channel(clause: str, rules: Sequence[TimeRule]) -> str:
    names = {name for rule in rules if (name := _plain(rule.channel))}
    for name in sorted({*names, *_CHANNELS}, key=len, reverse=True):
        if re.search(rf"(?<!\w){re.escape(name)}s?(?!\w)", clause, re.IGNORECASE):
            return _SAME_CHANNEL.get(name, name)
    return ""


def _applying(rules: Sequence[TimeRule], subject: Subject, channel: str, clause: str) -> list[TimeRule]:
    """Those the clause may speak of: of its channel if it names one, else of that which counts for every channel."""
    mine = [rule for rule in rules if rule.subject == subject]
    if channel:
        own = [rule for rule in mine if _SAME_CHANNEL.get(_plain(rule.channel), _plain(rule.channel)) == channel]
        mine = own or [rule for rule in mine if not rule.channel]
    named = [rule for rule in mine if rule.priority and re.search(rf"\b{re.escape(rule.priority)}\b", clause, re.I)]
    return named or mine


def _plain(name: str) -> str:
    return name.lower().replace("_", " ").strip()


# --- Levels -------------------------------------------------------------------------------------------------------
def _of_levels(sentence: str, rules: Sequence[LevelRule]) -> Iterator[Contradiction]:
    for rule in rules:
        aim = _AIM.search(sentence) if _names(sentence, rule) else None
        claimed = _claimed(sentence, rule.unit, aim) if aim else None
        if claimed and not any(abs(_in_unit(claimed, rule) - value) < _tolerance(value) for value in rule.values):
            said = sentence[claimed.start : claimed.end].strip()
            yield Contradiction(sentence=sentence, said=said, rule=rule.words, anchor=rule.anchor)


def _names(sentence: str, rule: LevelRule) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence, re.IGNORECASE) for name in rule.names)


def _claimed(sentence: str, unit: spoken.Unit, aim: re.Match[str]) -> Amount | None:
    """The amount that is called the goal: the first after the word, else the last before it."""
    read = {"percent": spoken.percents, "bare": spoken.bare}.get(unit, spoken.durations)
    amounts = [amount for amount in read(sentence) if not _FROM.search(sentence[: amount.start])]
    later = [amount for amount in amounts if amount.start >= aim.end() - 1]
    return later[0] if later else (amounts[-1] if amounts else None)


def _in_unit(claimed: Amount, rule: LevelRule) -> float:
    is_days = claimed.unit in ("days", "business_days")
    if rule.unit == "seconds" and is_days:
        return claimed.number * 86400
    return claimed.number / 86400 if rule.unit == "days" and not is_days else claimed.number


def _tolerance(value: float) -> float:
    """As close as somebody writes it."""
    return max(0.05, abs(value) * 0.001)
