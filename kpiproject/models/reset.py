from django.db import models
from django.utils import timezone


class PasswordResetRequest(models.Model):
    """Somebody has asked for a new password; a worker answers and deletes it. Nobody may have this address."""

    email = models.EmailField(max_length=320)
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.email} {self.asked_at:%Y-%m-%d %H:%M}"
