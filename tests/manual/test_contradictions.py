"""Sentences against the rules in force: what is found, and what is left alone."""

import pytest

from manual.contradictions import LevelRule, Passage, TimeRule, find

EIGHT_HOURS = TimeRule(
    subject="first", channel="email", priority="", seconds=8 * 3600, days=None, is_business=False, words="Mail: 8 h",
    anchor="promise-first-response",
)  # fmt: skip
CHAT = TimeRule(
    subject="first", channel="chat", priority="", seconds=120, days=None, is_business=False, words="Chat: 2 min",
    anchor="promise-first-response",
)  # fmt: skip
SOLVED = TimeRule(
    subject="solution", channel="", priority="", seconds=None, days=5, is_business=True,
    words="Solved: 5 business days", anchor="promise-resolution",
)  # fmt: skip
ANY = TimeRule(
    subject="first", channel="", priority="", seconds=4 * 3600, days=None, is_business=True, words="All: 4 h",
    anchor="promise-first-response",
)  # fmt: skip
CSAT = LevelRule(
    names=("Customer satisfaction (CSAT)", "Customer satisfaction", "CSAT"), values=frozenset({85.0}), unit="percent",
    words="CSAT, target 85 %", anchor="goal-1",
)  # fmt: skip
NPS = LevelRule(names=("NPS",), values=frozenset({45.0}), unit="bare", words="NPS, target 45", anchor="goal-2")
HANDLING = LevelRule(
    names=("Average handling time",), values=frozenset({600.0}), unit="seconds", words="AHT 10 min", anchor="goal-3"
)


def said(text: str, *, heading: str = "", rules: tuple[TimeRule, ...] = (EIGHT_HOURS, CHAT, SOLVED)) -> list[str]:
    found = find([Passage(text=text, heading=heading)], times=rules, levels=[CSAT, NPS, HANDLING])
    return [each.said for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We answer every e-mail within 24 h.", ["24 h"]),
        ("We answer every e-mail within 24 hours.", ["24 hours"]),
        ("We answer every e-mail within 8 hours.", []),
        ("We answer every e-mail within 480 minutes.", []),
        ("We answer every e-mail within one day.", ["one day"]),
        ("E-mails are answered within twenty-four hours.", ["twenty-four hours"]),
        ("You hear from us by mail in 1.5 h.", ["1.5 h"]),
        ("We answer e-mails within 8 hours and chats within 5 minutes.", ["5 minutes"]),
        ("We answer e-mails within 5 minutes and chats within 2 minutes.", ["5 minutes"]),
        ("We answer chats quickly, at the latest within 2 minutes.", []),
        ("We solve every request within 3 working days.", ["3 working days"]),
        ("We solve every request within five days.", []),
        ("The first answer comes within 8 hours, the solution within 9 days.", ["9 days"]),
        (
            "Wir beantworten jede E-Mail innerhalb von 24 Stunden. Antwort per E-Mail in 24 Std.",
            ["24 Stunden", "24 Std"],
        ),
        ("Jede Antwort per E-Mail kommt innerhalb 24 Stunden.", ["24 Stunden"]),
        # No promise at all, or of something else
        ("We are open from 8 h to 17 h and answer the phone.", []),
        ("Every 2 days we look at the answers to e-mails.", []),
        ("We ask how it went 3 days after the solution.", []),
        ("Nobody has to stay longer than 8 hours.", []),
        ("A manager reads every such message within one working day.", []),
        # There is no target for letters, and none that counts for every channel
        ("We answer letters within 3 days.", []),
        # Hours cannot be held against business days
        ("We solve every request within 40 hours.", []),
        ("We answer every e-mail within {{ target:email.first_response }}.", []),
    ],
)
def test_times_in_sentences(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "An e-mail is answered no later than 24 hours after it came in.",
        "We answer every e-mail after 24 hours at the latest.",
        "You hear back from us by e-mail within 24-hours.",
        "We answer every e-mail in under a day.",
        "Every e-mail gets an answer in less than a day.",
        "We answer every e-mail within a working day.",
        "We answer every e-mail within 1 business day.",
        "Jede E-Mail wird innerhalb von 24 Stunden beantwortet.",
        "Jede E-Mail beantworten wir binnen eines Tages.",
        "Auf eine E-Mail melden wir uns innerhalb eines Werktags.",
        "Wir antworten auf jede E-Mail innerhalb von einem Tag.",
        "Spätestens nach 24 Stunden ist Ihre E-Mail beantwortet.",
        "E-Mails beantworten wir 24 Stunden nach Eingang.",
    ],
)
def test_a_day_is_not_eight_hours_however_it_is_said(text: str) -> None:
    assert len(said(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Die Antwort eines Kollegen auf eine E-Mail zählt auch.",
        "Answers to e-mail are as short as can be.",
        "A day later we look at the answers to e-mails again.",
        "Wir lesen jede Antwort auf eine E-Mail alle 2 Tage noch einmal.",
        "Your answer to our e-mail helps, also 3 days after the solution.",
    ],
)
def test_words_that_look_like_an_amount_promise_nothing(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We answer every e-mail within a working day.", []),
        ("We answer every e-mail within one day.", []),
        ("We answer every e-mail within two working days.", ["two working days"]),
        ("We answer every e-mail within half a day.", ["half a day"]),
    ],
)
def test_opening_hours_say_how_long_a_working_day_is(text: str, expected: list[str]) -> None:
    rule = TimeRule(**{**vars(EIGHT_HOURS), "is_business": True, "day": (7.5 * 3600, 9 * 3600)})
    assert said(text, rules=(rule,)) == expected
    assert said(text, rules=(TimeRule(**{**vars(rule), "day": None}),)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We contact an unhappy customer within one working day, and close the matter within ten.", []),
        ("We contact an unhappy customer within 8 hours.", []),
        ("We contact an unhappy customer within two working days.", ["two working days"]),
        ("Whoever is unhappy is called back within 24 hours.", ["24 hours"]),
        ("We ask again 3 days after we contacted them.", []),
        ("Whoever is asked answers within an hour.", []),
    ],
)
def test_until_when_unhappy_customers_are_contacted(text: str, expected: list[str]) -> None:
    rule = TimeRule(
        subject="contact", channel="", priority="", seconds=8 * 3600, days=None, is_business=True, words="8 h",
        anchor="alerts", day=(8 * 3600, 8 * 3600),
    )  # fmt: skip
    assert said(text, rules=(rule,)) == expected


def test_rows_of_a_list_take_their_subject_from_the_heading() -> None:
    assert said("E-mail: 24 h", heading="First response") == ["24 h"]
    assert said("E-mail: 8 h", heading="First response") == []
    assert said("E-mail: 24 h", heading="Opening hours") == []


def test_a_channel_without_a_target_of_its_own_is_held_against_that_of_every_channel() -> None:
    assert said("We answer every call within 1 hour.", rules=(ANY, CHAT)) == ["1 hour"]
    assert said("We answer every call within 4 hours.", rules=(ANY, CHAT)) == []


def test_a_priority_that_is_named_narrows_the_targets() -> None:
    urgent = TimeRule(
        subject="first", channel="", priority="urgent", seconds=3600, days=None, is_business=False, words="1 h",
        anchor="a",
    )  # fmt: skip
    assert said("Urgent requests are answered within 4 hours.", rules=(urgent, ANY)) == ["4 hours"]
    assert said("Urgent requests are answered within 1 hour.", rules=(urgent, ANY)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CSAT goal 90 %", ["90 %"]),
        ("CSAT goal 90\u00a0%", ["90\u00a0%"]),
        ("Our CSAT goal is 85 %.", []),
        ("We want 90% customer satisfaction; that is our goal.", ["90%"]),
        ("CSAT target: from 70 % to 85 %.", []),
        ("The goal for CSAT is 90 percent, up from 85 %.", ["90 percent"]),
        ("CSAT must reach at least 85,0 %.", []),
        ("CSAT was 62 % in May.", []),
        ("The goal of the reopen rate is 5 %.", []),
        ("In 2026 the NPS goal is 40.", ["40"]),
        ("Our NPS target is 45.", []),
        ("Average handling time stays below 12 minutes.", ["12 minutes"]),
        ("Average handling time stays below 10 minutes.", []),
    ],
)
def test_levels_in_sentences(text: str, expected: list[str]) -> None:
    assert said(text, rules=()) == expected


def test_a_contradiction_names_sentence_rule_and_place_and_its_key_follows_both() -> None:
    passage = Passage(text="First things first. We answer every e-mail within 24 h.")
    (found,) = find([passage, passage], times=[EIGHT_HOURS], levels=[])
    assert (found.sentence, found.said) == ("We answer every e-mail within 24 h.", "24 h")
    assert (found.rule, found.anchor) == ("Mail: 8 h", "promise-first-response")
    other_rule = TimeRule(**{**vars(EIGHT_HOURS), "words": "Mail: 4 h", "seconds": 4 * 3600})
    (changed,) = find([passage], times=[other_rule], levels=[])
    assert changed.key != found.key
    assert find([passage], times=[], levels=[]) == []
