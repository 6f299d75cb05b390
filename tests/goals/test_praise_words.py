import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.praise_words import BLANK, blanked, names_help, parts_of, still_named

WHO = ["Grace", "Hopper", "Navy"]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Ada was a great help.", True),
        ("Thanks!", True),
        ("So friendly and patient", True),
        ("SOLVED in a minute", True),
        ("Sehr nett, hat mir geholfen", True),
        ("Endlich gelöst", True),
        ("Merci pour votre aide", True),
        ("Très gentille et à l'écoute", True),
        ("Good prices.", False),
        ("I recommend it to friends", False),
        ("", False),
    ],
)
def test_which_comments_tell_of_help(comment, expected):
    assert names_help(comment) is expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Ada helped me, write to grace.hopper@example.com", "Ada helped me, write to […]"),
        ("Ada called me on +49 (170) 123 45 67 at once", "Ada called me on […] at once"),
        ("Order A-10234 came, thanks", "Order […] came, thanks"),
        ("My order no. 4711.", "My order no. […]."),
        ("Solved in 2 days, 10 of 10", "Solved in 2 days, 10 of 10"),
        ("Grace here, thanks. HOPPER", "[…] here, thanks. […]"),
        ("A graceful answer", "A graceful answer"),
        ("Thanks Ada!\nKind regards, Linus Torvalds", "Thanks Ada!\nKind regards, […]"),
        ("Danke.\nViele Grüße\nÖmer Yıldız", "Danke.\nViele Grüße\n[…]"),
        ("My name is Linus and Ada helped", "My name is […] and Ada helped"),
        ("Best regards to Ada", "Best regards to Ada"),
        ("Kind regards, Ada", "Kind regards, Ada"),
        ("Grace Hopper, 0170 1234567", "[…], […]"),
        ("", ""),
    ],
)
def test_what_may_say_who_wrote_it_is_blanked(comment, expected):
    assert blanked(comment, WHO, ["Ada", "Byron"]) == expected


def test_somebody_who_is_called_like_the_agent_keeps_the_agents_name():
    assert blanked("Ada was kind", ["Ada", "Smith"], ["Ada"]) == "Ada was kind"


def test_what_still_says_who_wrote_it():
    assert still_named("Grace wrote to grace@example.com", WHO) == ["grace@example.com", "Grace"]
    assert still_named("Ada was kind", ["Ada"], keep=["ada"]) == []
    assert still_named("She was graceful", WHO) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Dr. Grace Hopper", "grace.hopper@example.com"), ["Dr", "Grace", "Hopper"]),
        (("C-4711", ""), []),
        (("Hopper & Sons", "Hopper"), ["Hopper", "Sons"]),
        ((), []),
    ],
)
def test_the_parts_of_names_and_addresses(texts, expected):
    assert parts_of(*texts) == expected


@given(st.text(max_size=200))
def test_what_was_blanked_needs_no_blanking(comment):
    once = blanked(comment, WHO)
    assert blanked(once, WHO) == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_that_is_known_stays(before, after):
    assert still_named(blanked(f"{before} Grace {after}", WHO), WHO) == []


def test_the_blank_itself_is_no_name():
    assert blanked(BLANK, WHO) == BLANK
