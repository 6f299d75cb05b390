"""Numbers that somebody else has written."""

import re
from typing import Final

_SMALL: Final = re.compile(r"-?[0-9]{1,4}")


def small_number(text: object) -> int | None:
    """A whole number of at most four digits; None for everything else, such as “²”, “--5” and a number without end."""
    return int(str(text)) if _SMALL.fullmatch(str(text)) else None
