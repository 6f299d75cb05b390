"""Cells of tables that leave the house."""

from typing import Final

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "'")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def safe_cell_undone(text: str) -> str:
    return text.removeprefix("'")
