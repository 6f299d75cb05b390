"""The customers of the demonstration company."""

from datetime import date, timedelta

import numpy as np

from kpiproject.front.demo import company
from metrics.models import Customer

COUNT = 3600
COUNTRIES = ("DE", "DE", "DE", "AT", "CH", "NL")


def customers(today: date) -> list[Customer]:
    """The same people for a given day; their addresses end in .example, so that no mail can ever reach anybody."""
    random = np.random.default_rng(11)
    tiers = random.choice(list(company.TIERS), size=COUNT, p=list(company.TIERS.values()))
    ages = random.integers(30, 1500, size=COUNT)
    return [
        Customer(
            source=company.SOURCE,
            external_id=f"C{number + 1:05d}",
            name=name_of(number),
            email=email_of(number),
            tier=str(tiers[number]),
            company=f"{name_of(number).split()[1]} GmbH" if tiers[number] == "business" else "",
            country=COUNTRIES[number % len(COUNTRIES)],
            language="de" if number % 3 else "en",
            signed_up_on=today - timedelta(days=int(ages[number])),
        )
        for number in range(COUNT)
    ]


def name_of(number: int) -> str:
    first = company.FIRST_NAMES[number % len(company.FIRST_NAMES)]
    last = company.LAST_NAMES[(number // len(company.FIRST_NAMES) + number) % len(company.LAST_NAMES)]
    return f"{first} {last}"


def email_of(number: int) -> str:
    return f"{name_of(number).lower().replace(' ', '.')}.{number + 1}@kunde.example"
