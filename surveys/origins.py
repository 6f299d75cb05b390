"""Origins of web pages: scheme, host and port, as browsers compare them. Nothing else may stand in a policy."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_ORIGINS: Final = 20
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
# Where somebody builds a page; only there nobody between can change what is shown.
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]{{2,45}}\]")
_SHAPE: Final = re.compile(r"(https?)://([^\s/?#@:\[\]]+|\[[^\s/?#@\[\]]+\])(?::([0-9]{1,5}))?/?", re.IGNORECASE)


def parse(text: str) -> str:
    """The origin in the one form that browsers send. Raises ValidationError with a whole sentence."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise ValidationError(
            _("“%(text)s” is not an origin. Write it like https://shop.example.com: no path, no asterisk."),
            params={"text": text[:100]},
            code="origin",
        )
    scheme, host, port = found[1].lower(), _ascii_host(found[2], text), found[3]
    if scheme == "http" and host not in _LOCAL:
        raise ValidationError(
            _("“%(text)s” is not encrypted. Only https pages may show the widget; http is for localhost."),
            params={"text": text[:100]},
            code="scheme",
        )
    return f"{scheme}://{host}{_port(scheme, port, text)}"


def parse_list(text: str) -> list[str]:
    """One origin a line, each once. Raises ValidationError with a sentence for every line that is wrong."""
    origins: list[str] = []
    wrong: list[ValidationError] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        try:
            origins.append(parse(line))
        except ValidationError as error:
            wrong.append(error)
    if wrong:
        raise ValidationError(wrong)
    if len(origins) > MOST_ORIGINS:
        raise ValidationError(_("At most %(most)s pages can be named."), params={"most": MOST_ORIGINS}, code="many")
    return list(dict.fromkeys(origins))


def _ascii_host(host: str, text: str) -> str:
    """With umlauts and other letters written as the network writes them (IDNA)."""
    try:
        written = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        written = ""
    if len(written) > 253 or not _HOST.fullmatch(written):
        raise ValidationError(
            _("“%(text)s” has no host that a browser could know."), params={"text": text[:100]}, code="host"
        )
    return written


def _port(scheme: str, port: str | None, text: str) -> str:
    if port is None or int(port) == _DEFAULT_PORTS[scheme]:
        return ""
    if not 1 <= int(port) <= 65535:
        raise ValidationError(_("“%(text)s” has no such port."), params={"text": text[:100]}, code="port")
    return f":{int(port)}"
