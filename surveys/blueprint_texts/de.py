"""Auf Deutsch."""

from surveys.content import Prompt, Wording

_SATISFIED = {"low_label": "Sehr unzufrieden", "high_label": "Sehr zufrieden"}
_LIKELY = {"low_label": "Sehr unwahrscheinlich", "high_label": "Sehr wahrscheinlich"}
_WHY = {"comment_label": "Was ist der wichtigste Grund für Ihre Antwort?"}

_SERVICE = {
    "thanks": "Vielen Dank! Ihre Antwort geht direkt an die Menschen, die Ihnen geholfen haben.",
    "mail_subject": "Wie zufrieden waren Sie mit uns?",
    "mail_intro": "Sie hatten vor Kurzem Kontakt mit uns. Sagen Sie uns bitte, wie es war: Ein Klick genügt.",
    "reminder_subject": "Ein Klick: Wie zufrieden waren Sie mit uns?",
    "reminder_intro": "Vor einigen Tagen haben wir Sie gefragt, wie unser Service war. Wenn Sie zehn Sekunden Zeit "
    "haben, würden wir es immer noch gern wissen.",
}
_RELATIONSHIP = {
    "thanks": "Vielen Dank! Wir lesen jede Antwort.",
    "mail_subject": "Eine Frage zu [Company]",
    "mail_intro": "Wir möchten gern wissen, wie Sie uns sehen. Es ist nur eine Frage und dauert eine halbe Minute.",
    "reminder_subject": "Ihre Meinung zu [Company] ist uns wichtig",
    "reminder_intro": "Vor einigen Tagen haben wir Ihnen eine Frage gestellt und noch nichts von Ihnen gehört. Eine "
    "halbe Minute genügt.",
}
_EMPLOYEES = {
    "comment_label": "Was ist der wichtigste Grund für Ihre Antwort?",
    "thanks": "Vielen Dank für Ihre Offenheit!",
    "privacy_note": "Ihre Antwort ist anonym. Sie wird ohne Ihren Namen und nur mit dem Tag gespeichert, und "
    "Ergebnisse werden erst gezeigt, wenn mindestens fünf Personen geantwortet haben.",
    "mail_subject": "Wie geht es Ihnen bei der Arbeit?",
    "mail_intro": "Sagen Sie uns bitte, wie Sie Ihre Arbeit hier erleben. Ihre Antwort ist anonym: Niemand kann sehen, "
    "wer was gesagt hat.",
    "reminder_subject": "Wie geht es Ihnen bei der Arbeit? Eine kurze Erinnerung",
    "reminder_intro": "Sie können noch antworten. Diese E-Mail bekommen alle, die gefragt wurden und vielleicht noch "
    "nicht geantwortet haben; was Sie antworten, bleibt anonym.",
}

WORDINGS = {
    "csat": Wording(
        question="Wie zufrieden waren Sie mit dem Service, den Sie heute erhalten haben?",
        **_SATISFIED,
        **_WHY,
        **_SERVICE,
    ),
    "csat_reasons": Wording(
        question="Wie zufrieden waren Sie mit dem Service, den Sie heute erhalten haben?",
        comment_label="Möchten Sie uns noch etwas sagen?",
        **_SATISFIED,
        **_SERVICE,
    ),
    "thumbs": Wording(
        question="Haben wir Ihr Problem gelöst?",
        low_label="Nein",
        high_label="Ja",
        comment_label="Was hätten wir besser machen können?",
        **_SERVICE,
    ),
    "nps": Wording(
        question="Wie wahrscheinlich ist es, dass Sie [Company] Freunden oder Kollegen weiterempfehlen?",
        **_LIKELY,
        **_WHY,
        **_RELATIONSHIP,
    ),
    "nps_groups": Wording(
        question="Wie wahrscheinlich ist es, dass Sie [Company] Freunden oder Kollegen weiterempfehlen?",
        comment_label="Möchten Sie uns noch etwas sagen?",
        **_LIKELY,
        **_RELATIONSHIP,
    ),
    "ces": Wording(
        question="Wie einfach war es heute, Ihr Anliegen zu klären?",
        low_label="Sehr schwierig",
        high_label="Sehr einfach",
        comment_label="Was hat es einfach oder schwierig gemacht?",
        **_SERVICE,
    ),
    "ces2": Wording(
        question="[Company] hat es mir leicht gemacht, mein Anliegen zu klären.",
        low_label="Stimme überhaupt nicht zu",
        high_label="Stimme voll und ganz zu",
        comment_label="Was hat es leicht oder schwer gemacht?",
        **_SERVICE,
    ),
    "effort": Wording(
        question="Wie viel Mühe hat es Sie gekostet, Ihr Anliegen zu klären?",
        low_label="Sehr wenig Mühe",
        high_label="Sehr viel Mühe",
        comment_label="Was hat Sie am meisten Mühe gekostet?",
        **_SERVICE,
    ),
    "esat": Wording(question="Wie zufrieden sind Sie mit Ihrer Arbeit bei [Company]?", **_SATISFIED, **_EMPLOYEES),
    "enps": Wording(
        question="Wie wahrscheinlich ist es, dass Sie [Company] als Arbeitgeber weiterempfehlen?",
        **_LIKELY,
        **_EMPLOYEES,
    ),
    "onboarding": Wording(
        question="Wie zufrieden sind Sie mit Ihren ersten Wochen bei [Company]?",
        comment_label="Was hätte den Anfang leichter gemacht?",
        thanks="Vielen Dank! Sie helfen damit allen, die nach Ihnen anfangen.",
        mail_subject="Wie war Ihr Start bei [Company]?",
        mail_intro="Sie sind seit ein paar Wochen bei uns. Wie ist es gelaufen? Drei kurze Fragen, eine Minute.",
        reminder_subject="Ihr Start bei [Company]: Haben Sie eine Minute?",
        reminder_intro="Wir würden immer noch gern wissen, wie Ihre ersten Wochen bei uns waren.",
        **_SATISFIED,
    ),
    "exit": Wording(
        question="Wenn Sie zurückblicken: Wie zufrieden waren Sie mit [Company]?",
        comment_label="Was hätten wir anders machen sollen?",
        thanks="Vielen Dank für Ihre Ehrlichkeit. Unsere Tür bleibt offen.",
        mail_subject="Bevor Sie gehen: Was hätten wir besser machen können?",
        mail_intro="Es tut uns leid, dass Sie gehen. Niemand wird versuchen, Sie umzustimmen; wir möchten nur daraus "
        "lernen. Es dauert eine Minute.",
        reminder_subject="Eine Minute: Warum sind Sie gegangen?",
        reminder_intro="Wir würden immer noch gern wissen, warum Sie uns verlassen haben.",
        **_SATISFIED,
    ),
    "recovery": Wording(
        question="Wie zufrieden sind Sie damit, wie wir mit Ihrer Beschwerde umgegangen sind?",
        comment_label="Sollten wir noch etwas wissen?",
        thanks="Vielen Dank, dass Sie uns eine zweite Chance gegeben haben.",
        mail_subject="Haben wir es wieder in Ordnung gebracht?",
        mail_intro="Sie haben uns gesagt, dass etwas schiefgegangen ist. Wir haben uns darum gekümmert. Sagen Sie uns "
        "bitte, ob die Sache für Sie erledigt ist.",
        reminder_subject="Ist Ihre Beschwerde erledigt?",
        reminder_intro="Wir möchten sicher sein, dass nichts offen geblieben ist. Falls doch, sagen Sie es uns bitte.",
        **_SATISFIED,
    ),
    "product": Wording(
        question="Wie zufrieden sind Sie mit unserem Produkt?",
        comment_label="Möchten Sie uns noch etwas sagen?",
        thanks="Vielen Dank! Ihre Antwort hilft uns zu entscheiden, was wir als Nächstes bauen.",
        mail_subject="Wie gefällt Ihnen unser Produkt?",
        mail_intro="Sie arbeiten mit unserem Produkt. Niemand weiß besser als Sie, was noch fehlt. Zwei kurze Fragen, "
        "eine Minute.",
        reminder_subject="Was sollen wir zuerst verbessern?",
        reminder_intro="Wir planen unsere nächsten Schritte und hätten gern Ihre Meinung dabei.",
        **_SATISFIED,
    ),
}

PROMPTS = {
    "csat_reasons": {
        "wrong": Prompt(
            prompt="Was ist schiefgelaufen?",
            options={
                "slow": "Es hat zu lange gedauert",
                "unsolved": "Mein Problem ist nicht gelöst",
                "unfriendly": "Ich wurde nicht gut behandelt",
                "unclear": "Ich habe die Antwort nicht verstanden",
                "repeat": "Ich musste alles noch einmal erklären",
                "other": "Etwas anderes",
            },
        ),
        "other": Prompt(prompt="Was war es?"),
        "well": Prompt(
            prompt="Was haben wir gut gemacht?",
            options={
                "fast": "Eine schnelle Antwort",
                "solved": "Eine gute Lösung",
                "friendly": "Freundliche Menschen",
                "clear": "Eine klare Erklärung",
            },
        ),
    },
    "nps_groups": {
        "best": Prompt(
            prompt="Was schätzen Sie an uns am meisten?",
            options={
                "product": "Das Produkt",
                "service": "Den Service",
                "people": "Die Menschen",
                "price": "Das Preis-Leistungs-Verhältnis",
                "reliability": "Die Zuverlässigkeit",
            },
        ),
        "missing": Prompt(prompt="Was müsste geschehen, damit Sie uns ohne Zögern weiterempfehlen?"),
        "reason": Prompt(
            prompt="Was hat Sie am meisten enttäuscht?",
            options={
                "product": "Das Produkt",
                "service": "Der Service",
                "price": "Der Preis",
                "reliability": "Nicht gehaltene Versprechen",
                "other": "Etwas anderes",
            },
        ),
        "other": Prompt(prompt="Was war es?"),
        "contact": Prompt(
            prompt="Dürfen wir uns deswegen bei Ihnen melden?", options={"yes": "Ja, gern", "no": "Nein, danke"}
        ),
    },
    "onboarding": {
        "hardest": Prompt(
            prompt="Was war am schwierigsten?",
            options={
                "setup": "Das Einrichten",
                "learning": "Die Bedienung zu lernen",
                "data": "Unsere Daten zu übernehmen",
                "help": "Hilfe zu finden",
                "none": "Nichts war schwierig",
            },
        ),
        "complete": Prompt(prompt="Haben Sie alles bekommen, was Sie brauchten?", options={"yes": "Ja", "no": "Nein"}),
        "missing": Prompt(prompt="Was hat gefehlt?"),
    },
    "exit": {
        "reason": Prompt(
            prompt="Was ist der wichtigste Grund, aus dem Sie gehen?",
            options={
                "price": "Es ist zu teuer",
                "features": "Mir fehlt etwas Wichtiges",
                "quality": "Es ist nicht zuverlässig genug",
                "service": "Ich war mit dem Service nicht zufrieden",
                "competitor": "Ich wechsle zu einem anderen Anbieter",
                "unneeded": "Ich brauche es nicht mehr",
                "other": "Etwas anderes",
            },
        ),
        "features": Prompt(prompt="Was fehlt Ihnen?"),
        "competitor": Prompt(prompt="Was macht der andere Anbieter besser?"),
        "other": Prompt(prompt="Was ist es?"),
        "return": Prompt(
            prompt="Könnten Sie sich vorstellen, eines Tages zurückzukommen?",
            options={"yes": "Ja", "maybe": "Vielleicht", "no": "Nein"},
        ),
    },
    "recovery": {
        "solved": Prompt(
            prompt="Ist die Sache für Sie erledigt?",
            options={"yes": "Ja, ganz", "partly": "Zum Teil", "no": "Nein"},
        ),
        "open": Prompt(prompt="Was ist noch offen?"),
    },
    "product": {
        "improve": Prompt(
            prompt="Was sollen wir zuerst verbessern?",
            options={
                "ease": "Einfachere Bedienung",
                "speed": "Schnelligkeit",
                "reliability": "Zuverlässigkeit",
                "features": "Mehr Funktionen",
                "guides": "Anleitungen und Hilfe",
                "price": "Den Preis",
            },
        ),
        "features": Prompt(prompt="Welche Funktion fehlt Ihnen am meisten?"),
    },
}
