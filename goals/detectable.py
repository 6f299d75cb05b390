"""The smallest change that can be told from chance between two equally long stretches of time.

With a power of 80 % and an error of 5 % on both sides, the usual choice: (z 0.975 + z 0.8) times the standard error of
the difference (Cohen, “Statistical Power Analysis”, 2.2).
"""

from math import sqrt
from typing import Final

_FACTOR: Final = 1.959964 + 0.841621


def share(p: float, n: float) -> float:
    """Of a share p (0 to 1) of n rows each, as a difference of shares. Raises ValueError for no rows."""
    return mean(sqrt(p * (1 - p)), n)


def mean(deviation: float, n: float) -> float:
    """Of a mean of n values each that vary by a standard deviation. Raises ValueError for no values."""
    if n <= 0:
        msg = "Without rows no change can be told from chance."
        raise ValueError(msg)
    return _FACTOR * deviation * sqrt(2 / n)
