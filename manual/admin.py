"""The manual in the administration, in modules that Django is to find."""

from manual import admin_shares

__all__ = ["admin_shares"]
