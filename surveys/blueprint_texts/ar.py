"""بالعربية."""

from surveys.content import Prompt, Wording

_SATISFIED = {"low_label": "غير راضٍ على الإطلاق", "high_label": "راضٍ جدًا"}
_LIKELY = {"low_label": "غير محتمل على الإطلاق", "high_label": "محتمل جدًا"}
_WHY = {"comment_label": "ما السبب الرئيسي لإجابتك؟"}

_SERVICE = {
    "thanks": "شكرًا لك. تصل إجابتك مباشرةً إلى من ساعدوك.",
    "mail_subject": "كيف كانت خدمتنا؟",
    "mail_intro": "لقد تواصلت معنا مؤخرًا. نرجو أن تخبرنا كيف كانت تجربتك: نقرة واحدة تكفي.",
    "reminder_subject": "نقرة واحدة: كيف كانت خدمتنا؟",
    "reminder_intro": "سألناك قبل أيام عن رأيك في خدمتنا. إذا كانت لديك عشر ثوانٍ فما زال رأيك يهمنا.",
}
_RELATIONSHIP = {
    "thanks": "شكرًا لك. نحن نقرأ كل إجابة.",
    "mail_subject": "سؤال واحد عن [Company]",
    "mail_intro": "نود أن نعرف رأيك فينا. سؤال واحد لا يستغرق سوى نصف دقيقة.",
    "reminder_subject": "رأيك في [Company] ما زال يهمنا",
    "reminder_intro": "طرحنا عليك سؤالًا قبل أيام ولم تصلنا إجابتك بعد. نصف دقيقة تكفي.",
}
_EMPLOYEES = {
    "comment_label": "ما السبب الرئيسي لإجابتك؟",
    "thanks": "شكرًا لك على صراحتك.",
    "privacy_note": "إجابتك مجهولة الهوية. تُحفظ من دون اسمك ومع اليوم فقط، ولا تُعرض النتائج إلا إذا أجاب خمسة أشخاص "
    "على الأقل.",
    "mail_subject": "كيف هو العمل؟",
    "mail_intro": "نرجو أن تخبرنا كيف تشعر تجاه عملك هنا. إجابتك مجهولة الهوية: لا يمكن لأحد أن يرى من قال ماذا.",
    "reminder_subject": "كيف هو العمل؟ تذكير قصير",
    "reminder_intro": "ما زال بإمكانك الإجابة. تصل هذه الرسالة إلى كل من سُئل وربما لم يُجب بعد؛ وتبقى إجابتك مجهولة "
    "الهوية.",
}

WORDINGS = {
    "csat": Wording(question="ما مدى رضاك عن الخدمة التي تلقيتها اليوم؟", **_SATISFIED, **_WHY, **_SERVICE),
    "csat_reasons": Wording(
        question="ما مدى رضاك عن الخدمة التي تلقيتها اليوم؟",
        comment_label="هل تود إضافة شيء آخر؟",
        **_SATISFIED,
        **_SERVICE,
    ),
    "thumbs": Wording(
        question="هل حللنا مشكلتك؟",
        low_label="لا",
        high_label="نعم",
        comment_label="ما الذي كان يمكننا فعله بشكل أفضل؟",
        **_SERVICE,
    ),
    "nps": Wording(question="ما مدى احتمال أن توصي بـ [Company] لصديق أو زميل؟", **_LIKELY, **_WHY, **_RELATIONSHIP),
    "nps_groups": Wording(
        question="ما مدى احتمال أن توصي بـ [Company] لصديق أو زميل؟",
        comment_label="هل تود إضافة شيء آخر؟",
        **_LIKELY,
        **_RELATIONSHIP,
    ),
    "ces": Wording(
        question="ما مدى سهولة حل مشكلتك اليوم؟",
        low_label="صعب جدًا",
        high_label="سهل جدًا",
        comment_label="ما الذي جعل الأمر سهلًا أو صعبًا؟",
        **_SERVICE,
    ),
    "ces2": Wording(
        question="سهّلت [Company] عليّ معالجة مشكلتي.",
        low_label="لا أوافق بشدة",
        high_label="أوافق بشدة",
        comment_label="ما الذي جعل الأمر سهلًا أو صعبًا؟",
        **_SERVICE,
    ),
    "effort": Wording(
        question="ما مقدار الجهد الذي بذلته لحل مشكلتك؟",
        low_label="جهد قليل جدًا",
        high_label="جهد كبير جدًا",
        comment_label="ما الذي كلّفك أكبر جهد؟",
        **_SERVICE,
    ),
    "esat": Wording(question="ما مدى رضاك عن عملك في [Company]؟", **_SATISFIED, **_EMPLOYEES),
    "enps": Wording(question="ما مدى احتمال أن توصي بـ [Company] كمكان للعمل؟", **_LIKELY, **_EMPLOYEES),
    "onboarding": Wording(
        question="ما مدى رضاك عن أسابيعك الأولى مع [Company]؟",
        comment_label="ما الذي كان سيجعل البداية أسهل؟",
        thanks="شكرًا لك. إجابتك تساعد كل من يبدأ بعدك.",
        mail_subject="كيف كانت بدايتك مع [Company]؟",
        mail_intro="أنت معنا منذ بضعة أسابيع. كيف سارت الأمور؟ ثلاثة أسئلة قصيرة في دقيقة واحدة.",
        reminder_subject="بدايتك مع [Company]: هل لديك دقيقة؟",
        reminder_intro="ما زلنا نود أن نعرف كيف كانت أسابيعك الأولى معنا.",
        **_SATISFIED,
    ),
    "exit": Wording(
        question="بالنظر إلى الوراء، ما مدى رضاك عن [Company]؟",
        comment_label="ما الذي كان علينا فعله بطريقة مختلفة؟",
        thanks="شكرًا لك على صراحتك. يبقى بابنا مفتوحًا لك.",
        mail_subject="قبل أن تغادر: ما الذي كان يمكننا فعله بشكل أفضل؟",
        mail_intro="يؤسفنا أنك تغادر. لن يحاول أحد إقناعك بالبقاء؛ نريد فقط أن نتعلم. لن يستغرق الأمر سوى دقيقة.",
        reminder_subject="دقيقة واحدة: لماذا غادرت؟",
        reminder_intro="ما زلنا نود أن نعرف سبب مغادرتك.",
        **_SATISFIED,
    ),
    "recovery": Wording(
        question="ما مدى رضاك عن طريقة تعاملنا مع شكواك؟",
        comment_label="هل هناك شيء آخر ينبغي أن نعرفه؟",
        thanks="شكرًا لك على منحنا فرصة ثانية.",
        mail_subject="هل أصلحنا الأمر؟",
        mail_intro="أخبرتنا أن شيئًا ما لم يسر كما ينبغي، وقد عملنا على معالجته. نرجو أن تخبرنا هل انتهى الأمر من وجهة "
        "نظرك.",
        reminder_subject="هل سُوّيت شكواك؟",
        reminder_intro="نريد أن نتأكد من أنه لم يبقَ شيء معلّق. إن بقي شيء فأخبرنا من فضلك.",
        **_SATISFIED,
    ),
    "product": Wording(
        question="ما مدى رضاك عن منتجنا؟",
        comment_label="هل تود إضافة شيء آخر؟",
        thanks="شكرًا لك. إجابتك تساعدنا على تحديد خطواتنا القادمة.",
        mail_subject="ما رأيك في منتجنا؟",
        mail_intro="أنت تستخدم منتجنا، ولا أحد يعرف ما ينقصه أفضل منك. سؤالان قصيران في دقيقة واحدة.",
        reminder_subject="ما الذي ينبغي أن نحسّنه أولًا؟",
        reminder_intro="نخطط لخطواتنا القادمة ونود أن نأخذ رأيك في الحسبان.",
        **_SATISFIED,
    ),
}

PROMPTS = {
    "csat_reasons": {
        "wrong": Prompt(
            prompt="ما الذي لم يسر على ما يرام؟",
            options={
                "slow": "استغرق الأمر وقتًا طويلًا",
                "unsolved": "لم تُحل مشكلتي",
                "unfriendly": "لم أُعامَل معاملة حسنة",
                "unclear": "لم أفهم الإجابة",
                "repeat": "اضطررت إلى شرح كل شيء من جديد",
                "other": "شيء آخر",
            },
        ),
        "other": Prompt(prompt="ما هو؟"),
        "well": Prompt(
            prompt="ما الذي أحسنّا فعله؟",
            options={
                "fast": "إجابة سريعة",
                "solved": "حل جيد",
                "friendly": "تعامل ودود",
                "clear": "شرح واضح",
            },
        ),
    },
    "nps_groups": {
        "best": Prompt(
            prompt="ما أكثر ما تقدّره فينا؟",
            options={
                "product": "المنتج",
                "service": "الخدمة",
                "people": "فريق العمل",
                "price": "القيمة مقابل السعر",
                "reliability": "الموثوقية",
            },
        ),
        "missing": Prompt(prompt="ما الذي يجعلك توصي بنا من دون تردد؟"),
        "reason": Prompt(
            prompt="ما أكثر ما خيّب أملك؟",
            options={
                "product": "المنتج",
                "service": "الخدمة",
                "price": "السعر",
                "reliability": "وعود لم يُوفَ بها",
                "other": "شيء آخر",
            },
        ),
        "other": Prompt(prompt="ما هو؟"),
        "contact": Prompt(
            prompt="هل يمكننا التواصل معك في هذا الشأن؟", options={"yes": "نعم، من فضلكم", "no": "لا، شكرًا"}
        ),
    },
    "onboarding": {
        "hardest": Prompt(
            prompt="ما أصعب ما واجهته؟",
            options={
                "setup": "الإعداد",
                "learning": "تعلّم الاستخدام",
                "data": "نقل بياناتنا",
                "help": "العثور على المساعدة",
                "none": "لم يكن هناك شيء صعب",
            },
        ),
        "complete": Prompt(prompt="هل حصلت على كل ما احتجت إليه؟", options={"yes": "نعم", "no": "لا"}),
        "missing": Prompt(prompt="ما الذي كان ناقصًا؟"),
    },
    "exit": {
        "reason": Prompt(
            prompt="ما السبب الرئيسي لمغادرتك؟",
            options={
                "price": "السعر مرتفع",
                "features": "ينقصه شيء أحتاج إليه",
                "quality": "ليس موثوقًا بما يكفي",
                "service": "لم أكن راضيًا عن الخدمة",
                "competitor": "سأنتقل إلى مزوّد آخر",
                "unneeded": "لم أعد بحاجة إليه",
                "other": "شيء آخر",
            },
        ),
        "features": Prompt(prompt="ما الذي تفتقده؟"),
        "competitor": Prompt(prompt="ما الذي يقدّمه المزوّد الآخر بشكل أفضل؟"),
        "other": Prompt(prompt="ما هو؟"),
        "return": Prompt(
            prompt="هل يمكن أن تفكر في العودة يومًا ما؟",
            options={"yes": "نعم", "maybe": "ربما", "no": "لا"},
        ),
    },
    "recovery": {
        "solved": Prompt(
            prompt="هل انتهى الأمر بالنسبة إليك؟",
            options={"yes": "نعم، تمامًا", "partly": "جزئيًا", "no": "لا"},
        ),
        "open": Prompt(prompt="ما الذي ما زال معلّقًا؟"),
    },
    "product": {
        "improve": Prompt(
            prompt="ما الذي ينبغي أن نحسّنه أولًا؟",
            options={
                "ease": "سهولة الاستخدام",
                "speed": "السرعة",
                "reliability": "الموثوقية",
                "features": "مزيد من الميزات",
                "guides": "الأدلة والمساعدة",
                "price": "السعر",
            },
        ),
        "features": Prompt(prompt="ما أكثر ميزة تفتقدها؟"),
    },
}
