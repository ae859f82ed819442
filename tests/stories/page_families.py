"""Pages of every family that scrapers bring, built by chance around articles: what stands around them is invented.

A page is known before it is read: its articles with title, paragraphs and the day that it prints for them. A seed
builds one page.
"""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Text(NamedTuple):
    """An article to build a page around."""

    title: str
    paragraphs: tuple[str, ...]


class Built(NamedTuple):
    """A page and what it must give: its articles, the day printed for the first one, fragments that feed nothing."""

    family: str
    page: str
    texts: list[Text]
    day: str | None
    fragments: list[str]


DAYS = (  # how a day is printed, and which it is
    ("24 أكتوبر 2025", "2025-10-24"),
    ("الجمعة 24 أكتوبر 2025 - 14:30", "2025-10-24"),
    ("24/10/2025", "2025-10-24"),
    ("٢٤ أكتوبر ٢٠٢٥", "2025-10-24"),
    ("2025-10-24 09:12", "2025-10-24"),
    ("3 غشت 2026 على الساعة 18:05", "2026-08-03"),
    ("12 جويلية 2024", "2024-07-12"),
    ("الأحد، 28 كانون الثاني/يناير 2024", "2024-01-28"),
    ("أكتوبر 24, 2025", "2025-10-24"),
    ("24th, October 2025 GMT", "2025-10-24"),
    ("5 فيفري 2026 | 07:45", "2026-02-05"),
    ("07 نونبر 2025 - 10:15 صباحا", "2025-11-07"),
)
LABELS = ("تاريخ النشر: ", "نشر في: ", "نُشر في ", "تم النشر في ", "نشر بتاريخ: ")
WRITERS = ("admin", "هيئة التحرير", "سلوى بن جدو", "موفد الضفاف", "محرر أول", "Editor")
UPDATES = ("آخر تحديث", "آخر تحديث : 26 أكتوبر 2026 - 3:20 مساءً", "آخر تحديث: 2 ديسمبر 2026", "تم التحديث 1 يناير 2027")
MENUS = (
    ("الرئيسية | سياسة | اقتصاد | رياضة | ثقافة | مجتمع"),
    "الرئيسية\nأخبار\nرياضة\nثقافة وفن\nاتصل بنا",
    "الرئيسية » دولي »",
    "القائمة\nبحث",
    "تخطي إلى المحتوى",
    "الرئيسية/أخبار/سياسة",
    "الرئيسية - أخبار وطنية - حوادث",
    "تسجيل الدخول\nاشتراك",
    "آراء  فيديو  بودكاست  المزيد ▾",
    "العربية | Français | English",
    "الخميس 1 يناير 2026\nالرئيسية سياسة رياضة",
)
SHARES = (
    "شارك المقال",
    "فيسبوك تويتر واتساب",
    "Facebook\nTwitter\nWhatsApp\nTelegram",
    "مشاركة عبر البريد\nطباعة",
    "نسخ الرابط",
    "شارك على فيسبوك\nشارك على تويتر",
    "قراءة 3 دقائق",
    "مدة القراءة: دقيقتان",
    "4 دقائق للقراءة",
    "1,204 مشاهدة",
    "12 تعليقا",
    "استمع للمقال",
    "حفظ\nطباعة\nتكبير الخط",
    "0 تعليق",
    "عدد المشاهدات: 310",
    "دقيقة واحدة للقراءة",
    "وقت القراءة 5 دقائق",
)
CAPTIONS = (
    "صورة أرشيفية لمقر البلدية",
    "تصوير: نور الهدى المسيليني",
    "منظر عام للميناء القديم (أرشيف)",
    "جانب من اللقاء - الأناضول",
    "صورة: وكالة النهر",
    "مشجعون أمام الملعب (أ ف ب)",
    "الصورة: منبر الضفاف",
    "طابور أمام المركز (رويترز)",
)
KICKERS = ("خاص", "حصري", "تقرير", "ملف الأسبوع", "كأس الضفاف", "بعد قرار البلدية", "رأي", "متابعات")
PROMOTIONS = (
    "تابع أحدث الأخبار عبر تطبيق الضفاف",
    "حمل تطبيق أصداء النهر من المتجر",
    "اشتركوا في قناتنا على تليجرام",
    "تابعونا على أخبار جوجل",
    "انضم إلى قناتنا على واتساب",
)
COOKIES = (
    "نستخدم ملفات تعريف الارتباط لتحسين تجربتك في الموقع، وباستمرارك في التصفح فإنك توافق على سياسة الخصوصية.\nموافق",
    "يستخدم هذا الموقع ملفات تعريف الارتباط (Cookies). قبول الكل\nرفض",
)
LETTERS = (
    "اشترك في نشرتنا البريدية ليصلك جديد الضفاف\nأدخل بريدك الإلكتروني\nاشترك الآن",
    "النشرة البريدية\nسجل بريدك لتصلك أهم الأخبار كل صباح",
    "احصل على آخر الأخبار مباشرة إلى بريدك\nاشترك",
)
TAGS = (
    "كلمات دلالية: الميناء، البلدية، السوق",
    "الكلمات المفتاحية\nالميناء\nالسوق القديم",
    "#الميناء #السوق_القديم #الضفاف",
    "الوسوم: الميناء | السوق",
    "وسوم: الميناء، السوق",
    "الكلمات الدالة : ميناء ، سوق",
    "Tags: ميناء, سوق",
)
COMMENTS = (
    (
        "التعليقات (2)\nقارئ من الضفة\nمنذ 3 ساعات\nشكرا على هذا الموضوع المفيد،"
        " ننتظر التفاصيل.\nأبو أيمن\nلا جديد تحت الشمس"
    ),
    "اترك تعليقاً\nلن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *\nالتعليق\nالاسم\nإرسال التعليق",
    "أضف تعليقك\nالاسم\nالبريد الإلكتروني\nنص التعليق",
    "تعليقات الزوار\nلا توجد تعليقات",
)
ENDS = (
    "جميع الحقوق محفوظة © 2026 أصداء النهر",
    "من نحن\nاتصل بنا\nسياسة الخصوصية\nشروط الاستخدام",
    "العودة إلى الأعلى",
    "© 2026 منبر الضفاف. كل الحقوق محفوظة",
    "المقالات المنشورة تعبر عن رأي أصحابها ولا تعبر بالضرورة عن رأي الموقع.",
)
SOURCES = ("المصدر: أصداء النهر", "المصدر : وكالات", "نقلا عن: منبر الضفاف")
RELATED = (
    "مقالات مشابهة",
    "أخبار ذات صلة",
    "مواضيع ذات صلة:",
    "اقرأ المزيد",
    "قد يعجبك أيضاً",
    "الأكثر قراءة",
    "مقالات ذات صلة",
)
RULES = (
    "----------------------",
    "==========",
    "ــــــــــــــــــــ",
    "* * * * * * * *",
    "____________",
    "- - - - - - -",
)


class Chance:
    """Choices of one page."""

    def __init__(self, seed: int, texts: Sequence[Text]) -> None:
        """Everything that is chosen follows from the seed and the texts."""
        self._random, self._texts = random.Random(seed), texts

    def one(self, choices: Sequence[str]) -> str:
        """One of them."""
        return self._random.choice(choices)

    def some(self, choices: Sequence[str], most: int) -> list[str]:
        """Some of them in chance order, perhaps none."""
        return self._random.sample(choices, self._random.randint(0, most))

    def day(self) -> tuple[str, str]:
        """A printed day and which it is."""
        return self._random.choice(DAYS)

    def text(self) -> Text:
        """An article."""
        return self._random.choice(self._texts)

    def titles(self, least: int, most: int) -> list[str]:
        """Titles of other articles."""
        return [text.title for text in self._random.sample(self._texts, self._random.randint(least, most))]

    def body(self, text: Text) -> str:
        """The paragraphs as lines, with one or two breaks between."""
        return self.one(("\n", "\n\n")).join(text.paragraphs)

    def tail(self) -> list[str]:
        """What follows a text: source, tags, buttons, newsletter, headlines, comments, the page's end."""
        end = [*self.some(SOURCES, 1), *self.some(TAGS, 1), *self.some(SHARES, 3), *self.some(LETTERS, 1)]
        also = [self.one(RELATED[:3]), *self.titles(1, 6)] if self._random.random() < 0.6 else []
        return [*end, *also, *self.some(COMMENTS, 1), *self.some(ENDS, 2)]


def glued_before(chance: Chance) -> Built:
    """Dozens of headlines stuck together stand over the text."""
    text, (printed, day) = chance.text(), chance.day()
    headlines = chance.titles(12, 40)
    page = [
        *chance.some(MENUS[:10], 2),
        *chance.some(PROMOTIONS, 1),
        "".join(headlines),
        text.title,
        printed,
        chance.body(text),
        *chance.tail(),
    ]
    return built("glued before", page, [text], day, headlines)


def glued_byline(chance: Chance) -> Built:
    """The writer, the day and the update have lost the spaces between them."""
    text, (printed, day) = chance.text(), chance.day()
    writer = chance.one(WRITERS)
    byline = f"{writer}{printed}{chance.one(UPDATES)}" if printed[0].isdigit() else f"{writer} | {printed}"
    before, after = ([byline], []) if chance.one("نل") == "ن" else ([], [byline])
    page = [
        *chance.some(MENUS[:10], 1),
        *before,
        text.title,
        *after,
        *chance.some(SHARES, 3),
        chance.body(text),
        *chance.tail(),
    ]
    return built("glued byline", page, [text], day, [])


def furnished(chance: Chance) -> Built:
    """Menus, buttons, captions, notices, boxes and comments stand all around."""
    text, (printed, day) = chance.text(), chance.day()
    head = [*chance.some(COOKIES, 1), *chance.some(MENUS, 4), *chance.some(PROMOTIONS, 1), text.title]
    under = [chance.one(LABELS) + printed, *chance.some(SHARES, 4), *chance.some(CAPTIONS, 1)]
    return built(
        "furnished", [*head, *under, chance.body(text), *chance.some(SHARES, 2), *chance.tail()], [text], day, []
    )


def repeated(chance: Chance) -> Built:
    """The title stands twice, a kicker over it, the day over or under it."""
    text, (printed, day) = chance.text(), chance.day()
    first = chance.one((text.title, f"{text.title} | منبر الضفاف", f"{text.title} - أصداء النهر"))
    over, under = ([printed], []) if chance.one("نل") == "ن" else ([], [printed])
    page = [
        first,
        *chance.some(MENUS[:10], 1),
        *chance.some(KICKERS, 1),
        *over,
        text.title,
        *under,
        chance.body(text),
        *chance.tail(),
    ]
    return built("repeated", page, [text], day, [])


def listed_before(chance: Chance) -> Built:
    """A list of other headlines, one a line, stands over the title."""
    text, (printed, day) = chance.text(), chance.day()
    bullet = chance.one(("", "• ", "- "))
    headlines = [bullet + title for title in chance.titles(5, 15)]
    page = [
        *chance.some(MENUS[:10], 1),
        chance.one(("آخر الأخبار", "الأكثر قراءة", "أخبار عاجلة")),
        *headlines,
        text.title,
        printed,
        chance.body(text),
        *chance.tail(),
    ]
    return built("listed before", page, [text], day, [])


def boxed(chance: Chance) -> Built:
    """Links to other articles stand between the paragraphs."""
    text, (printed, day) = chance.text(), chance.day()
    paragraphs = list(text.paragraphs)
    boxes = [f"{chance.one(('اقرأ أيضا: ', 'طالع أيضاً : ', 'إقرأ أيضاً: '))}{title}" for title in chance.titles(1, 2)]
    for number, box in enumerate(boxes):
        paragraphs.insert(min(1 + 2 * number, len(paragraphs)), box)
    page = [*chance.some(MENUS[:10], 1), text.title, printed, *paragraphs, *chance.tail()]
    return built("boxed", page, [text], day, [])


def several(chance: Chance) -> Built:
    """Two to four articles, with rules between."""
    texts = [chance.text() for _ in range(len(chance.some("أبج", 2)) + 2)]
    rule, (printed, day) = chance.one(RULES), chance.day()
    page = [*chance.some(MENUS[:10], 1)]
    for number, text in enumerate(texts):
        page += [*([rule] if number else []), text.title, *([printed] if not number else []), chance.body(text)]
    return built("several", [*page, *chance.some(ENDS[:1], 1)], texts, day, [])


def built(family: str, lines: list[str], texts: list[Text], day: str, fragments: list[str]) -> Built:
    """The page of these lines."""
    return Built(family, "\n\n".join(lines), texts, day, fragments)


FAMILIES: tuple[Callable[[Chance], Built], ...] = (
    glued_before,
    glued_byline,
    furnished,
    repeated,
    listed_before,
    boxed,
    several,
)


def page(seed: int, texts: Sequence[Text]) -> Built:
    """The page of a seed; the families take turns."""
    return FAMILIES[seed % len(FAMILIES)](Chance(seed, texts))
