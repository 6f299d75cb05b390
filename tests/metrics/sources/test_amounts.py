from decimal import Decimal

import pytest

from metrics.sources.amounts import Marks, currency_of, read_amount, read_currency, read_number
from metrics.sources.faults import BadValue, Notes


def read(text: str, *, is_comma: bool = False) -> Decimal:
    return read_amount(text, Notes(), is_comma=is_comma)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.56", "1234.56"), ("1.234,56 €", "1234.56"), ("$1,234.56", "1234.56"), ("1 234,56 kr", "1234.56"),
        ("1'234.50", "1234.5"), ("CHF 12", "12"), ("(12.50)", "-12.5"), ("USD -3", "-3"), ("3-", "-3"),
        ("−7,5", "-7.5"),
        ("1.234.567", "1234567"), ("1,00,000.00", "100000"), ("0,125", "0.125"), (".5", "0.5"), ("1e3", "1000"),
        ("-0", "0"), ("99999999999.9999", "99999999999.9999"),
    ],
)  # fmt: skip
def test_amounts(text: str, amount: str) -> None:
    assert read(text) == read(text, is_comma=True) == Decimal(amount)


@pytest.mark.parametrize(("text", "point", "comma"), [("1,234", 1234, "1.234"), ("1.234", "1.234", 1234)])
def test_what_can_be_read_in_two_ways(text: str, point: str | int, comma: str | int) -> None:
    assert read(text) == Decimal(point)
    assert read(text, is_comma=True) == Decimal(comma)


@pytest.mark.parametrize(
    "text",
    ["many", "NaN", "Infinity", "1,2,3", "12.34.5", "--3", "(5", "1 23", "1.234.56", "€ 5 EUR", "5 %", "1" * 400],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        read(text)
    assert caught.value.reason == "bad_amount"


def test_an_amount_with_too_many_digits_is_refused_and_one_with_too_many_places_rounded() -> None:
    with pytest.raises(BadValue) as caught:
        read("100000000000")
    assert str(caught.value) == (
        "“100000000000” is too large; an amount has at most 11 digits before the decimal point."
    )
    notes = Notes()
    assert read_amount("1.23456", notes, is_comma=False) == Decimal("1.2346")
    assert read_amount("139.12000000000003", notes, is_comma=False) == Decimal("139.12")
    assert notes.counts == {"amount_rounded": 1}


@pytest.mark.parametrize(
    ("texts", "is_comma", "open_example"),
    [
        ([], None, ""),
        (["12", "abc"], None, ""),
        (["1.234"], None, "1.234"),
        (["1.234", "12,5"], True, "1.234"),
        (["1,234", "12.5"], False, "1,234"),
        (["1.234.567"], True, ""),
        (["1,234,567"], False, ""),
        (["12,50", "1,5", "12.5"], True, ""),
    ],
)
def test_what_a_file_proves(texts: list[str], is_comma: bool | None, open_example: str) -> None:
    marks = Marks()
    for text in texts:
        marks.add(text)
    assert (marks.is_comma, marks.open_example) == (is_comma, open_example)


@pytest.mark.parametrize(
    ("text", "currency"), [("5", ""), ("€ 5", "EUR"), ("5 chf", "CHF"), ("$5", None), ("5 kr", None), ("many", "")]
)
def test_the_currency_that_an_amount_names(text: str, currency: str | None) -> None:
    assert currency_of(text) == currency


def test_currencies() -> None:
    assert (read_currency("eur"), read_currency("£")) == ("EUR", "GBP")
    with pytest.raises(BadValue) as caught:
        read_currency("$")
    assert str(caught.value) == "“$” is not a currency; write its three letters, such as EUR."


def test_numbers() -> None:
    assert (read_number("7,5"), read_number("1,234.5"), read_number("-3")) == (7.5, 1234.5, -3.0)
    with pytest.raises(BadValue) as caught:
        read_number("good")
    assert (caught.value.reason, str(caught.value)) == ("bad_number", "“good” is not a number.")
