"""En français."""

from surveys.content import Prompt, Wording

_SATISFIED = {"low_label": "Très insatisfait(e)", "high_label": "Très satisfait(e)"}
_LIKELY = {"low_label": "Pas du tout probable", "high_label": "Tout à fait probable"}
_WHY = {"comment_label": "Quelle est la raison principale de votre réponse ?"}

_SERVICE = {
    "thanks": "Merci. Votre réponse est transmise directement aux personnes qui vous ont aidé(e).",
    "mail_subject": "Avez-vous été satisfait(e) de notre service ?",
    "mail_intro": "Vous nous avez contactés récemment. Dites-nous comment cela s’est passé : un clic suffit.",
    "reminder_subject": "Un clic : avez-vous été satisfait(e) de notre service ?",
    "reminder_intro": "Il y a quelques jours, nous vous avons demandé votre avis sur notre service. Si vous avez dix "
    "secondes, il nous intéresse toujours.",
}
_RELATIONSHIP = {
    "thanks": "Merci. Nous lisons chaque réponse.",
    "mail_subject": "Une question sur [Company]",
    "mail_intro": "Nous aimerions savoir ce que vous pensez de nous. Une seule question, une demi-minute.",
    "reminder_subject": "Votre avis sur [Company] compte toujours",
    "reminder_intro": "Nous vous avons posé une question il y a quelques jours et n’avons pas encore reçu votre "
    "réponse. Une demi-minute suffit.",
}
_EMPLOYEES = {
    "comment_label": "Quelle est la raison principale de votre réponse ?",
    "thanks": "Merci pour votre franchise.",
    "privacy_note": "Votre réponse est anonyme. Elle est enregistrée sans votre nom et avec le jour seulement, et les "
    "résultats ne sont affichés qu’à partir de cinq réponses.",
    "mail_subject": "Comment va le travail ?",
    "mail_intro": "Dites-nous comment vous vivez votre travail chez nous. Votre réponse est anonyme : personne ne peut "
    "voir qui a dit quoi.",
    "reminder_subject": "Comment va le travail ? Petit rappel",
    "reminder_intro": "Il est encore temps de répondre. Ce message est envoyé à toutes les personnes interrogées qui "
    "n’ont peut-être pas répondu ; votre réponse reste anonyme.",
}

WORDINGS = {
    "csat": Wording(
        question="Dans quelle mesure êtes-vous satisfait(e) du service que vous avez reçu aujourd’hui ?",
        **_SATISFIED,
        **_WHY,
        **_SERVICE,
    ),
    "csat_reasons": Wording(
        question="Dans quelle mesure êtes-vous satisfait(e) du service que vous avez reçu aujourd’hui ?",
        comment_label="Souhaitez-vous ajouter quelque chose ?",
        **_SATISFIED,
        **_SERVICE,
    ),
    "thumbs": Wording(
        question="Avons-nous résolu votre problème ?",
        low_label="Non",
        high_label="Oui",
        comment_label="Qu’aurions-nous pu faire mieux ?",
        **_SERVICE,
    ),
    "nps": Wording(
        question="Quelle est la probabilité que vous recommandiez [Company] à un ami ou à un collègue ?",
        **_LIKELY,
        **_WHY,
        **_RELATIONSHIP,
    ),
    "nps_groups": Wording(
        question="Quelle est la probabilité que vous recommandiez [Company] à un ami ou à un collègue ?",
        comment_label="Souhaitez-vous ajouter quelque chose ?",
        **_LIKELY,
        **_RELATIONSHIP,
    ),
    "ces": Wording(
        question="Dans quelle mesure a-t-il été facile de résoudre votre problème aujourd’hui ?",
        low_label="Très difficile",
        high_label="Très facile",
        comment_label="Qu’est-ce qui a été facile ou difficile ?",
        **_SERVICE,
    ),
    "ces2": Wording(
        question="Grâce à [Company], il m’a été facile de régler mon problème.",
        low_label="Pas du tout d’accord",
        high_label="Tout à fait d’accord",
        comment_label="Qu’est-ce qui a été facile ou difficile ?",
        **_SERVICE,
    ),
    "effort": Wording(
        question="Combien d’efforts avez-vous dû fournir pour régler votre problème ?",
        low_label="Très peu d’efforts",
        high_label="Énormément d’efforts",
        comment_label="Qu’est-ce qui vous a demandé le plus d’efforts ?",
        **_SERVICE,
    ),
    "esat": Wording(
        question="Dans quelle mesure êtes-vous satisfait(e) de votre travail chez [Company] ?",
        **_SATISFIED,
        **_EMPLOYEES,
    ),
    "enps": Wording(
        question="Quelle est la probabilité que vous recommandiez [Company] comme employeur ?",
        **_LIKELY,
        **_EMPLOYEES,
    ),
    "onboarding": Wording(
        question="Dans quelle mesure êtes-vous satisfait(e) de vos premières semaines avec [Company] ?",
        comment_label="Qu’est-ce qui aurait facilité vos débuts ?",
        thanks="Merci. Vous aidez toutes les personnes qui commenceront après vous.",
        mail_subject="Comment se sont passés vos débuts avec [Company] ?",
        mail_intro="Vous êtes avec nous depuis quelques semaines. Comment cela s’est-il passé ? Trois questions "
        "courtes, une minute.",
        reminder_subject="Vos débuts avec [Company] : avez-vous une minute ?",
        reminder_intro="Nous aimerions toujours savoir comment se sont passées vos premières semaines.",
        **_SATISFIED,
    ),
    "exit": Wording(
        question="Avec le recul, dans quelle mesure avez-vous été satisfait(e) de [Company] ?",
        comment_label="Qu’aurions-nous dû faire autrement ?",
        thanks="Merci pour votre franchise. Notre porte reste ouverte.",
        mail_subject="Avant de partir : qu’aurions-nous pu faire mieux ?",
        mail_intro="Nous regrettons votre départ. Personne n’essaiera de vous retenir ; nous voulons seulement en "
        "tirer des leçons. Cela prend une minute.",
        reminder_subject="Une minute : pourquoi êtes-vous parti(e) ?",
        reminder_intro="Nous aimerions toujours savoir pourquoi vous nous avez quittés.",
        **_SATISFIED,
    ),
    "recovery": Wording(
        question="Dans quelle mesure êtes-vous satisfait(e) de la façon dont nous avons traité votre réclamation ?",
        comment_label="Y a-t-il autre chose que nous devrions savoir ?",
        thanks="Merci de nous avoir donné une seconde chance.",
        mail_subject="Avons-nous réglé le problème ?",
        mail_intro="Vous nous avez signalé un problème. Nous nous en sommes occupés. Dites-nous si l’affaire est "
        "réglée de votre point de vue.",
        reminder_subject="Votre réclamation est-elle réglée ?",
        reminder_intro="Nous voulons être sûrs que rien ne reste en suspens. Si c’est le cas, dites-le-nous.",
        **_SATISFIED,
    ),
    "product": Wording(
        question="Dans quelle mesure êtes-vous satisfait(e) de notre produit ?",
        comment_label="Souhaitez-vous ajouter quelque chose ?",
        thanks="Merci. Votre réponse nous aide à décider de la suite.",
        mail_subject="Que pensez-vous de notre produit ?",
        mail_intro="Vous utilisez notre produit : personne ne sait mieux que vous ce qui lui manque. Deux questions "
        "courtes, une minute.",
        reminder_subject="Que devrions-nous améliorer en premier ?",
        reminder_intro="Nous préparons nos prochaines étapes et aimerions connaître votre avis.",
        **_SATISFIED,
    ),
}

PROMPTS = {
    "csat_reasons": {
        "wrong": Prompt(
            prompt="Qu’est-ce qui n’a pas été ?",
            options={
                "slow": "C’était trop long",
                "unsolved": "Mon problème n’est pas résolu",
                "unfriendly": "Je n’ai pas été bien traité(e)",
                "unclear": "Je n’ai pas compris la réponse",
                "repeat": "J’ai dû tout réexpliquer",
                "other": "Autre chose",
            },
        ),
        "other": Prompt(prompt="De quoi s’agit-il ?"),
        "well": Prompt(
            prompt="Qu’avons-nous bien fait ?",
            options={
                "fast": "Une réponse rapide",
                "solved": "Une bonne solution",
                "friendly": "Des personnes aimables",
                "clear": "Une explication claire",
            },
        ),
    },
    "nps_groups": {
        "best": Prompt(
            prompt="Qu’appréciez-vous le plus chez nous ?",
            options={
                "product": "Le produit",
                "service": "Le service",
                "people": "Les personnes",
                "price": "Le rapport qualité-prix",
                "reliability": "La fiabilité",
            },
        ),
        "missing": Prompt(prompt="Que faudrait-il pour que vous nous recommandiez sans hésiter ?"),
        "reason": Prompt(
            prompt="Qu’est-ce qui vous a le plus déçu(e) ?",
            options={
                "product": "Le produit",
                "service": "Le service",
                "price": "Le prix",
                "reliability": "Des promesses non tenues",
                "other": "Autre chose",
            },
        ),
        "other": Prompt(prompt="De quoi s’agit-il ?"),
        "contact": Prompt(
            prompt="Pouvons-nous vous contacter à ce sujet ?", options={"yes": "Oui, volontiers", "no": "Non, merci"}
        ),
    },
    "onboarding": {
        "hardest": Prompt(
            prompt="Qu’est-ce qui a été le plus difficile ?",
            options={
                "setup": "La mise en place",
                "learning": "L’apprentissage",
                "data": "La reprise de nos données",
                "help": "Trouver de l’aide",
                "none": "Rien n’a été difficile",
            },
        ),
        "complete": Prompt(
            prompt="Avez-vous reçu tout ce dont vous aviez besoin ?", options={"yes": "Oui", "no": "Non"}
        ),
        "missing": Prompt(prompt="Que manquait-il ?"),
    },
    "exit": {
        "reason": Prompt(
            prompt="Quelle est la raison principale de votre départ ?",
            options={
                "price": "C’est trop cher",
                "features": "Il me manque quelque chose d’important",
                "quality": "Ce n’est pas assez fiable",
                "service": "Le service ne m’a pas satisfait(e)",
                "competitor": "Je change de fournisseur",
                "unneeded": "Je n’en ai plus besoin",
                "other": "Autre chose",
            },
        ),
        "features": Prompt(prompt="Que vous manque-t-il ?"),
        "competitor": Prompt(prompt="Que fait mieux l’autre fournisseur ?"),
        "other": Prompt(prompt="De quoi s’agit-il ?"),
        "return": Prompt(
            prompt="Pourriez-vous envisager de revenir un jour ?",
            options={"yes": "Oui", "maybe": "Peut-être", "no": "Non"},
        ),
    },
    "recovery": {
        "solved": Prompt(
            prompt="L’affaire est-elle réglée pour vous ?",
            options={"yes": "Oui, entièrement", "partly": "En partie", "no": "Non"},
        ),
        "open": Prompt(prompt="Que reste-t-il à régler ?"),
    },
    "product": {
        "improve": Prompt(
            prompt="Que devrions-nous améliorer en premier ?",
            options={
                "ease": "La facilité d’utilisation",
                "speed": "La rapidité",
                "reliability": "La fiabilité",
                "features": "Davantage de fonctions",
                "guides": "Les guides et l’aide",
                "price": "Le prix",
            },
        ),
        "features": Prompt(prompt="Quelle fonction vous manque le plus ?"),
    },
}
