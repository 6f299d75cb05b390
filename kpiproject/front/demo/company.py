"""Who works there, what they promise. Invented; any likeness is chance."""

from dataclasses import dataclass

NAME = "Fernweh Outdoor"
ZONE = "Europe/Berlin"
SOURCE = "helpdesk"
WEEK = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": [["09:00", "13:00"]]}


@dataclass(frozen=True)
class DemoAgent:
    """`pace` stretches working times, `care` lifts satisfaction: the differences that a manager wants to see."""

    name: str
    team: str
    pace: float
    care: float


AGENTS = (
    DemoAgent("Amira Haddad", "First line", 0.85, 0.25),
    DemoAgent("Ben Okafor", "First line", 0.90, 0.10),
    DemoAgent("Carla Nunes", "First line", 1.00, 0.05),
    DemoAgent("Deniz Aydin", "First line", 1.05, 0.00),
    DemoAgent("Elif Sahin", "First line", 1.20, 0.15),
    DemoAgent("Finn Larsen", "First line", 0.75, -0.35),
    DemoAgent("Greta Vogel", "Technical", 1.00, 0.20),
    DemoAgent("Hugo Martin", "Technical", 1.25, 0.05),
    DemoAgent("Ines Costa", "Technical", 0.90, 0.10),
    DemoAgent("Jonas Weber", "Returns", 0.95, 0.00),
    DemoAgent("Kaja Nowak", "Returns", 1.10, 0.15),
    DemoAgent("Liam Byrne", "Billing", 1.00, -0.05),
    DemoAgent("Mona Schmidt", "Billing", 1.15, 0.10),
    DemoAgent("Nora Lindqvist", "Technical", 0.95, 0.20),
)

CHANNELS = {"email": 0.52, "chat": 0.22, "phone": 0.18, "social": 0.08}
PRIORITIES = {"low": 0.20, "normal": 0.58, "high": 0.17, "urgent": 0.05}
TIERS = {"standard": 0.72, "plus": 0.21, "business": 0.07}


@dataclass(frozen=True)
class Topic:
    """`hours` is the median working time to a solution, `once` the share solved at first contact."""

    team: str
    share: float
    hours: float
    once: float
    subjects: tuple[str, ...]


TOPICS = {
    "Delivery": Topic(
        "First line", 0.27, 3.0, 0.80, ("Where is my parcel?", "Parcel arrived damaged", "Wrong delivery address")
    ),
    "Returns": Topic(
        "Returns", 0.20, 9.0, 0.62, ("How do I send this back?", "Refund not received", "Exchange for a larger size")
    ),
    "Product question": Topic(
        "First line",
        0.17,
        1.5,
        0.88,
        ("Is this jacket waterproof?", "Which size fits me?", "When is the tent back in stock?"),
    ),
    "Billing": Topic(
        "Billing", 0.13, 6.0, 0.70, ("Charged twice", "Invoice for my company", "Voucher was not accepted")
    ),
    "Technical": Topic(
        "Technical",
        0.13,
        14.0,
        0.48,
        ("GPS watch does not sync", "App closes when I start a tour", "Firmware update fails"),
    ),
    "Account": Topic(
        "First line", 0.07, 2.0, 0.84, ("Cannot log in", "Please change my e-mail address", "Delete my account")
    ),
    "Complaint": Topic("First line", 0.03, 11.0, 0.40, ("Third time the same fault", "Nobody calls me back")),
}

TAGS = {
    "Parcel arrived damaged": ("damaged",),
    "Refund not received": ("refund",),
    "Charged twice": ("refund", "payment"),
    "Voucher was not accepted": ("payment",),
    "Exchange for a larger size": ("exchange", "size"),
    "Which size fits me?": ("size",),
    "GPS watch does not sync": ("app",),
    "App closes when I start a tour": ("app", "crash"),
    "Third time the same fault": ("damaged", "again"),
}
"""What agents write on tickets with these subjects."""

REGULARS = 60
"""So many of those who ask most often are tagged as such."""

FIRST_NAMES = (
    "Ada",
    "Aylin",
    "Bruno",
    "Clara",
    "Dario",
    "Eva",
    "Felix",
    "Gina",
    "Hassan",
    "Ida",
    "Jakob",
    "Katja",
    "Leo",
    "Mara",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Samir",
    "Tara",
    "Uwe",
    "Vera",
    "Wim",
    "Yara",
    "Zoe",
    "Anton",
    "Berta",
    "Can",
    "Dora",
    "Emil",
    "Frida",
    "Georg",
    "Hanna",
    "Igor",
    "Julia",
    "Karl",
    "Lena",
    "Milan",
    "Nina",
    "Oskar",
    "Petra",
    "Quentin",
    "Ronja",
)
LAST_NAMES = (
    "Adler",
    "Berg",
    "Conti",
    "Diaz",
    "Ebert",
    "Fischer",
    "Gallo",
    "Hansen",
    "Ivanov",
    "Jansen",
    "Keller",
    "Lopez",
    "Moser",
    "Novak",
    "Olsen",
    "Peters",
    "Quast",
    "Richter",
    "Sommer",
    "Torres",
    "Ulrich",
    "Visser",
    "Wagner",
    "Xu",
    "Yilmaz",
    "Zimmer",
    "Arnold",
    "Bauer",
    "Christ",
    "Dahl",
    "Engel",
    "Frank",
    "Graf",
    "Horn",
    "Iversen",
    "Jung",
)
