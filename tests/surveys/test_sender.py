import pytest

from surveys import sender
from surveys.sender import Sender

SENDER = Sender(address="service@example.com", domain="example.com", host="smtp.postmarkapp.com", is_real=True)

SPF = [
    (["v=spf1 include:spf.mtasv.net ~all"], "good", []),
    (["google-site-verification=x", "v=spf1 include:spf.mtasv.net -all"], "good", []),
    ([], "bad", ["There is no SPF record, so nobody can tell your mails from forged ones."]),
    (["v=spf10 ~all"], "bad", ["There is no SPF record, so nobody can tell your mails from forged ones."]),
    (
        ["v=spf1 ~all", "v=spf1 -all"],
        "bad",
        ["There are several SPF records; then receivers ignore all of them. Join them into one."],
    ),
    (
        ["v=spf1 include:spf.mtasv.net +all"],
        "bad",
        ["+all lets everybody send in your name. Write ~all or -all."],
    ),
    (
        ["V=SPF1 INCLUDE:spf.mtasv.net ?all"],
        "warn",
        ["?all says nothing about other servers. Write ~all or -all."],
    ),
    (
        ["v=spf1 include:spf.mtasv.net"],
        "warn",
        ["The record does not say what becomes of other servers. End it with ~all."],
    ),
    (["v=spf1 include:spf.mtasv.net redirect=_spf.example.com"], "good", []),
    (["v=spf1 mx -all"], "warn", ["It does not name include:spf.mtasv.net, the way your mails leave from here."]),
    (
        ["v=spf1 include:spf.mtasv.net " + " ".join(f"include:n{n}.example" for n in range(10)) + " ~all"],
        "bad",
        ["The record needs more than 10 look-ups; receivers then ignore it."],
    ),
]


@pytest.mark.parametrize(("texts", "tone", "remarks"), SPF)
def test_spf_is_judged(texts, tone, remarks):
    found = sender.judge_spf(SENDER, texts)
    assert (found.tone, list(found.remarks)) == (tone, remarks)


DMARC = [
    (["v=DMARC1; p=reject"], "good", 0),
    (["v=dmarc1;p=quarantine; pct=100"], "good", 0),
    (["v=DMARC1; p=none"], "warn", 1),
    (["v=DMARC1; rua=mailto:a@b.example"], "bad", 1),
    (["v=DMARC1; sp=reject"], "bad", 1),
    (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "bad", 1),
    ([], "bad", 1),
]


@pytest.mark.parametrize(("texts", "tone", "count"), DMARC)
def test_dmarc_is_judged(texts, tone, count):
    found = sender.judge_dmarc(SENDER, "_dmarc.example.com", texts)
    assert (found.tone, len(found.remarks)) == (tone, count)


@pytest.mark.parametrize(
    ("texts", "tone"),
    [
        (["v=DKIM1; k=rsa; p=MIGf"], "good"),
        (["p=MIGf"], "good"),
        (["v=DKIM1; p="], "bad"),
        (["other"], "bad"),
        ([], "bad"),
    ],
)
def test_dkim_is_judged(texts, tone):
    assert sender.judge_dkim(SENDER, "pm", texts).tone == tone


@pytest.mark.parametrize(
    ("backend", "host", "provider", "expected"),
    [
        ("kpiproject.mailbox.SmtpBackend", "smtp.gmail.com", "", ("include:_spf.google.com", True)),
        ("kpiproject.mailbox.SmtpBackend", "mail.example.com", "", ("a:mail.example.com", True)),
        ("kpiproject.mailbox.SmtpBackend", "notgmail.com", "", ("a:notgmail.com", True)),
        ("kpiproject.mailbox.SmtpBackend", "localhost", "", ("", True)),
        ("kpiproject.mail_provider.ProviderBackend", "", "mailgun", ("include:mailgun.org", True)),
        ("kpiproject.mailbox.FileBackend", "", "", ("", False)),
    ],
)
def test_way_of_sending_is_known(settings, backend, host, provider, expected):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.MAIL_PROVIDER = backend, host, provider
    settings.DEFAULT_FROM_EMAIL = "Service <service@Example.com>"
    found = sender.sender()
    assert (found.address, found.domain) == ("service@Example.com", "example.com")
    assert (found.spf, found.is_real) == expected


def test_records_are_named_for_whoever_runs_the_dns():
    assert [(record.kind, record.name, record.text) for record in sender.wanted(SENDER)] == [
        ("SPF", "example.com", "v=spf1 include:spf.mtasv.net ~all"),
        ("DKIM", "SELECTOR._domainkey.example.com", "v=DKIM1; k=rsa; p=…"),
        ("DMARC", "_dmarc.example.com", "v=DMARC1; p=none; rua=mailto:postmaster@example.com"),
    ]


@pytest.mark.parametrize(
    ("text", "is_one"), [("pm", True), ("s1.mail-2", True), ("-a", False), ("a b", False), ("", False)]
)
def test_selector_is_a_name(text, is_one):
    assert sender.is_selector(text) is is_one
