import pytest

from surveys.bounce_reports import HARD, REFUSED, SOFT, judge, status_in

CASES = [
    ("5.1.1", "550 5.1.1 user unknown", HARD),
    ("5.1.10", "recipient not found", HARD),
    ("5.1.2", "", HARD),
    ("5.2.1", "mailbox disabled", HARD),
    ("5.2.2", "mailbox full, user unknown", SOFT),
    ("4.4.7", "delivery time expired", SOFT),
    ("5.3.4", "message too big", SOFT),
    ("5.7.1", "user unknown", REFUSED),
    ("5.7.26", "unauthenticated", REFUSED),
    ("5.1.8", "bad sender", REFUSED),
    ("", "550 User unknown", HARD),
    ("5.0.0", "550 no such user here", HARD),
    ("5.0.0", "554 blocked using a list; no such user", REFUSED),
    ("", "relay access denied", REFUSED),
    ("", "451 try later", SOFT),
    ("", "", SOFT),
]


@pytest.mark.parametrize(("status", "diagnostic", "kind"), CASES)
def test_only_who_does_not_exist_is_given_up(status, diagnostic, kind):
    assert judge(status, diagnostic) == kind


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        (("5.1.1",), "5.1.1"),
        (("5.0.0 (undefined status)", "smtp; 550 5.1.1 unknown"), "5.1.1"),
        (("5.0.0", "550 unknown"), "5.0.0"),
        (("10.5.1.1", "see 192.5.0.1"), ""),
        ((), ""),
    ],
)
def test_status_is_the_first_that_says_something(texts, status):
    assert status_in(*texts) == status
