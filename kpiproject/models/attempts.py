from django.db import models


class Attempts(models.Model):
    """How often one network address has tried one thing since its counting began (see throttle.py)."""

    key = models.CharField(primary_key=True, max_length=200)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
