"""Sentences beside a figure that say what is meant by it."""


class Term(str):
    """What a word means in a figure, such as who is active: it is to be known, and nothing to beware of like other
    notes."""

    is_term = True
