"""The look-up that every page of an invitation begins with."""

from typing import Final

from django.db import DEFAULT_DB_ALIAS

from kpiproject.lib.tokens import is_token
from surveys.models import Invitation, Survey, Version

# Django puts a query together anew each time, and for two tables with sixty columns that takes longer than everything
# else an answer needs; these two are as they would come out, with the columns that an answer needs.
_INVITATION: Final = (
    "SELECT i.id, i.survey_id, i.version_id, i.contact_id, i.token, i.mail_id, i.language, i.scale_min, i.scale_max, "
    "i.ticket, i.ticket_source, i.agent, i.team, i.channel, i.category, i.created_at, i.sent_at, i.bounced_at, "
    "i.is_answered, i.expires_at, v.digest AS version_digest "
    "FROM surveys_invitation i JOIN surveys_version v ON v.id = i.version_id WHERE i.token = %s"
)
_SURVEY: Final = (
    "SELECT id, kind, status, language, scale_min, scale_max, lower_is_better, middle_from, good_from, thanks_url, "
    "lock_after_days FROM surveys_survey WHERE id = %s"
)


def find_invitation(token: str) -> Invitation | None:
    """The invitation with its survey, version and contact, in one query."""
    if not is_token(token):
        return None
    return Invitation.objects.select_related("survey", "version", "contact").filter(token=token).first()


def find_quickly(token: str) -> Invitation | None:
    """The same for an answer, of which many come at once. The content of the version is only read where it is not known
    yet (versions.read)."""
    if not is_token(token):
        return None
    for invitation in Invitation.objects.raw(_INVITATION, [token]):
        invitation.survey = next(iter(Survey.objects.raw(_SURVEY, [invitation.survey_id])))
        digest = vars(invitation).pop("version_digest")
        # As Django does it for a column that is left out for now.
        known = {"id": invitation.version_id, "survey_id": invitation.survey_id, "digest": digest}
        invitation.version = Version.from_db(DEFAULT_DB_ALIAS, list(known), list(known.values()))
        return invitation
    return None
