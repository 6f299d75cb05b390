import pytest

from metrics.sources.columns import Column, Form
from metrics.sources.faults import BadValue, Notes
from metrics.sources.values import MISSING, parser


def read(column: Column, text: str, notes: Notes | None = None) -> object:
    return parser(column, lambda text: None, notes or Notes())(text)


@pytest.mark.parametrize("text", ["", "?", "N/A", "n/a", "NULL", "null", "-"])
def test_what_means_missing(text: str) -> None:
    assert text in MISSING


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("Yes", True), ("1", True), ("F", False), ("0", False)])
def test_truths(text: str, truth: bool) -> None:
    assert read(Column("is_spam", Form.TRUTH), text) is truth


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("3.0", 3), (" 7 ", 7)])
def test_counts(text: str, number: int) -> None:
    assert read(Column("reopens", Form.COUNT), text) == number


@pytest.mark.parametrize(
    ("column", "text", "reason", "sentence"),
    [
        (Column("a", Form.TRUTH), "perhaps", "bad_truth", "“perhaps” is neither true nor false."),
        (Column("a", Form.COUNT), "-1", "bad_number", "“-1” is not a number from 0 on."),
        (Column("a", Form.COUNT), "1.5", "bad_number", "“1.5” is not a whole number."),
        (Column("a", Form.COUNT), "many", "bad_number", "“many” is not a whole number."),
        (Column("a", Form.COUNT), "1" * 5000, "bad_number", f"“{'1' * 59}…” is not a whole number."),
        (
            Column("a", Form.COUNT),
            "3000000000",
            "bad_number",
            "“3000000000” is too large; it may be 2147483647 at most.",
        ),
        (Column("a", Form.COUNT, most=8), "9", "bad_number", "“9” is too large; it may be 8 at most."),
        (Column("a", Form.SCORE), "99999", "bad_number", "“99999” is too large for a score."),
        (Column("a", Form.REFERENCE, longest=3), "abcd", "too_long", "The value has more than 3 characters."),
        (Column("a", Form.REFERENCE, longest=3), "İİ", "too_long", "The value has more than 3 characters."),
        (Column("a", Form.WORD, choices=frozenset({"x", "y"})), "z", "unknown_value", "“z” is not one of x, y."),
    ],
)
def test_what_cannot_be_read_is_told(column: Column, text: str, reason: str, sentence: str) -> None:
    with pytest.raises(BadValue) as caught:
        read(column, text)
    assert (caught.value.reason, str(caught.value)) == (reason, sentence)


def test_long_text_is_cut_and_noted() -> None:
    notes = Notes()
    assert read(Column("subject", longest=3), "abcd", notes) == "abc"
    assert notes.as_list() == [{"code": "text_cut", "count": 1, "example": "subject: abcd"}]


def test_words_are_read_without_regard_to_capitals() -> None:
    assert read(Column("kind", Form.WORD, choices=frozenset({"status"})), "Status") == "status"
