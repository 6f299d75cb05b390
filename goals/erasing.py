"""What was made of an erased person's words: praise that was passed on, and mails that told managers of them."""

from collections.abc import Sequence

from goals.models import Alert, Praise
from kpiproject import mail_erasing
from kpiproject.models import Mail


def erase(*, answers: Sequence[int], follow_ups: Sequence[int]) -> None:
    """In a transaction of the caller's."""
    praise = Praise.objects.filter(answer__in=answers)
    told = Alert.objects.filter(follow_up__in=follow_ups, mail__isnull=False)
    for mails in (praise.filter(mail__isnull=False).values("mail"), told.values("mail")):
        mail_erasing.empty(Mail.objects.filter(pk__in=list(mails.values_list("mail", flat=True))))
    praise.delete()
