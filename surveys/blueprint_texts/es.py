"""En español."""

from surveys.content import Prompt, Wording

_SATISFIED = {"low_label": "Muy insatisfecho/a", "high_label": "Muy satisfecho/a"}
_LIKELY = {"low_label": "Nada probable", "high_label": "Muy probable"}
_WHY = {"comment_label": "¿Cuál es el motivo principal de su respuesta?"}

_SERVICE = {
    "thanks": "Gracias. Su respuesta llega directamente a las personas que le atendieron.",
    "mail_subject": "¿Qué tal le hemos atendido?",
    "mail_intro": "Hace poco se puso en contacto con nosotros. Díganos qué tal fue: basta un clic.",
    "reminder_subject": "Un clic: ¿qué tal le hemos atendido?",
    "reminder_intro": "Hace unos días le preguntamos por nuestro servicio. Si tiene diez segundos, nos sigue "
    "interesando su opinión.",
}
_RELATIONSHIP = {
    "thanks": "Gracias. Leemos todas las respuestas.",
    "mail_subject": "Una pregunta sobre [Company]",
    "mail_intro": "Nos gustaría saber cómo nos ve. Es una sola pregunta y lleva medio minuto.",
    "reminder_subject": "Su opinión sobre [Company] sigue contando",
    "reminder_intro": "Hace unos días le hicimos una pregunta y aún no tenemos su respuesta. Basta medio minuto.",
}
_EMPLOYEES = {
    "comment_label": "¿Cuál es el motivo principal de su respuesta?",
    "thanks": "Gracias por su sinceridad.",
    "privacy_note": "Su respuesta es anónima. Se guarda sin su nombre y solo con el día, y los resultados se muestran "
    "únicamente a partir de cinco respuestas.",
    "mail_subject": "¿Qué tal el trabajo?",
    "mail_intro": "Cuéntenos cómo vive su trabajo aquí. Su respuesta es anónima: nadie puede ver quién ha dicho qué.",
    "reminder_subject": "¿Qué tal el trabajo? Un breve recordatorio",
    "reminder_intro": "Todavía está a tiempo de responder. Este mensaje llega a todas las personas consultadas que "
    "quizá no hayan respondido; lo que responda seguirá siendo anónimo.",
}

WORDINGS = {
    "csat": Wording(
        question="¿Qué grado de satisfacción tiene con la atención que ha recibido hoy?",
        **_SATISFIED,
        **_WHY,
        **_SERVICE,
    ),
    "csat_reasons": Wording(
        question="¿Qué grado de satisfacción tiene con la atención que ha recibido hoy?",
        comment_label="¿Desea añadir algo más?",
        **_SATISFIED,
        **_SERVICE,
    ),
    "thumbs": Wording(
        question="¿Hemos resuelto su problema?",
        low_label="No",
        high_label="Sí",
        comment_label="¿Qué podríamos haber hecho mejor?",
        **_SERVICE,
    ),
    "nps": Wording(
        question="¿Qué probabilidad hay de que recomiende [Company] a un amigo o compañero?",
        **_LIKELY,
        **_WHY,
        **_RELATIONSHIP,
    ),
    "nps_groups": Wording(
        question="¿Qué probabilidad hay de que recomiende [Company] a un amigo o compañero?",
        comment_label="¿Desea añadir algo más?",
        **_LIKELY,
        **_RELATIONSHIP,
    ),
    "ces": Wording(
        question="¿Le ha resultado fácil resolver hoy su problema?",
        low_label="Muy difícil",
        high_label="Muy fácil",
        comment_label="¿Qué lo hizo fácil o difícil?",
        **_SERVICE,
    ),
    "ces2": Wording(
        question="[Company] me ha facilitado la gestión de mi problema.",
        low_label="Totalmente en desacuerdo",
        high_label="Totalmente de acuerdo",
        comment_label="¿Qué lo hizo fácil o difícil?",
        **_SERVICE,
    ),
    "effort": Wording(
        question="¿Cuánto esfuerzo ha tenido que hacer para resolver su problema?",
        low_label="Muy poco esfuerzo",
        high_label="Muchísimo esfuerzo",
        comment_label="¿Qué le ha costado más esfuerzo?",
        **_SERVICE,
    ),
    "esat": Wording(
        question="¿Qué grado de satisfacción tiene con su trabajo en [Company]?", **_SATISFIED, **_EMPLOYEES
    ),
    "enps": Wording(
        question="¿Qué probabilidad hay de que recomiende [Company] como lugar para trabajar?",
        **_LIKELY,
        **_EMPLOYEES,
    ),
    "onboarding": Wording(
        question="¿Qué grado de satisfacción tiene con sus primeras semanas con [Company]?",
        comment_label="¿Qué habría facilitado el comienzo?",
        thanks="Gracias. Con su respuesta ayuda a quienes empiecen después.",
        mail_subject="¿Qué tal su comienzo con [Company]?",
        mail_intro="Lleva unas semanas con nosotros. ¿Qué tal ha ido? Tres preguntas cortas, un minuto.",
        reminder_subject="Su comienzo con [Company]: ¿tiene un minuto?",
        reminder_intro="Nos sigue interesando cómo fueron sus primeras semanas con nosotros.",
        **_SATISFIED,
    ),
    "exit": Wording(
        question="En retrospectiva, ¿qué grado de satisfacción tuvo con [Company]?",
        comment_label="¿Qué deberíamos haber hecho de otra manera?",
        thanks="Gracias por su sinceridad. Aquí tendrá siempre la puerta abierta.",
        mail_subject="Antes de irse: ¿qué podríamos haber hecho mejor?",
        mail_intro="Sentimos que se vaya. Nadie intentará convencerle de lo contrario; solo queremos aprender. Lleva "
        "un minuto.",
        reminder_subject="Un minuto: ¿por qué se fue?",
        reminder_intro="Nos gustaría saber por qué nos dejó.",
        **_SATISFIED,
    ),
    "recovery": Wording(
        question="¿Qué grado de satisfacción tiene con la forma en que hemos tratado su queja?",
        comment_label="¿Hay algo más que debamos saber?",
        thanks="Gracias por darnos una segunda oportunidad.",
        mail_subject="¿Lo hemos solucionado?",
        mail_intro="Nos dijo que algo había salido mal. Nos hemos ocupado de ello. Díganos si el asunto está resuelto "
        "desde su punto de vista.",
        reminder_subject="¿Está resuelta su queja?",
        reminder_intro="Queremos estar seguros de que no queda nada pendiente. Si no es así, díganoslo, por favor.",
        **_SATISFIED,
    ),
    "product": Wording(
        question="¿Qué grado de satisfacción tiene con nuestro producto?",
        comment_label="¿Desea añadir algo más?",
        thanks="Gracias. Su respuesta nos ayuda a decidir los próximos pasos.",
        mail_subject="¿Qué le parece nuestro producto?",
        mail_intro="Usted trabaja con nuestro producto: nadie sabe mejor qué le falta. Dos preguntas cortas, un "
        "minuto.",
        reminder_subject="¿Qué deberíamos mejorar primero?",
        reminder_intro="Estamos planificando los próximos pasos y nos gustaría contar con su opinión.",
        **_SATISFIED,
    ),
}

PROMPTS = {
    "csat_reasons": {
        "wrong": Prompt(
            prompt="¿Qué ha fallado?",
            options={
                "slow": "Ha tardado demasiado",
                "unsolved": "Mi problema no está resuelto",
                "unfriendly": "No me han tratado bien",
                "unclear": "No he entendido la respuesta",
                "repeat": "He tenido que explicarlo todo otra vez",
                "other": "Otra cosa",
            },
        ),
        "other": Prompt(prompt="¿Qué ha sido?"),
        "well": Prompt(
            prompt="¿Qué hemos hecho bien?",
            options={
                "fast": "Una respuesta rápida",
                "solved": "Una buena solución",
                "friendly": "Un trato amable",
                "clear": "Una explicación clara",
            },
        ),
    },
    "nps_groups": {
        "best": Prompt(
            prompt="¿Qué es lo que más valora de nosotros?",
            options={
                "product": "El producto",
                "service": "El servicio",
                "people": "Las personas",
                "price": "La relación calidad-precio",
                "reliability": "La fiabilidad",
            },
        ),
        "missing": Prompt(prompt="¿Qué haría falta para que nos recomendara sin dudarlo?"),
        "reason": Prompt(
            prompt="¿Qué es lo que más le ha decepcionado?",
            options={
                "product": "El producto",
                "service": "El servicio",
                "price": "El precio",
                "reliability": "Promesas incumplidas",
                "other": "Otra cosa",
            },
        ),
        "other": Prompt(prompt="¿Qué ha sido?"),
        "contact": Prompt(
            prompt="¿Podemos ponernos en contacto con usted al respecto?",
            options={"yes": "Sí, por favor", "no": "No, gracias"},
        ),
    },
    "onboarding": {
        "hardest": Prompt(
            prompt="¿Qué ha sido lo más difícil?",
            options={
                "setup": "La puesta en marcha",
                "learning": "Aprender a usarlo",
                "data": "Traspasar nuestros datos",
                "help": "Encontrar ayuda",
                "none": "Nada ha sido difícil",
            },
        ),
        "complete": Prompt(prompt="¿Ha recibido todo lo que necesitaba?", options={"yes": "Sí", "no": "No"}),
        "missing": Prompt(prompt="¿Qué ha faltado?"),
    },
    "exit": {
        "reason": Prompt(
            prompt="¿Cuál es el motivo principal de su marcha?",
            options={
                "price": "Es demasiado caro",
                "features": "Le falta algo que necesito",
                "quality": "No es lo bastante fiable",
                "service": "La atención no me ha satisfecho",
                "competitor": "Me cambio a otro proveedor",
                "unneeded": "Ya no lo necesito",
                "other": "Otra cosa",
            },
        ),
        "features": Prompt(prompt="¿Qué echa de menos?"),
        "competitor": Prompt(prompt="¿Qué hace mejor el otro proveedor?"),
        "other": Prompt(prompt="¿Cuál es?"),
        "return": Prompt(
            prompt="¿Podría imaginarse volver algún día?",
            options={"yes": "Sí", "maybe": "Quizá", "no": "No"},
        ),
    },
    "recovery": {
        "solved": Prompt(
            prompt="¿Está resuelto el asunto para usted?",
            options={"yes": "Sí, del todo", "partly": "En parte", "no": "No"},
        ),
        "open": Prompt(prompt="¿Qué queda pendiente?"),
    },
    "product": {
        "improve": Prompt(
            prompt="¿Qué deberíamos mejorar primero?",
            options={
                "ease": "La facilidad de uso",
                "speed": "La rapidez",
                "reliability": "La fiabilidad",
                "features": "Más funciones",
                "guides": "Las guías y la ayuda",
                "price": "El precio",
            },
        ),
        "features": Prompt(prompt="¿Qué función echa más en falta?"),
    },
}
