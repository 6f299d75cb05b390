"""Who may log in, and as what: invite, change role, deactivate, forget a password, begin an installation."""

import hmac
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from kpiproject import mail
from kpiproject.lib.once import written_once
from kpiproject.lib.tokens import BadToken, sign, unsign
from kpiproject.models import Mail, PasswordResetRequest, User
from kpiproject.roles import MANAGERS, STAFF

INVITATION_LASTS: Final = timedelta(days=14)
RESETS_PER_HOUR: Final = 3
ROLES: Final = (STAFF, MANAGERS)
_INVITATION: Final = "invitation of a person"
# No 0/O, 1/I/L: the code is read from a terminal and typed.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class PeopleError(Exception):
    """A rule about people forbids it; the message is the sentence to show."""


# --- Inviting -----------------------------------------------------------------------------------------------------
@transaction.atomic
def invite_person(email: str, name: str = "", *, role: str, by: User | None) -> User:
    """A new person who cannot log in before they have set a password through the mailed link."""
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise PeopleError(_("%(email)s is already in the list of people.") % {"email": email})
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, name=name.strip(), invited_at=timezone.now())
    except IntegrityError as error:  # somebody else invited them a moment ago
        raise PeopleError(_("%(email)s is already in the list of people.") % {"email": email}) from error
    _give_role(user, role)
    _mail_invitation(user, by)
    return user


@transaction.atomic
def resend_invitation(user: User, *, by: User | None) -> None:
    """A fresh link; the one sent before stops working."""
    if not is_invited(user):
        raise PeopleError(_("%(person)s has already accepted an invitation.") % {"person": user})
    if not user.is_active:
        raise PeopleError(_("%(person)s is deactivated; reactivate them first.") % {"person": user})
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    _mail_invitation(user, by)


def is_invited(user: User) -> bool:
    """Whether they were asked in and have not set a password yet."""
    return user.invited_at is not None and not user.has_usable_password()


def invitation_token(user: User) -> str:
    return sign(_INVITATION, [user.pk, _stamp(user)])


def invited_by_token(token: str) -> User:
    """The person whom this link invites. Raises BadToken with a sentence."""
    pk, stamp = unsign(_INVITATION, token, INVITATION_LASTS)
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        raise BadToken(_("This invitation has been withdrawn."))
    if not is_invited(user):
        raise BadToken(_("This invitation has already been accepted. Log in with your e-mail address and password."))
    if stamp != _stamp(user):
        raise BadToken(_("A newer invitation has been sent to you; use the link in the newest mail."))
    return user


def accept_invitation(user: User, *, name: str, password: str) -> None:
    user.name = name.strip()
    user.set_password(password)
    user.save(update_fields=["name", "password"])


def _stamp(user: User) -> str:
    return user.invited_at.isoformat() if user.invited_at else ""


def _mail_invitation(user: User, by: User | None) -> Mail:
    url = settings.BASE_URL + reverse("accounts:invitation", args=[invitation_token(user)])
    return mail.compose(
        "invitation_person",
        key=f"invitation_person:{user.pk}:{_stamp(user)}",
        kind="invitation_person",
        to=user.email,
        context={"person": user, "by": by, "url": url, "days": INVITATION_LASTS.days, "is_manager": user.is_staff},
        reply_to=by.email if by else "",
        language=user.language,
    )


# --- Roles and access ---------------------------------------------------------------------------------------------
def role_of(user: User) -> str:
    return MANAGERS if user.is_staff else STAFF


def listed() -> QuerySet[User]:
    """Everybody, those who can log in first."""
    return User.objects.order_by("-is_active", "name", "email")


@transaction.atomic
def set_role(user: User, role: str) -> None:
    if role != MANAGERS:
        _keep_a_manager(without=user)
    _give_role(user, role)


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> None:
    """They are logged out everywhere at their next click, because every request asks whether they are active."""
    if by is not None and by.pk == user.pk:
        raise PeopleError(_("You cannot deactivate yourself. Ask another manager to do it."))
    _keep_a_manager(without=user)
    user.is_active = False
    user.save(update_fields=["is_active"])


def reactivate(user: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])


def _give_role(user: User, role: str) -> None:
    if role not in ROLES:
        raise PeopleError(_("“%(role)s” is not a role; choose Staff or Managers.") % {"role": role})
    user.is_staff = role == MANAGERS
    user.is_superuser = user.is_superuser and user.is_staff
    user.save(update_fields=["is_staff", "is_superuser"])
    user.groups.remove(*Group.objects.filter(name__in=ROLES).exclude(name=role))
    user.groups.add(Group.objects.get_or_create(name=role)[0])


def _keep_a_manager(*, without: User) -> None:
    """Two managers who demote each other at the same time wait for one another here."""
    Group.objects.select_for_update().get_or_create(name=MANAGERS)
    others = User.objects.filter(Q(groups__name=MANAGERS) | Q(is_superuser=True), is_active=True).exclude(pk=without.pk)
    # Who has not accepted the invitation cannot manage anything yet.
    if role_of(without) == MANAGERS and not any(other.has_usable_password() for other in others):
        message = _("%(person)s is the last active manager. Make somebody else a manager first.")
        raise PeopleError(message % {"person": without})


# --- A forgotten password -----------------------------------------------------------------------------------------
def request_password_reset(email: str) -> PasswordResetRequest:
    """Only noted, so that the time it takes does not tell whether somebody has this address."""
    return PasswordResetRequest.objects.create(email=email)


def waiting_password_resets(limit: int) -> list[int]:
    return list(PasswordResetRequest.objects.order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def answer_password_reset(request_id: int) -> None:
    """The mail and the end of the request, or neither; nothing if somebody else has answered it."""
    waiting = PasswordResetRequest.objects.filter(pk=request_id)
    request = waiting.first()
    if request is not None and waiting.delete()[0]:
        mail_password_reset(request.email)


def forget_password_resets(before: datetime) -> None:
    """Those that no worker could answer."""
    PasswordResetRequest.objects.filter(asked_at__lt=before).delete()


@transaction.atomic
def mail_password_reset(email: str) -> None:
    """Mail a link if somebody has this address."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None or _resets_lately(user) >= RESETS_PER_HOUR:
        return
    if is_invited(user):
        resend_invitation(user, by=None)
        return
    _mail_reset(user)


def _resets_lately(user: User) -> int:
    since = timezone.now() - timedelta(hours=1)
    kinds = ["password_reset", "invitation_person"]
    return Mail.objects.filter(kind__in=kinds, recipient=user.email, created_at__gte=since).count()


def _mail_reset(user: User) -> None:
    token = default_token_generator.make_token(user)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    context: dict[str, Any] = {
        "person": user,
        "url": settings.BASE_URL + reverse("accounts:password_reset_confirm", args=[uid, token]),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    # The same minute is the same cause: a double click sends one mail.
    key = f"password_reset:{user.pk}:{timezone.now():%Y-%m-%dT%H:%M}"
    mail.compose(
        "password_reset", key=key, kind="password_reset", to=user.email, context=context, language=user.language
    )


# --- The first person ---------------------------------------------------------------------------------------------
def nobody_yet() -> bool:
    return not User.objects.exists()


def first_manager_code() -> str | None:
    """The one-time code for /setup/first/, made when it is asked for first; None once somebody can log in."""
    file = _code_file()
    if not nobody_yet():
        file.unlink(missing_ok=True)
        return None
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.exists() and not file.read_text(encoding="utf-8").strip():
        file.unlink()  # what a full disk left; nobody has read a code from it
    return written_once(file, lambda: "-".join(_letters(4) for _part in range(4)))


def is_first_manager_code(text: str) -> bool:
    code = first_manager_code()
    typed = "".join(letter for letter in text.upper() if letter in _LETTERS)
    return code is not None and typed != "" and hmac.compare_digest(typed, code.replace("-", ""))


@transaction.atomic
def first_manager(email: str, name: str, password: str) -> User:
    """Create the manager of an empty installation. PeopleError if somebody was quicker."""
    # The group's row makes two visitors who send the form at the same time wait for one another.
    Group.objects.select_for_update().get_or_create(name=MANAGERS)
    if not nobody_yet():
        raise PeopleError(_("The first manager exists already. Log in instead."))
    user = User.objects.create_user(email, password, name=name.strip())
    _give_role(user, MANAGERS)
    transaction.on_commit(lambda: _code_file().unlink(missing_ok=True))
    return user


def _code_file() -> Path:
    return Path(settings.VAR) / "first-manager-code"


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _letter in range(count))
