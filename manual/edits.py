"""What follows when somebody changes the text or the order of the sections: an approval does not outlast it."""

from kpiproject.models import User
from manual import approval_mail, rounds


def tell(*, by: User | None, what: str) -> None:
    """What was in review or approved is a draft again, and whoever submitted it is told. Call it in the transaction of
    the change; `what` is the title of the section."""
    event = rounds.edited(by=by, what=what)
    if event is not None:
        approval_mail.tell(event, others=[])
