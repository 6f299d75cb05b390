"""What a log line must not tell: whoever holds the token of an address may do what its owner may."""

import logging
import re

_BEFORE = "|".join(
    (
        r"/s", r"/u", r"/c", r"/k", r"/w", r"/f", r"/share", r"/surveys/[^/\s]+/mailings", r"/reports/unsubscribe",
        r"/follow/confirm", r"/follow/leave", r"/alerts/mail", r"/alerts/unsubscribe", r"/thanks/praise/mail",
        r"/reviews/calendar", r"/accounts/invitation", r"/accounts/password/reset/[^/\s]+",
    )
)  # fmt: skip
_ADDRESS = re.compile(rf"((?:{_BEFORE})/[^/\s?'\"]{{4}}|[?&](?:s|form)=[^&\s'\"]{{4}})[^/\s?&'\"]+", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """The first four characters stay, so that two lines about the same link can be told to belong together."""
    return _ADDRESS.sub(r"\1…", text)


class TokensCut(logging.Filter):
    """Changes the record and lets it pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            written = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit: the handler reports it better
            return True
        cut = without_tokens(written)
        if cut != written:
            record.msg, record.args = cut, ()
        return True
