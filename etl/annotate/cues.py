"""Arabic cue words, folded, as patterns: offices, directions, hosting, words that state a relation, edition numbers.

Every list is closed and matched on whole words. Verbs are listed in the forms that news prose uses (past, present,
future, feminine, dual); a cue only ever counts inside one sentence.
"""

import functools
import operator
import re
from collections.abc import Iterator, Sequence

from etl.annotate.patterns import Cue, alternatives, family, seen, word
from etl.model import Relation

_OFFICES = (
    "رئيس، رئيسة، الرؤساء، وزير، وزيرة، وزراء، وزيرا، وزيري، ملك، أمير، ولي عهد، ولي العهد، سلطان، شيخ، نائب، نائبة، "
    "سفير، سفيرة، سفارة، قنصل، مسؤول، مسؤولة، مسؤولون، مسؤولين، متحدث، متحدثة، ناطق، قائد، مستشار، مستشارة، مبعوث، "
    "مبعوثة، موفد، مفوض، مفوضة، ملحق، مدير عام، المدير العام، مدير، مديرة، الأمين العام، أمين عام، وفد، وفدا، حكومة، "
    "سلطات، خارجية، الخارجية، داخلية، الداخلية، دفاع، الدفاع، جيش، قوات، شرطة، درك، أمن، الأمن، برلمان، مجلس، رئاسة، "
    "وزارة، مفوضية، مجلس النواب، الجانب، الجانبان، نظيره، نظيرها، نظيريه، نظيرته، نظرائه، العاهل، الرئيس، منتخب، "
    "المنتخب، منتخبا، منتخبي، عاهل، مصالح، أجهزة، هيئة، اتحاد، جامعة الكرة، سياسة خارجية، السياسة الخارجية، "
    "الدبلوماسية، دبلوماسية، بعثة، مؤسسة، مخابرات، استخبارات، المخابرات، الاستخبارات، حرس، بحرية، طيران، مقاتلات، بنك، "
    "البنك، شركة، الحكومة، السلطات، الجيش، الشرطة، القوات"
)
OFFICE = Cue(rf"{word(_OFFICES)}(?:(?:\s+[^\s.،؛:]+){{0,3}}\s+(?:[وفبكل]?ال|لل|[وبكل])?|\s*)$", _OFFICES)
"""A word of office at most three words before a country: «وزير الخارجية الإسباني»."""
OFFICE_BESIDE = Cue(rf"{word(_OFFICES)}\s*$", _OFFICES)

INSTITUTION = re.compile(word("جامعة، وزارة، مؤسسة، شركة، منظمة، نادي، فريق، منتخب، مجلس، هيئة، جمعية", ""))
"""What a text may begin with and a dateline never does: «جامعة فلسطين التقنية - خضوري»."""
_TOWARDS = "إلى، لدى، نحو، باتجاه، زيارة، زيارته، زيارتها، يزور، تزور، زار، زارت، ضد، تجاه"
OFFICE_OPENS = re.compile(rf"\s*[،,]?\s*{word(_OFFICES)}")
ANOTHER_OPENS = re.compile(rf"\s*[،,]?\s*و(?:ال)?(?:{alternatives(_OFFICES)})(?!\w)")
"""The next of a list of officials: «، ورئيس الوزراء» says nothing of the one before."""
_NAMED_PLACES = (
    "ملعب، استاد، ستاد، إستاد، مطار، شارع، ميناء، جسر، طريق، ساحة، ميدان، قاعة، مسجد، جامع، مستشفى، حي، كأس، مركب، "
    "المركب، مجمع، المجمع، محطة، بوليفار، سد"
)
NAMED_PLACE = re.compile(
    rf"(?<!كره في )(?!(?<=عن )طريق){word(_NAMED_PLACES)}\s+(?:ال(?:رياضي|دولي|ملك|امير|سلطان|شيخ|رييس)\s+)?$"
)
"""Before the name of a person after whom it is called, «ملعب الأمير فلان»; not «الكرة في ملعب فلان», «عن طريق فلان»."""
_LONGEST_PLACE = 24


def is_called_after(text: str, start: int) -> bool:
    """Is the person's name that begins here, in a folded text, the name of a place: «مطار الملك فلان»."""
    return NAMED_PLACE.search(text, max(0, start - _LONGEST_PLACE), start) is not None


TOWARDS = Cue(rf"{word(_TOWARDS)}\s+(?:عمل\s+|رسميه\s+)?$", _TOWARDS)
_PLACES = "في، داخل، بمدينة، بالعاصمة، مدينة، العاصمة، شمال، جنوب، شرق، غرب، وسط، خارج"
INSIDE = Cue(rf"{word(_PLACES)}\s+$", _PLACES)
WITH = Cue(rf"{word('مع')}(?:(?:\s+[^\s.،؛:]+){{0,5}}\s+(?:ال|لل|[وب])?|\s*)$", "مع")
WITH_BOTH = re.compile(r"(?<!\w)مع (?:كل من |دولتي |كلا من |حكومتي )?(?:ال)?$")
"""Before two that somebody else deals with: «خلاف مع مصر والسودان»."""
BETWEEN = Cue(r"(?<!\w)[وف]?(?:ما )?بين(?!\w)", "بين", "[وف]?")
_LIST_JOINT = re.compile(r"\s*(?:،|,)?\s*و?\s*(?:كل من |من |ال)?\s*")
_LONGEST_JOINT = 24


def is_list_joint(text: str) -> bool:
    """Does nothing else stand between two of a list: «، و», « وكل من »."""
    return len(text) <= _LONGEST_JOINT and _LIST_JOINT.fullmatch(text) is not None


HOSTING = family(
    "احتضان، احتضانها، احتضانه، استضافة، استضافتها، استضافته، تحتضن، يحتضن، ستحتضن، سيحتضن، تحتضنها، ستحتضنها، "
    "يحتضنها، تحتضنه، يحتضنه، سيحتضنها، ستحتضنه، سيحتضنه، تحتضنهما، ستحتضنهما، تستضيف، يستضيف، ستستضيف، سيستضيف، "
    "تستضيفها، تستضيفه، يستضيفها، يستضيفه، ستستضيفها، ستستضيفه، سيستضيفها، سيستضيفه، استضافت، احتضنت، استضافتها، "
    "احتضنتها، تنظيم، تنظم، ينظم، تنظمها، تنظمه، ينظمها، ينظمه، ستنظم، سينظم، ستنظمها، سينظمها، ستنظمه، ينظمان، "
    "تنظمان، يستضيفان، يحتضنان، المقرر في، المقررة في، المقام في، المقامة في، المقامة حاليا في، تقام في، يقام في، "
    "ستقام في، سيقام في، تجرى في، نظمتها، نظمته، تقام لأول مرة في، تقام للمرة الأولى في، في ضيافة، في ثلاث دول، "
    "في ثلاثة بلدان"
)
_HOSTS = (
    "تستضيف، يستضيف، ستستضيف، سيستضيف، استضافت، استضاف، تحتضن، يحتضن، ستحتضن، سيحتضن، احتضنت، احتضن، تنظم، ينظم، نظمت، "
    "نظم، ستنظم، سينظم"
)
HOSTS_NEXT = re.compile(rf"[،,]?\s+(?:(?:التي|الذي)\s+)?(?:{alternatives(_HOSTS)})(?!\w)")
"""Right after a country that hosts: «قطر التي نظمت»."""
_PARTNERSHIP = "بالشراكة، بالاشتراك، مناصفة، بشراكة، بالتعاون", "[و]?"
IN_PARTNERSHIP = Cue(rf"{word(*_PARTNERSHIP)}\s+مع\s+[^.؛:]{{0,40}}$", *_PARTNERSHIP)
"""Between hosts of which one is named as the partner: «ينظم مونديال 2030 بالاشتراك مع»."""
JOINT_BID = family(
    "ملفا مشتركا، ملفها المشترك، ملفهما المشترك، ملفهم المشترك، ملف ثلاثي، ملفا ثلاثيا، ترشحا مشتركا، "
    "ترشيحا مشتركا، الملف المشترك، ملف مشترك، ترشح مشترك، الترشح المشترك، الترشيح المشترك، ترشيح مشترك، "
    "الملف الثلاثي، استضافة مشتركة، تنظيم مشترك، التنظيم المشترك، الاستضافة المشتركة"
)
STATESMEN = family(
    "وزير، وزيرة، وزيرا، وزيري، وزراء، رئيس الحكومة، رئيسة الحكومة، رئيس الوزراء، رئيسة الوزراء، رئيس الجمهورية، "
    "ملك(?<!ملعب الملك)(?<!استاد الملك)(?<!جامعة الملك)(?<!كأس الملك)(?<!مدينة الملك)، العاهل، ولي العهد، "
    "سفير، سفيرة، المدير العام للأمن، السلطات الأمنية، البرلمان"
)
_MEDIA = (
    "قناة(?! السويس)، صحيفة، جريدة، مجلة، إذاعة، فضائية، وكالة الأنباء، وكالة أنباء، صحف، صحافة، وسائل الإعلام، "
    "وسائل إعلام"
)
MEDIA = Cue(  # the words between are a name, not the start of what it reports
    rf"{word(_MEDIA)}(?:\s+(?!(?:عن|ان|من|في|علي|مع|الي|قول\w*)\s)[^\s.،؛:]+){{0,2}}\s+(?:ال)?$", _MEDIA
)
"""A newspaper or channel at most two words before a demonym: «قناة الأفق القطرية» is nobody's dealing."""
OF_ORIGIN = re.compile(r"\w{0,2} ?من (?:اصل|اصول) (?:ال)?")
"""Between two demonyms of one person: «فرنسيا من أصل جزائري»."""
_PERSONS = (
    "مواطن، مواطنا، المواطن، مواطنة، مواطنين، الكاتب، كاتب، الصحفي، صحفي، الصحافي، الناشط، ناشط، اللاعب، لاعب، "
    "المهاجم، المدافع، المدرب، مدرب، المغني، الممثل، المخرج، الباحث، الطبيب، المحامي، رجل الأعمال، الشاب، شاب، شابا، "
    "شخص، شخصا، رجل، رجلا، سجين، السجين، اعتقال، توقيف، تسليم، ترحيل، محاكمة، الجنسية، الجنسيتين"
)
ONE_PERSON = Cue(rf"{word(_PERSONS)}\s+(?:ال)?$", _PERSONS)
"""Right before the demonyms of one person: «توقيف فرنسي-تونسي»."""
TEAM = family("منتخب، منتخبا، منتخبي، المنتخبان")
_TEAM_WORDS = (
    "منتخب، منتخبا، منتخبي، المنتخبان، المنتخبين، المنتخبات، نظيره، نظيرته، نظيريه، فريق، الفريق، فريقا، نادي، "
    "النادي، اتحاد، الاتحاد، "
    "الاتحادان، جامعة، الجامعة، ناديا، ناديي، فريقي، ضيفه، ضيفته، مضيفه، مضيفته، جاره، منافسه، خصمه"
)
BESIDE_TEAM = Cue(rf"{word(_TEAM_WORDS)}(?:\s+[^\s.،؛:]+){{0,3}}\s+(?:[وفبكل]?ال|لل|[وبكل])?$", _TEAM_WORDS)
"""A word of team or federation at most three words before a demonym: a player's own demonym is no team."""
_TEAM_NOUNS = "منتخب، منتخبي، المنتخب، المنتخبين، نظيره، نظيرها، نظيرته، ضيفه، مضيفه، جاره، فريق، نادي، كل من"
_AGAINST = (
    "أمام، ضد، بمواجهة، مواجهة، لمواجهة، مواجهته، بملاقاة، ملاقاة، لملاقاة، على حساب، يواجه، تواجه، سيواجه، ستواجه، "
    "واجه، واجهت، يلاقي، تلاقي، سيلاقي، ستلاقي، لاقى، ينازل"
)
_PLAYERS = (
    "نجم، نجوم، لاعب، لاعبي، لاعبو، مهاجم، مدافع، حارس، مدرب، قائد، جناح، هداف، وسط، رئيس، صفوف، قميص، مدير، ظهير، "
    "صانع ألعاب، خط وسط، فريقه، ناديه، زميله، هجوم، دفاع، مرمى"
)
_OUT_OF = "إلى، من، في، لصالح، مع، عن، لعب، انتقال، انضمام"
PLAYS_FOR = Cue(
    rf"{word(_PLAYERS)}\s+(?:\w+\s+){{0,2}}$|{word(_OUT_OF)}\s+(?:نادي\s+|فريق\s+)?$", f"{_PLAYERS}، {_OUT_OF}"
)
"""Before a club that only somebody of it, or who goes to it, is told of: «نجم يوفنتوس»."""
_PLAYER = "المدرب، مدربه، مدربها، المدير الفني، الحكم"
OF_PLAYER = re.compile(rf"{word(_PLAYER)}\s+(?:ال)?$")
"""Right before the demonym of a coach or referee, who need not be of the team: «المدرب البلجيكي»."""
OPPONENT = Cue(
    rf"{word(_AGAINST)}\s+(?:(?:{alternatives(_TEAM_NOUNS)})\s+)?"
    r"(?:(?!حيث|مدرب|لاعب|حارس|في\s|التي|الذي)[^\s.،؛:]+\s+){0,2}(?:ال|لل)?$",
    _AGAINST,
)
"""Before a country whose team is played: «أمام منتخب», «بمواجهة»; at most three words of a club's name between."""
_WON = "فوز، فوزه، فوزها، فاز، فازت، تغلب، تغلبت، التغلب، انتصار، انتصاره، انتصر، انتصرت، تفوق، تفوقت"
BEATEN = Cue(rf"{word(_WON)}(?:\s+[^\s.،؛:]+){{0,6}}\s+علي\s+(?:[^\s.،؛:]+\s+){{0,2}}(?:ال|لل)?$", _WON)
"""Before a country whose team was beaten: «فوز آيسلندا على»."""
_DRAWS = "تعادل، تعادلت، التعادل، تعادله، تعادلها", "[وفب]?"
DREW = Cue(rf"{word(*_DRAWS)}(?:\s+[^\s.،؛:]+){{0,5}}\s+مع\s+(?:[^\s.،؛:]+\s+){{0,1}}(?:ال|لل)?$", *_DRAWS)
"""Before a country whose team was held: «التعادل 1-1 مع»."""
_FIXTURES = (
    "يلتقي، تلتقي، سيلتقي، ستلتقي، يلتقيان، لقاء، اللقاء، مباراة، مواجهة، قمة، نهائي، تجمع، يجمع، سيجمع، ستجمع، جمعت، "
    "جمع"
)
_TWO_TEAMS = "منتخبي، منتخبا، منتخب، المنتخبين، المنتخبان، فريقي"
FIXTURE = Cue(
    rf"{word(_FIXTURES)}\s+(?:بين\s+)?(?:(?:{alternatives(_TWO_TEAMS)})\s+)?(?:ال)?$",
    _FIXTURES,
)
"""Right before two teams that play each other: «مباراة مالي والسنغال»."""
_RIVAL = "ينافس، تنافس، يتنافس، تتنافس، ينافسه، تنافسه، منافسة، المنافس", "[وفبس]?"
_RIVALS, _BIDS = word(*_RIVAL), word("ملف، ملفا، الملف، ترشيح، ترشح", "[وفبل]?")
RIVAL_BID = Cue(rf"{_RIVALS}.{{0,60}}?{_BIDS}|{_BIDS}.{{0,60}}?{_RIVALS}", *_RIVAL)
"""A bid against another: «يتنافس الملف المغربي مع ملف»."""
_GROUP = "المجموعة، مجموعة"
DRAWN_WITH = Cue(
    rf"{word(_GROUP)}[^.؛]{{0,40}}(?<!\w)(?:الي جانب|بجانب|رفقه|الي جوار|مع)\s+(?:كل من )?(?:ال|لل)?$", _GROUP
)
"""Before the first opponent of the team that a sentence draws into a group."""
NO_TEAM = re.compile(
    r"(?<!\w)[وفب]?(?:ال)?(?:الي|مونديال|كاس|بطوله|ملك|دوري|ملعب|ارض|ارضيه|ميدان|في|استاد|العاصمه|دور\w*)\s+(?:ال)?$"
)
"""Before a country that is where a team plays or goes to."""
THEN_OPPONENT = re.compile(r"\s*(?:،|,)?\s*(?:ثم|و)?\s*(?:كل من |من |ال)?(?:منتخب |امام |ضد )?\s*")
ASIDE = Cue(r"[،,]?\s+(?:فيما|بينما|في حين|في الوقت الذي)(?=\s)", "فيما، بينما، حين، الوقت", "")
"""Where a sentence turns to other people: what stands on both sides deals with each other on neither."""
_ATTACKS = (
    "هجوم، الهجوم، هجمات، الهجمات، عدوان، العدوان، غارات، الغارات، غارة، الغارة، ضربات، الضربات، ضربة، الضربة، قصف، "
    "القصف، الحرب، الغزو، التوغل، الاعتداء، الاعتداءات"
)
ATTACK = Cue(rf"{word(_ATTACKS)}\s+(?:الجويه\s+|العسكري\w*\s+)?(?:ال)?$", _ATTACKS)
"""Right before the demonym of who attacks: «الهجوم الإسرائيلي»."""
UPON_WHOM = re.compile(
    r"(?: (?!علي|ضد|في)[^\s.،؛:()]+){0,4} (?:علي|ضد|استهدف|استهدفت)"
    r"(?: (?:الاسبوع الماضي|امس|دوله|العاصمه|اراضي|الاراضي|مواقع|منشات|جنوب|شمال|داخل|في|مدينه|القوات|مسوولين|مقرات))"
    r"{0,3} (?:ال)?"
)
"""Between who attacks and whom it meets."""
HEADS_OF = re.compile(r"(?<!\w)بين (?:روساء|قاده|زعماء|وزراء(?: \w+)?)(?: كل من)? (?:ال)?$")
_DEALING_VERBS = (
    "اتهم، اتهمت، يتهم، تتهم، أدان، أدانت، تدين، ندد، نددت، تندد، استنكرت، استدعت، تستدعي، طردت، تطرد، هددت، "
    "تهدد، احتجت، انتقدت، تنتقد، حذرت، تحذر، فرضت، تفرض، ستفرض، قصفت، تقصف، هاجمت، تهاجم، غزت، استهدفت، "
    "تستهدف، حاصرت، قدمت، تقدم، ستقدم، منحت، تمنح، ستمنح، دعمت، تدعم، أيدت، تؤيد، رحبت، ترحب، هنأت، تهنئ، "
    "عزت، شكرت، تشكر، أشادت، تشيد، أرسلت، ترسل، سترسل، سلمت، تسلم، تسلمت، تتسلم، وقعت، توقع، ستوقع، أبرمت، "
    "تبرم، استوردت، تستورد، صدرت، تصدر، اشترت، تشتري، باعت، تبيع، زودت، تزود، دعت، تدعو، طالبت، تطالب، أبلغت، "
    "تبلغ، أعادت، تعيد، رحلت، ترحل، استقبلت، تستقبل، ستستقبل، استضافت، أجرت، تجري، بحثت، تبحث، ناقشت، تناقش، "
    "عرضت، تعرض، اقترحت، تقترح، رفضت، ترفض، علقت، تعلق، قطعت، تقطع، استأنفت، تستأنف"
)
SUBJECT = Cue(
    rf"{word(_DEALING_VERBS, '[وفس]?')}\s+(?:(?:{alternatives('كل من، دولة، جمهورية، حكومة، مملكة')})\s+)?$",
    _DEALING_VERBS,
    "[وفس]?",
)
"""Before the name of the country that does what the verb says: «فرضت الولايات المتحدة عقوبات على»."""
_UPON = "علي، ضد، إلى، من", "[وف]?"
UPON = Cue(rf"{word(*_UPON)}\s+$", *_UPON)
"""Before the country that it is done to, where a subject stands in the same sentence."""
_ENVOYS = "سفير، سفيرة، مندوب، مندوبة، ممثل، ممثلة، مبعوث، مبعوثة، بعثة"
ENVOY = Cue(rf"{word(_ENVOYS)}(?:\s+[^\s.،؛:]+){{0,4}}\s+لدي\s+$", _ENVOYS)
MATCH_CONTEXT = family(
    "مباراة، مباراته، مباراتها، المباراة، مباراتي، مباريات، المنتخب، منتخب، منتخبا، منتخبي، منتخبها، منتخبه، "
    "المباراة النهائية، نهائي كأس، نهائي بطولة، نهائي دوري، نصف نهائي، ربع نهائي، ثمن نهائي، الدور النهائي، "
    "كرة القدم، كرة اليد، كرة السلة، كأس، تصفيات، لاعب، لاعبو، لاعبي، "
    "ودية، وديا، تلعب(?!(?: \\w+){0,3} (?:ال)?دور)، التعادل، تعادلت، نصف النهائي، ربع النهائي، ثمن النهائي، "
    "المهاجم، الحكم(?! الذاتي)، ركلات الترجيح، الشوط الأول، الشوط الثاني"
)

_NO_AMOUNT = (
    r"(?! (?:\w+ )?(?:الي|ل)(?: \w+)? ?\d)"
    r"(?! (?:قيم[هت]|نسب[هت]|حجم|عدد|ت?كلف[هت]|معدل|سعر|صادرات|واردات)\w{0,3}(?!\w))"
)
"""«تصل إلى 100%», «وصل عدد الزوار إلى»: a sum that is reached is no visit."""
RELATIONS: dict[Relation, Cue] = {
    "conflict": family(
        "قصف، قصفت، يقصف، تقصف، غارة، غارات، اشتباك، اشتباكات، اشتبكت، حرب، الحرب، قتال، معارك، عدوان، توغل، توغلت، "
        "غزو، غزت، احتلال، هجوم، هجمات، صراع، الصراع، هاجم، هاجمت، ضربات، ضربة، صواريخ، صاروخا، استهدف، استهدفت، "
        "تستهدف، أسقطت، إسقاط، قتلت، مقتل، حصار، حاصرت"
    ),
    "agreement": family(
        "وقع، وقعت، وقعا، وقعتا، يوقع، توقع، يوقعان، توقعان، توقيع، التوقيع، اتفاق، اتفاقا، اتفاقية، اتفاقيات، "
        "اتفاقات، اتفاقيتين، اتفقت، اتفق، اتفقا، اتفقتا، يتفقان، مذكرة تفاهم، مذكرات تفاهم، معاهدة، بروتوكول، إبرام، "
        "أبرمت، أبرم، صفقة"
    ),
    "visit": family(
        "زيارة، زيارته، زيارتها، زيارات، زار، زارت، يزور، تزور، سيزور، ستزور، توجه، توجهت، يتوجه، حل، يحل، جولة، "
        + "، ".join(one + _NO_AMOUNT for one in ("وصل", "وصلت", "يصل", "تصل"))
    ),
    "meeting": family(
        "استقبل، استقبلت، يستقبل، تستقبل، استقبال، استقباله، التقى، التقت، يلتقي، تلتقي، لقاء، لقاءه، لقاءات، اجتماع، "
        "اجتماعا، اجتماعات، اجتمع، اجتمعت، يجتمع، مباحثات، المباحثات، محادثات، المحادثات، مشاورات، بحث، بحثت، بحثا، "
        "يبحث، تبحث، يبحثان، تبحثان، ناقش، ناقشت، يناقش، يناقشان، ناقشا، تباحث، يتباحث، يتباحثان، تباحثا، قمة، "
        "اتصال هاتفي، اتصالا هاتفيا، هاتفيا، مكالمة، استعرض، استعرضا، يستعرضان، جلسة عمل، تشاور، "
        "مفاوضات، المفاوضات، حوار، الحوار"
    ),
    "match": family(
        "يواجه، تواجه، واجه، واجهت، سيواجه، مواجهة، مباراة، مباراته، فاز، فازت، تغلب، تغلبت، خسر، خسرت، خسارته، فوز، "
        "فوزه، فوزها، هزم، هزمت، هزيمة، تعادل، تعادلت، تعادلا، أقصى، تأهل على حساب، على حساب، يلاقي، تلاقي، لاقى، "
        "ينازل، اكتسح، أطاح، سحق، ودية، بهدف، بهدفين، بثلاثية، برباعية، بثنائية، بركلات الترجيح"
    ),
    "dispute": family(
        "اتهم، اتهمت، يتهم، تتهم، أدان، أدانت، يدين، تدين، ندد، نددت، إدانة، استنكر، استنكرت، استدعى، استدعت، استدعاء، "
        "طرد، طردت، عقوبات، خلاف، خلافات، الخلاف، توتر، أزمة، الأزمة، قطع العلاقات، قطعت، هدد، هددت، تهديد، احتج، "
        "احتجت، احتجاج، انتقد، انتقدت، انتقادات، رفضت، رفض، نزاع، النزاع، تصعيد، مقاطعة، سحب سفيرها، سحبت"
    ),
    "support": family(
        "دعم، دعمها، دعمه، دعمت، يدعم، تدعم، مساندة، تساند، مساعدات، مساعدة، منحة، منحت، قرض، قرضا، تضامن، تضامنها، "
        "تضامنه، تمويل، إغاثة، أيدت، تأييد، تأييدها، رحب، رحبت، هنأ، هنأت، عزى، أشاد، أشادت، شكر، "
        "شكرت، تهنئة، تهانيه، تعزية، تعازيه"
    ),
    "trade": family(
        "صادرات، الصادرات، واردات، الواردات، تصدير، استيراد، تستورد، استوردت، تصدر، التبادل التجاري، "
        "المبادلات التجارية، تجارة، التجارة، استثمار، استثمارات، الاستثمارات، رسوم جمركية، رسوما جمركية، شحنة، مبيعات، "
        "الميزان التجاري"
    ),
    "cohost": JOINT_BID,
    "cooperation": family(
        "تعاون، تعاونها، تعاونهما، تعزيز، يعززان، تعزز، تعززان، شراكة، الشراكة، شراكتهما، شراكته، تنسيق، التنسيق، "
        "علاقات، العلاقات، علاقاتهما، علاقة، مشترك، مشتركة، المشتركة، تبادل الخبرات، تبادل المعلومات، روابط، تقارب، "
        "التقارب، مصالحة، المصالحة، صداقة، الصداقة، توافق، ثنائي، الثنائي، الثنائية، ثنائية، بين البلدين، البلدين، "
        "الجانبين، مناورات، تدريبات، تمرين، تمارين"
    ),
}  # fmt: skip
GOVERNING = family(
    "تعاون، علاقات، علاقة، شراكة، تنسيق، مباحثات، محادثات، مشاورات، لقاء، اجتماع، قمة، اتفاق، اتفاقية، مذكرة، "
    "مباراة، مواجهة، حرب، الحرب، خلاف، نزاع، أزمة، توتر، تبادل، تجارة، حدود، الحدود، مجلس، اللجنة، لجنة، منتدى، "
    "حوار، زيارة، صداقة، مناورات، تدريبات، تمرين، ربط، الربط، التقارب، تقارب، المصالحة، مفاوضات، المفاوضات، القمة، "
    "النهائي، نهائي، روابط، توافق، الصراع، صراع، معارك، اشتباكات، مبادلات"
)
VERBAL = family(
    "وقع، وقعت، وقعا، وقعتا، يوقعان، توقعان، يعززان، تعززان، اتفقت، اتفق، اتفقا، اتفقتا، يتفقان، يبحثان، تبحثان، "
    "بحثا، ناقشا، يناقشان، تناقشان، يتباحثان، تباحثا، تتعاونان، يتعاونان، تعاون، تتفقان، توقيع، توقع، تبحث، تناقش، "
    "يطلقان، تطلقان، أطلقتا، أطلقا، تستأنفان، يستأنفان، استأنفتا، تتبادلان، يتبادلان، يتواجهان، تتواجهان، تعززان، "
    "تؤكدان، يؤكدان، أكدتا، توافق، تجددان"
)


_IN_SPORT: tuple[Relation, ...] = ("match", "cooperation", "support")
_MATCH_WORDS = (
    "لقاء، لقاءه، لقاءها، اللقاء، قمة، القمة، يلتقي، تلتقي، سيلتقي، ستلتقي، التقى، التقت، يستضيف، استضاف، ستستضيف، "
    "يستقبل، نهائي، النهائي، يجمع، تجمع، سيجمع، ستجمع، جمع، جمعت، جمعته، جمعتهما، يجمعه، تجمعه، الملحق"
)
_MATCH = Cue(rf"(?<!ثمن )(?<!ربع )(?<!نصف )(?<!صوره )(?<!صوره التي ){word(_MATCH_WORDS)}", _MATCH_WORDS)
"""A round that is reached is no match that is played, nor is «الصورة التي جمعته بالرئيس»."""


_NO_MATCH = [(relation, cue) for relation, cue in RELATIONS.items() if relation != "match"]
_ANY_RELATION = functools.reduce(operator.or_, (cue.bits for cue in RELATIONS.values()))


def relation_of(text: str, *, in_sport: bool = False, said: int | None = None) -> Relation | None:
    """The first relation, in the order of the format, whose cue stands in a folded text; None without a cue.

    `said`: what `seen` says of the text, where that is known already.

    In a sentence about a match, words of meeting and visiting speak of the match, and those of war, trade and contracts
    and calls of players: only a match, cooperation and support between federations remain.
    """
    said = seen(text) if said is None else said
    if in_sport:
        if _MATCH.is_in(text, said):
            return "match"
        return next((r for r in _IN_SPORT if RELATIONS[r].is_in(text, said)), None)
    for relation, cue in _NO_MATCH if said & _ANY_RELATION else ():
        if cue.is_in(text, said) and _states(relation, text):
            return relation
    return None


def _states(relation: Relation, text: str) -> bool:
    """Is it stated, not only talked about: a war named after a word of meeting is what the two sides discuss."""
    war = RELATIONS["conflict"].pattern.search(text) if relation == "conflict" else None
    return war is None or not RELATIONS["meeting"].pattern.search(text, 0, war.start())


# Edition numbers: «الدورة الثالثة والتسعين», «النسخة 23», «الـ92», «المؤتمر الثلاثين», «كوب 30»
_UNITS: dict[str, int] = {
    "الاولي": 1, "الحاديه": 1, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4, "الخامسه": 5, "السادسه": 6, "السابعه": 7,
    "الثامنه": 8, "التاسعه": 9, "العاشره": 10,
    "الاول": 1, "الحادي": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الخامس": 5, "السادس": 6, "السابع": 7, "الثامن": 8,
    "التاسع": 9, "العاشر": 10,
}  # fmt: skip
_TENS = {"العشرين": 20, "الثلاثين": 30, "الاربعين": 40, "الخمسين": 50, "الستين": 60, "السبعين": 70, "الثمانين": 80,
         "التسعين": 90, "العشرون": 20, "الثلاثون": 30, "الاربعون": 40, "الخمسون": 50, "الستون": 60, "السبعون": 70,
         "الثمانون": 80, "التسعون": 90}  # fmt: skip
_WORDED = rf"(?:({'|'.join(_UNITS)})(?: و({'|'.join(_TENS)})| (عشره|عشر))?|({'|'.join(_TENS)}))(?!\w)"
_NUMERAL = rf"(?:ال ?)?(\d{{1,3}})(?!\d)|{_WORDED}"
_ORDINAL = re.compile(rf"(?<!\w)(?:ال|لل|ل|ب|بال|وال)?(?:دوره|نسخه|طبعه|دورته[ام]*|نسخته[ام]*)\s+(?:{_NUMERAL})")
_BARE_ORDINAL = re.compile(rf"[ال]ل(?:قمه|دوره|نسخه|طبعه)\s+(?:رقم )?\(?(?:{_NUMERAL})")
_EDITION, _BARE_EDITION = ("دور", "نسخ", "طبع"), ("لقمه", "لدوره", "لنسخه", "لطبعه")
"""What these patterns need."""
_GLUED_BEFORE = re.compile(r"(?<!\w)[وفبلك]{1,2}$")
_SMALLEST = 10
_WORDED_ORDINAL = re.compile(rf"(?:\s+|^)()(?:{_WORDED})")
_NUMBER_IN_NAME = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_SHORT_ORDINAL = re.compile(r"\s*ال\s?\(?(\d{1,3})\)?(?!\d)")


def ordinal_days() -> dict[str, int]:
    """Folded ordinals of the days of a month: «السادس» 6, «الخامس عشر» 15, «الحادي والثلاثين» 31."""
    units = {word: n for word, n in _UNITS.items() if not word.endswith("ه")}
    small = {word: n for word, n in units.items() if n < 10 and word != "الاول"}
    found = {word: n for word, n in units.items() if word != "الحادي"}
    found |= {f"{word} عشر": 10 + n for word, n in small.items()}
    found |= {f"{word} والعشرين": 20 + n for word, n in small.items()}
    return found | {"العشرين": 20, "الثلاثين": 30, "الحادي والثلاثين": 31}


def ordinals_in(text: str) -> Iterator[tuple[int, int]]:
    """Where a word for edition stands with its number, and the number."""
    for match in _ORDINAL.finditer(text) if any(one in text for one in _EDITION) else ():
        yield match.start(), _number(match)


def ordinals_alone(text: str) -> Iterator[tuple[int, int, int]]:
    """Where an edition is told by its number alone, «القمة الـ33», and the number; small ones count rounds, too."""
    for match in _BARE_ORDINAL.finditer(text) if any(one in text for one in _BARE_EDITION) else ():
        start, number = match.start(), _number(match)
        if start and text[start - 1].isalnum():
            glued = _GLUED_BEFORE.search(text, max(0, start - 3), start)
            start = glued.start() if glued else -1
        if start >= 0 and number >= _SMALLEST:
            yield start, match.end(), number


def ordinals_beside(right: str) -> Iterator[int]:
    """The number that a text begins with: «الـ92», «الثلاثين»; a bare number of digits could count anything."""
    short = _SHORT_ORDINAL.match(right)
    if short:
        yield int(short[1])
    worded = _WORDED_ORDINAL.match(right)
    if worded:
        yield _number(worded)


def ordinals_of_name(name: str, names: Sequence[str]) -> Iterator[int]:
    """The number of a name that is listed edition by edition: of «خليجي 26», not of «كأس العالم تحت 17».

    `names` are all the folded names of the series.
    """
    number = _NUMBER_IN_NAME.search(name)
    if not number:
        # «قمة مجموعة العشرين»: a number in every name of the series is no edition's.
        found = (worded for worded in _WORDED_ORDINAL.finditer(name))
        yield from (_number(w) for w in found if sum(w.group().strip() in one for one in names) <= 1)
        return
    head, tail = name[: number.start()].removeprefix("ال").removeprefix("ل"), name[number.end() :]
    others = [head + str(int(number[0]) + step) + tail for step in (-1, 1)]
    if any(one.endswith(other) for one in names for other in others):
        yield int(number[0])


def _number(match: re.Match[str]) -> int:
    digits, unit, tens, ten, round_tens = match.groups()
    if digits:
        return int(digits)
    if round_tens:
        return _TENS[round_tens]
    return _UNITS[unit] + (_TENS[tens] if tens else 10 if ten else 0)
