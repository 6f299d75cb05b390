"""Whether mails in our name are believed: what SPF, DKIM and DMARC should say in the DNS, and what they do say."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

# What the providers ask to be written into SPF, by the end of their servers' names.
_INCLUDES: Final = {
    "gmail.com": "include:_spf.google.com",
    "google.com": "include:_spf.google.com",
    "office365.com": "include:spf.protection.outlook.com",
    "outlook.com": "include:spf.protection.outlook.com",
    "amazonaws.com": "include:amazonses.com",
    "mailgun.org": "include:mailgun.org",
    "sendgrid.net": "include:sendgrid.net",
    "postmarkapp.com": "include:spf.mtasv.net",
    "mailjet.com": "include:spf.mailjet.com",
    "sparkpostmail.com": "include:sparkpostmail.com",
}
_PROVIDERS: Final = {
    "mailgun": "mailgun.org",
    "postmark": "postmarkapp.com",
    "sendgrid": "sendgrid.net",
    "sparkpost": "sparkpostmail.com",
}
# RFC 7208: more look-ups make the record worthless.
_MOST_LOOKUPS: Final = 10
_SELECTOR: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
GOOD, HINT, BAD = "good", "warn", "bad"


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who mails come from and how they leave. `is_real` is False where they only go to a folder or the screen."""

    address: str
    domain: str
    host: str
    is_real: bool

    @property
    def spf(self) -> str:
        """The part of SPF that lets our way of sending through; "" where it is not known."""
        ends = (value for end, value in _INCLUDES.items() if self.host == end or self.host.endswith(f".{end}"))
        return next(ends, f"a:{self.host}" if "." in self.host else "")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A TXT record as it should be: the exact words for whoever runs the DNS."""

    kind: str
    name: str
    text: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found under a name, and what is to be said of it. Nothing of it is kept."""

    kind: str
    name: str
    tone: str
    texts: tuple[str, ...]
    remarks: tuple[str, ...]


def sender() -> Sender:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    provider = settings.MAIL_PROVIDER
    is_smtp = settings.EMAIL_BACKEND.endswith("SmtpBackend")
    is_provider = settings.EMAIL_BACKEND.endswith("ProviderBackend")
    host = _PROVIDERS.get(provider, provider) if is_provider else settings.EMAIL_HOST if is_smtp else ""
    return Sender(
        address=address,
        domain=address.rpartition("@")[2].lower(),
        host=host.lower(),
        is_real=is_smtp or is_provider,
    )


def is_selector(text: str) -> bool:
    return _SELECTOR.fullmatch(text) is not None


def wanted(found: Sender) -> list[Record]:
    domain = found.domain
    allowed = found.spf or _("(what your mail server's operator asks for)")
    return [
        Record(
            kind="SPF",
            name=domain,
            text=f"v=spf1 {allowed} ~all",
            why=_(
                "Says which servers may send in the name of the domain. If there is a record already, add to that one."
            ),
        ),
        Record(
            kind="DKIM",
            name=f"SELECTOR._domainkey.{domain}",
            text="v=DKIM1; k=rsa; p=…",
            why=_("The key that the sending server signs with. Its operator gives you the selector and the key."),
        ),
        Record(
            kind="DMARC",
            name=f"_dmarc.{domain}",
            text=f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}",
            why=_("Asks receivers to report who sends in your name. Once the reports are clean, write p=quarantine."),
        ),
    ]


# --- What the DNS says --------------------------------------------------------------------------------------------
def judge_spf(found: Sender, texts: list[str]) -> Finding:
    records = tuple(text for text in texts if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE))
    bad: list[str] = []
    hints: list[str] = []
    if not records:
        bad.append(_("There is no SPF record, so nobody can tell your mails from forged ones."))
    elif len(records) > 1:
        bad.append(_("There are several SPF records; then receivers ignore all of them. Join them into one."))
    else:
        bad, hints = _faults_of_spf(records[0].lower().split()[1:], found)
    return _finding("SPF", found.domain, records, bad=bad, hints=hints)


def _faults_of_spf(terms: list[str], found: Sender) -> tuple[list[str], list[str]]:
    bad: list[str] = []
    hints: list[str] = []
    lookups = sum(
        bool(re.match(r"[+?~-]?(include:|a([:/]|$)|mx([:/]|$)|ptr|exists:)|redirect=", term)) for term in terms
    )
    if "+all" in terms or "all" in terms:
        bad.append(_("+all lets everybody send in your name. Write ~all or -all."))
    elif not any(term.lstrip("?~-") == "all" or term.startswith("redirect=") for term in terms):
        hints.append(_("The record does not say what becomes of other servers. End it with ~all."))
    elif "?all" in terms:
        hints.append(_("?all says nothing about other servers. Write ~all or -all."))
    if lookups > _MOST_LOOKUPS:
        bad.append(
            _("The record needs more than %(most)s look-ups; receivers then ignore it.") % {"most": _MOST_LOOKUPS}
        )
    if found.spf and found.spf not in [term.lstrip("+") for term in terms]:
        hints.append(_("It does not name %(part)s, the way your mails leave from here.") % {"part": found.spf})
    return bad, hints


def judge_dkim(found: Sender, selector: str, texts: list[str]) -> Finding:
    records = tuple(text for text in texts if "p=" in text.replace(" ", ""))
    name = f"{selector}._domainkey.{found.domain}"
    bad: list[str] = []
    if not records:
        bad.append(_("There is no key under this selector, so signatures cannot be checked."))
    elif any(re.search(r"(^|;)\s*p=\s*(;|$)", text) for text in records):
        bad.append(_("The key was revoked: what stands after p= is empty."))
    return _finding("DKIM", name, records, bad=bad, hints=[])


def judge_dmarc(found: Sender, name: str, texts: list[str]) -> Finding:
    records = tuple(text for text in texts if re.match(r"v=DMARC1(\s|;|$)", text, re.IGNORECASE))
    bad: list[str] = []
    hints: list[str] = []
    if not records:
        bad.append(_("There is no DMARC record. Large providers refuse many mails of a domain without one."))
    elif len(records) > 1:
        bad.append(_("There are several DMARC records; then receivers ignore all of them."))
    else:
        policy = re.search(r";\s*p\s*=\s*(\w+)", records[0], re.IGNORECASE)
        if policy is None:
            bad.append(_("The record has no policy. Add p=none."))
        elif policy[1].lower() == "none":
            hints.append(_("p=none only watches. Once the reports are clean, write p=quarantine."))
    return _finding("DMARC", name, records, bad=bad, hints=hints)


def _finding(kind: str, name: str, records: tuple[str, ...], *, bad: list[str], hints: list[str]) -> Finding:
    tone = BAD if bad else HINT if hints else GOOD
    return Finding(kind=kind, name=name, tone=tone, texts=records, remarks=(*bad, *hints))
