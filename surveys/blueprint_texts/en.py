"""In English."""

from surveys.content import Prompt, Wording

_SATISFIED = {"low_label": "Very dissatisfied", "high_label": "Very satisfied"}
_LIKELY = {"low_label": "Not at all likely", "high_label": "Extremely likely"}
_WHY = {"comment_label": "What is the main reason for your answer?"}

_SERVICE = {
    "thanks": "Thank you. Your answer goes straight to the people who helped you.",
    "mail_subject": "How did we do?",
    "mail_intro": "You were in touch with us recently. Please tell us how it went: one click is enough.",
    "reminder_subject": "One click: how did we do?",
    "reminder_intro": "We asked you a few days ago how our service was. If you have ten seconds, we would still like "
    "to know.",
}
_RELATIONSHIP = {
    "thanks": "Thank you. We read every answer.",
    "mail_subject": "One question about [Company]",
    "mail_intro": "We would like to know how you see us. It is one question and takes half a minute.",
    "reminder_subject": "Your opinion about [Company] still counts",
    "reminder_intro": "We asked you one question a few days ago and have not heard from you yet. Half a minute is "
    "enough.",
}
_EMPLOYEES = {
    "comment_label": "What is the main reason for your answer?",
    "thanks": "Thank you for being open with us.",
    "privacy_note": "Your answer is anonymous. It is stored without your name and only with the day, and results are "
    "shown only when at least five people have answered.",
    "mail_subject": "How is work?",
    "mail_intro": "Please tell us how you feel about your work here. Your answer is anonymous: nobody can see who "
    "said what.",
    "reminder_subject": "How is work? A short reminder",
    "reminder_intro": "There is still time to answer. Everybody who was asked and may not have answered gets this "
    "mail; what you answer stays anonymous.",
}

WORDINGS = {
    "csat": Wording(
        question="How satisfied were you with the service you received today?", **_SATISFIED, **_WHY, **_SERVICE
    ),
    "csat_reasons": Wording(
        question="How satisfied were you with the service you received today?",
        comment_label="Is there anything else you would like to tell us?",
        **_SATISFIED,
        **_SERVICE,
    ),
    "thumbs": Wording(
        question="Did we solve your problem?",
        low_label="No",
        high_label="Yes",
        comment_label="What could we have done better?",
        **_SERVICE,
    ),
    "nps": Wording(
        question="How likely are you to recommend [Company] to a friend or colleague?",
        **_LIKELY,
        **_WHY,
        **_RELATIONSHIP,
    ),
    "nps_groups": Wording(
        question="How likely are you to recommend [Company] to a friend or colleague?",
        comment_label="Is there anything else you would like to tell us?",
        **_LIKELY,
        **_RELATIONSHIP,
    ),
    "ces": Wording(
        question="How easy was it to get your issue resolved today?",
        low_label="Very difficult",
        high_label="Very easy",
        comment_label="What made it easy or difficult?",
        **_SERVICE,
    ),
    "ces2": Wording(
        question="[Company] made it easy for me to handle my issue.",
        low_label="Strongly disagree",
        high_label="Strongly agree",
        comment_label="What made it easy or difficult?",
        **_SERVICE,
    ),
    "effort": Wording(
        question="How much effort did you have to put into getting your issue resolved?",
        low_label="Very little effort",
        high_label="A great deal of effort",
        comment_label="What cost you the most effort?",
        **_SERVICE,
    ),
    "esat": Wording(question="How satisfied are you with your work at [Company]?", **_SATISFIED, **_EMPLOYEES),
    "enps": Wording(question="How likely are you to recommend [Company] as a place to work?", **_LIKELY, **_EMPLOYEES),
    "onboarding": Wording(
        question="How satisfied are you with your first weeks with [Company]?",
        comment_label="What would have made the start easier?",
        thanks="Thank you. You are helping everybody who starts after you.",
        mail_subject="How was your start with [Company]?",
        mail_intro="You have been with us for a few weeks. How did it go? Three short questions, one minute.",
        reminder_subject="Your start with [Company]: one minute?",
        reminder_intro="We would still like to know how your first weeks with us were.",
        **_SATISFIED,
    ),
    "exit": Wording(
        question="Looking back, how satisfied were you with [Company]?",
        comment_label="What should we have done differently?",
        thanks="Thank you for your honesty. The door stays open.",
        mail_subject="Before you go: what could we have done better?",
        mail_intro="We are sorry that you are leaving. Nobody will try to talk you out of it; we only want to learn "
        "from it. It takes one minute.",
        reminder_subject="One minute: why did you leave?",
        reminder_intro="We would still be glad to know why you left us.",
        **_SATISFIED,
    ),
    "recovery": Wording(
        question="How satisfied are you with the way we handled your complaint?",
        comment_label="Is there anything else we should know?",
        thanks="Thank you for giving us a second chance to do it right.",
        mail_subject="Did we put it right?",
        mail_intro="You told us that something went wrong. We have worked on it. Please tell us whether it is settled "
        "from your point of view.",
        reminder_subject="Is your complaint settled?",
        reminder_intro="We want to be sure that nothing is left open. If it is, please tell us.",
        **_SATISFIED,
    ),
    "product": Wording(
        question="How satisfied are you with our product?",
        comment_label="Is there anything else you would like to tell us?",
        thanks="Thank you. Your answer helps us decide what to build next.",
        mail_subject="How do you like our product?",
        mail_intro="You work with our product, so nobody knows better what it lacks. Two short questions, one minute.",
        reminder_subject="What should we improve first?",
        reminder_intro="We are planning our next steps and would like to have your opinion in it.",
        **_SATISFIED,
    ),
}

PROMPTS = {
    "csat_reasons": {
        "wrong": Prompt(
            prompt="What went wrong?",
            options={
                "slow": "It took too long",
                "unsolved": "My problem is not solved",
                "unfriendly": "I was not treated well",
                "unclear": "I did not understand the answer",
                "repeat": "I had to explain everything again",
                "other": "Something else",
            },
        ),
        "other": Prompt(prompt="What was it?"),
        "well": Prompt(
            prompt="What did we do well?",
            options={
                "fast": "A quick answer",
                "solved": "A good solution",
                "friendly": "Friendly people",
                "clear": "A clear explanation",
            },
        ),
    },
    "nps_groups": {
        "best": Prompt(
            prompt="What do you value most about us?",
            options={
                "product": "The product",
                "service": "The service",
                "people": "The people",
                "price": "Value for money",
                "reliability": "Reliability",
            },
        ),
        "missing": Prompt(prompt="What would it take for you to recommend us without hesitation?"),
        "reason": Prompt(
            prompt="What disappointed you most?",
            options={
                "product": "The product",
                "service": "The service",
                "price": "The price",
                "reliability": "Promises that were not kept",
                "other": "Something else",
            },
        ),
        "other": Prompt(prompt="What was it?"),
        "contact": Prompt(prompt="May we contact you about it?", options={"yes": "Yes, please", "no": "No, thank you"}),
    },
    "onboarding": {
        "hardest": Prompt(
            prompt="What was the most difficult part?",
            options={
                "setup": "Setting it up",
                "learning": "Learning how to use it",
                "data": "Bringing our data over",
                "help": "Finding help",
                "none": "Nothing was difficult",
            },
        ),
        "complete": Prompt(prompt="Did you get everything you needed?", options={"yes": "Yes", "no": "No"}),
        "missing": Prompt(prompt="What was missing?"),
    },
    "exit": {
        "reason": Prompt(
            prompt="What is the main reason why you are leaving?",
            options={
                "price": "It is too expensive",
                "features": "It lacks something I need",
                "quality": "It is not reliable enough",
                "service": "I was not happy with the service",
                "competitor": "I am changing to another provider",
                "unneeded": "I no longer need it",
                "other": "Something else",
            },
        ),
        "features": Prompt(prompt="What do you miss?"),
        "competitor": Prompt(prompt="What does the other provider do better?"),
        "other": Prompt(prompt="What is it?"),
        "return": Prompt(
            prompt="Could you imagine coming back one day?", options={"yes": "Yes", "maybe": "Perhaps", "no": "No"}
        ),
    },
    "recovery": {
        "solved": Prompt(
            prompt="Is the matter settled for you?",
            options={"yes": "Yes, completely", "partly": "In part", "no": "No"},
        ),
        "open": Prompt(prompt="What is still open?"),
    },
    "product": {
        "improve": Prompt(
            prompt="What should we improve first?",
            options={
                "ease": "Ease of use",
                "speed": "Speed",
                "reliability": "Reliability",
                "features": "More features",
                "guides": "Guides and help",
                "price": "The price",
            },
        ),
        "features": Prompt(prompt="Which feature do you miss most?"),
    },
}
