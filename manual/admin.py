"""The manual in the administration, in modules that Django is to find."""

from manual import admin_readers, admin_shares

__all__ = ["admin_readers", "admin_shares"]
