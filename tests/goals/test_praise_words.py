from time import perf_counter

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
        # Addresses that are meant to be read by people only, links, handles
        ("Write to linus (at) example.com, Ada!", "Write to […], Ada!"),
        ("Write to linus [at] example [dot] com", "Write to […]"),
        ("Write to linus at example dot com please", "Write to […] please"),
        ("Ada was at her best", "Ada was at her best"),
        ("Ada, see https://example.com/u/linus?x=1.", "Ada, see […]."),
        ("Ada, see www.linus.example!", "Ada, see […]!"),
        ("Follow @linus.t, Ada", "Follow […], Ada"),
        # Numbers
        ("Call (0170) 12 34 567", "Call […]"),
        ("Call 555-0199", "Call […]"),
        ("Call 0170\xa0123\xa045", "Call […]"),
        ("IBAN DE89 3704 0044 0532 0130 00, Ada", "IBAN […], Ada"),
        ("Order 42 came", "Order […] came"),
        ("order number AB-CD, thanks Ada", "order number […], thanks Ada"),
        ("Ticket #x7 solved", "Ticket […] solved"),
        ("Bestellung Nr. 7 kam an", "Bestellung Nr. […] kam an"),
        ("My order came, Ada", "My order came, Ada"),
        ("In order to help", "In order to help"),
        ("Ada solved it in 2 days", "Ada solved it in 2 days"),
        # Who signs, and who introduces themselves
        ("Great, Ada!\nThanks, Linus", "Great, Ada!\nThanks, […]"),
        ("Great help.\nThanks, Ada", "Great help.\nThanks, Ada"),
        ("Great help – Linus T.", "Great help – […]"),
        ("Super!\nLG Linus", "Super!\nLG […]"),
        ("Great help.\nBest,\nL. Torvalds", "Great help.\nBest,\n[…]"),
        ("Thanks. Great service", "Thanks. Great service"),
        ("This is Linus from Acme, thanks Ada", "This is […] from Acme, thanks Ada"),
        ("This is Ada at her best", "This is Ada at her best"),
        ("Hier ist Linus von nebenan", "Hier ist […] von nebenan"),
        ("Grace's parcel", "[…]'s parcel"),
        ("GRACE was here", "[…] was here"),
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
    assert still_named("Call 0170 1234567", WHO) == ["0170 1234567"]
    assert still_named("linus (at) example.com, @linus", WHO) == ["linus (at) example.com", "@linus"]
    assert still_named("It took 30 minutes", WHO) == []


def test_a_name_is_found_however_its_accents_are_stored():
    assert blanked("Zoe\u0308 here, Ada helped", parts_of("Zo\u00eb")) == "[…] here, Ada helped"
    assert still_named("Zo\u00eb helped", parts_of("Zoe\u0308")) == ["Zo\u00eb"]


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


@pytest.mark.parametrize("comment", ["a" * 5000, "-" * 5000, "1-" * 2500, "a.a" * 1600])
def test_one_endless_word_takes_no_time(comment):
    began = perf_counter()
    blanked(comment, WHO)
    assert perf_counter() - began < 0.5


def test_the_blank_itself_is_no_name():
    assert blanked(BLANK, WHO) == BLANK
