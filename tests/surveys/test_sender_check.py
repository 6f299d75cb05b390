import pytest
from dns import exception, resolver

from surveys import sender_check
from surveys.sender import Sender
from surveys.sender_check import DnsAwayError

SENDER = Sender(address="a@mail.example.com", domain="mail.example.com", host="mail.example.com", is_real=True)


def zone(**names: str):
    asked: list[str] = []
    told = {name.replace("__", "."): [text] for name, text in names.items()}

    def texts(name: str) -> list[str]:
        asked.append(name)
        return told.get(name, [])

    return texts, asked


def test_every_name_is_asked_and_judged():
    texts, asked = zone(
        mail__example__com="v=spf1 a:mail.example.com -all",
        s1___domainkey__mail__example__com="p=abc",
        _dmarc__mail__example__com="v=DMARC1; p=reject",
    )
    found = sender_check.check(SENDER, selector="s1", texts=texts)
    assert [(one.kind, one.tone) for one in found] == [("SPF", "good"), ("DKIM", "good"), ("DMARC", "good")]
    assert asked == ["mail.example.com", "s1._domainkey.mail.example.com", "_dmarc.mail.example.com"]


def test_dmarc_of_the_domain_above_counts_where_there_is_none():
    texts, asked = zone(_dmarc__example__com="v=DMARC1; p=reject")
    [_spf, found] = sender_check.check(SENDER, texts=texts)
    assert (found.name, found.tone) == ("_dmarc.example.com", "good")
    texts, asked = zone()
    [_spf, found] = sender_check.check(SENDER, texts=texts)
    assert (found.name, found.tone) == ("_dmarc.mail.example.com", "bad")
    assert asked[1:] == ["_dmarc.mail.example.com", "_dmarc.example.com"]


@pytest.mark.parametrize(
    "error", [exception.Timeout(), resolver.NoNameservers(), resolver.NoResolverConfiguration(), OSError()]
)
def test_without_a_network_nothing_is_said_of_the_records(monkeypatch, error):
    def away(*_arguments, **_named):
        raise error

    monkeypatch.setattr(resolver, "resolve", away)
    with pytest.raises(DnsAwayError):
        sender_check.check(SENDER)


@pytest.mark.parametrize("error", [resolver.NXDOMAIN(), resolver.NoAnswer()])
def test_name_without_records_has_none(monkeypatch, error):
    def nothing(*_arguments, **_named):
        raise error

    monkeypatch.setattr(resolver, "resolve", nothing)
    assert [found.tone for found in sender_check.check(SENDER)] == ["bad", "bad"]


def test_parts_of_a_text_are_joined_and_nonsense_is_cut(monkeypatch):
    class Text:
        strings = (b"v=spf1 a:mail.exa", b"mple.com -all \xff" + b"x" * 5000)

    monkeypatch.setattr(resolver, "resolve", lambda *_a, **_n: [Text()] * 100)
    [text] = set(sender_check._texts("example.com"))
    assert text.startswith("v=spf1 a:mail.example.com -all \ufffdxxx")
    assert (len(text), len(sender_check._texts("example.com"))) == (1000, 50)
