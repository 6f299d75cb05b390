"""What customers write, by how content they are and what it was about. Invented; any likeness is chance."""

from typing import Final

ANYTHING: Final = ""

# fmt: off
COMMENTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "good": {
        ANYTHING: (
            "Quick and friendly, thank you!",
            "Solved in one go. That is how it should be.",
            "I did not expect an answer on a Saturday. Great.",
            "Clear instructions, no fuss.",
            "A real person who knew what she was talking about. Rare these days.",
            "Answered before I had finished my coffee.",
            "Super Service, gerne wieder!",
            "You made my day, and I am hard to please.",
            "No complaints at all.",
            "Been a customer for years and this is why.",
        ),
        "Delivery": (
            "Parcel was found within the hour and arrived the next morning, in time for our trip.",
            "They changed the address while the van was already loaded. Impressive.",
            "A new parcel was on its way the same day, no questions asked.",
        ),
        "Returns": (
            "Return label in two minutes, money back in three days. Perfect.",
            "The larger size came before I had even sent back the small one.",
        ),
        "Product question": (
            "Honest advice: she told me the cheaper jacket would do for my walks.",
            "He had slept in that very tent and told me what it is like in rain.",
            "Got a size recommendation that fits like a glove.",
        ),
        "Billing": (
            "Double payment was back in my account the next day.",
            "My accountant finally has the invoice she wanted. Thanks!",
        ),
        "Technical": (
            "Very patient with me, the watch works again.",
            "He stayed on the phone until the tour was on my watch. Thank you!",
            "The trick with holding both buttons worked at once.",
        ),
        "Account": ("Logged in again within five minutes.",),
        "Complaint": ("I was furious when I called and laughing when I hung up. Well done.",),
    },
    "middle": {
        ANYTHING: (
            "Fine in the end, but I had to ask twice.",
            "Friendly, though it took a while.",
            "The answer was correct but rather short.",
            "OK. Nothing special.",
            "Helpful once I got through.",
            "Ging so. Am Ende hat es geklappt.",
            "Please put this in the FAQ, then nobody would have to write.",
        ),
        "Delivery": (
            "Parcel came, two days later than promised.",
            "The tracking page said one thing, the agent another. She was right.",
        ),
        "Returns": ("Refund arrived, but I had to remind you.", "Not everybody can print a label at home."),
        "Product question": ("Good answer, but the page should say how warm it really is.",),
        "Billing": ("Sorted, after I had sent the same receipt twice.",),
        "Technical": (
            "Works now. Why do I need three restarts for an update?",
            "The first tip did not help, the second one did.",
        ),
        "Account": ("Done, but why can I not change my address myself?",),
        "Complaint": ("I got a voucher. An explanation would have been nicer.",),
    },
    "bad": {
        ANYTHING: (
            "I had to explain everything again to the next person.",
            "Four days for a simple question is too long.",
            "I felt like a number.",
            "Chat closed on me in the middle of a sentence.",
            "Copy and paste answer that had nothing to do with my question.",
            "Twenty minutes of music, then the line went dead.",
            "Nobody feels responsible at your place.",
        ),
        "Delivery": (
            "The parcel is still at the depot and everybody blames everybody else.",
            "Left in the rain in front of the door. Sleeping bag soaked.",
            "Our holiday starts tomorrow and the tent is not here.",
        ),
        "Returns": (
            "The refund is still not there.",
            "Sent it back three weeks ago. First you had it, then you did not.",
            "I was told to pay for returning a broken stove. Really?",
        ),
        "Product question": ("Was told it is waterproof. It is not. I was wet.",),
        "Billing": (
            "Charged twice and then asked to prove it.",
            "A reminder with a fee for an invoice that I had paid!",
        ),
        "Technical": (
            "Lost all my tours with your update and nobody can bring them back.",
            "I was told to reset the watch four times. It is still dead.",
            "The app has crashed since October and the answer is to wait for the next version.",
        ),
        "Account": ("Locked out for a week because of a typing mistake on your side.",),
        "Complaint": (
            "Third time the same fault, third time the same apology.",
            "You promised to call back. I am still waiting.",
        ),
    },
}
# fmt: on


def said(group: str, topic: str) -> tuple[str, ...]:
    """What may be written: about the topic, and what fits anything."""
    return COMMENTS[group].get(topic, ()) + COMMENTS[group][ANYTHING]
