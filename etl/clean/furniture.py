"""What stands on a page around its articles and was written for no article: menus, buttons, notices, captions.

Patterns look at a whole folded line, and most of them at short lines only: prose may speak of comments and cookies.
"""

import re

from etl.clean.lines import Line
from etl.model import Zone
from etl.text import fold

_SHORT_WORDS, _NOTICE_WORDS, _MOST_LETTERS = 12, 70, 1000


def _any_of(words: str) -> str:
    """One of the words or phrases, between commas, as a pattern over folded text, longest first."""
    found = {fold(word.strip()).lower() for word in words.split("،")}
    return "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))


_SECTIONS = _any_of(
    "الرئيسية، الصفحة الرئيسية، رئيسية، الأولى، أخبار، الأخبار، آخر الأخبار، أخبار عاجلة، عاجل، سياسة، السياسة، اقتصاد،"
    " الاقتصاد، مال وأعمال، رياضة، الرياضة، ثقافة، الثقافة، ثقافة وفن، فن، فنون، فن وثقافة، مجتمع، المجتمع،"
    " حوادث، دولي،"
    " دولية، عربي، عربية، محلي، محلية، محليات، وطني، وطنية، جهات، الجهات، عالم، العالم، عرب وعالم، رأي، آراء، مقالات،"
    " تقارير، تحقيقات، حوارات، صحة، تكنولوجيا، علوم، علوم وتكنولوجيا، منوعات، فيديو، فيديوهات، صور، كاريكاتير، بودكاست،"
    " بث مباشر، البث المباشر، كتاب، كتاب الرأي، ملفات، أسرة، مرأة، سياحة، سيارات، تعليم، بيئة، دين، المزيد،"
    " القائمة، بحث،"
    " ابحث، البحث، تسجيل الدخول، دخول، اشتراك، اتصل بنا، تواصل معنا، من نحن، هيئة التحرير، للإعلان، أعلن معنا،"
    " إعلان، إعلانات،"
    " خريطة الموقع، أرشيف، الأرشيف، سياسة الخصوصية، شروط الاستخدام، الشروط والأحكام، إخلاء المسؤولية، تخطي إلى المحتوى،"
    " الوضع الليلي، العربية، English، Français، RSS، تغيير حجم الخط، حجم الخط، تكبير الخط، تصغير الخط،"
    " العودة إلى الأعلى، إلى الأعلى، التالي، السابق، الخبر التالي،"
    " الخبر السابق، المقال التالي، المقال السابق، إغلاق، أغلق، موافق، أوافق، قبول، قبول الكل، رفض، رفض الكل،"
    " حسنا، فهمت، كل الأخبار، عرض الكل"
)
_SHARES = _any_of(
    "شارك، شاركها، شارك الخبر، شارك المقال، شارك هذا المقال، شارك الموضوع، مشاركة، مشاركات، المشاركة،"
    " مشاركة الخبر، مشاركة المقال، شارك على،"
    " شارك عبر، مشاركة عبر، مشاركة عبر البريد، فيسبوك، فايسبوك، تويتر، إكس، X، واتساب، واتس آب، تيليجرام، تلغرام،"
    " تيلغرام، تليجرام، لينكدإن،"
    " لينكد إن، بينتيريست، بنترست، ماسنجر، فايبر، إنستغرام، انستجرام، تيك توك، يوتيوب، سناب شات، ريديت،"
    " البريد الإلكتروني، بريد إلكتروني،"
    " إرسال، أرسل، إرسال بالبريد، طباعة، اطبع، نسخ الرابط، انسخ الرابط، تم نسخ الرابط، نسخ، رابط مختصر، حفظ،"
    " احفظ، استمع، استمع للمقال، إعجاب، أعجبني،"
    " متابعة، تابعنا، تابعنا على، Facebook، Twitter، X، WhatsApp، Telegram، LinkedIn، Messenger، Email، Share،"
    " Print، Copy Link، Pinterest، Instagram، YouTube، TikTok"
)
_BETWEEN = r'[\s|/\\·•›"<>\-–—:،,.…▼▾☰×+0-9()]'
_MENU = re.compile(rf"{_BETWEEN}*(?:(?:{_SECTIONS}|{_SHARES})(?=\W|$){_BETWEEN}*)+")
_NUMBER = r"(?:\d[\d.,]*(?: ?(?:الف|ك|k|m))?)"
_MINUTES = rf"(?:{_NUMBER} ?(?:دقيقه|دقايق|د|min(?:utes?)?)|دقيقه(?: واحده)?|دقيقتان|دقيقتين|اقل من دقيقه)"
_COUNT = re.compile(
    rf"\W*(?:(?:مده|وقت|زمن)? ?(?:ال)?قراءه\W*{_MINUTES}|(?:\d+ ){{0,2}}{_MINUTES} ?(?:قراءه|للقراءه|من القراءه|read)"
    rf"|(?:عدد )?(?:ال)?(?:مشاهدات|مشاهده|زيارات|قراءات|مشاركات|اعجابات)\W*{_NUMBER}"
    rf"|{_NUMBER} ?(?:مشاهده|مشاهدات|زياره|قراءه|قراءات|مشاركه|مشاركات|اعجاب|تعليق|تعليقا|تعليقات|views?|shares?|"
    rf"comments?)"
    rf"|لا توجد تعليقات|لا تعليقات|بدون تعليقات?|منذ {_NUMBER} ?\w+|قبل {_NUMBER} ?\w+|منذ \w+|"
    rf"\d{{1,2}}:\d{{2}}(?: ?[صم])?)\W*"
)
_CAPTION = re.compile(
    r"\W*(?:(?:ال)?صوره?(?: \w+){0,2}\s*[:：]|تصوير\s*[:：/]|عدسه\s*[:：/]|صوره? (?:ارشيفيه|تعبيريه|توضيحيه|"
    r"من الارشيف)(?!\w))"
    r"|.*(?:[(\[|/–-]\s*(?:صوره )?(?:رويترز|ا ?\.? ?ف ?\.? ?ب\.?|فرانس برس|الفرنسيه|اسوشيتد برس|الاناضول|غيتي|جيتي"
    r"|ارشيف\w*"
    r"|getty(?: images)?|afp|reuters|ap|epa|shutterstock)\s*[)\]]?)\s*$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"\W*(?:©|(?:كل|جميع|كافه) الحقوق محفوظه|حقوق النشر محفوظه|copyright)", re.IGNORECASE)
_COOKIES = re.compile(
    r"(?=.*(?:ملفات تعريف الارتباط|ملفات الارتباط|الكوكيز|cookies))"
    r"(?=.*(?:نستخدم|يستخدم|تستخدم|استخدامنا|باستخدامك|بمتابعتك|باستمرارك|بالاستمرار|موافق|توافق|نحن و|الموقع))",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"(?=.*(?:سياسه الخصوصيه|شروط (?:ال)?استخدام|ارشادات الاستخدام).*(?:سياسه الخصوصيه|شروط (?:ال)?استخدام|"
    r"ارشادات الاستخدام))"
    r"|.*(?:بالتسجيل|باشتراكك|تسجيلك|توافق علي) .*(?:سياسه الخصوصيه|شروط (?:ال)?استخدام)"
    r"|.*(?:الاراء|المقالات|التعليقات|المواد) (?:الوارده|المنشوره|المكتوبه)?.{0,40}(?:لا تعبر|تعبر عن راي|"
    r"تعبر عن وجهه|لا تعكس)"
)
_NEWSLETTER = re.compile(
    r"\W*(?:اشترك(?:وا|ي)?|سجل(?:وا)?|انضم(?:وا)?|للاشتراك|ادخل(?:وا)?|اكتب)(?!\w).{0,60}(?:بريد\w*|نشرتنا|نشره|"
    r"النشره|قائمتنا|القايمه البريديه)"
    r"|\W*(?:ال)?نشره (?:ال)?(?:بريديه|اخباريه|اليوميه)\W*$|\W*(?:ال)?نشرتنا \w+\W*$|\W*(?:اشترك الان|اشترك|"
    r"سجل الان|عنوان بريدك.{0,20}|بريدك الالكتروني)\W*$"
    r"|.*(?:ليصلك|لتصلك|ليصلكم|لتصلكم|تصلك|احصل علي) .{0,50}(?:بريد\w*|نشره|الاخبار|جديدنا)\W*$"
)
_FOLLOW = re.compile(
    r"\W*(?:تابع(?:وا|ونا|نا)?|لمتابعه|انضم\w*).{0,60}(?:علي|عبر)\W*(?:واتس\w*|قناه|اخبار جوجل|جوجل نيوز|غوغل نيوز)"
)
_APPEARED = re.compile(
    r"\W*(?:ظهر\w* (?:المقال\w*|التدوينه|المشاركه|الخبر)|the post) .*(?:اولا علي|appeared first on)", re.IGNORECASE
)
_COMMENTS = re.compile(
    rf"\W*(?:ال)?تعليقات(?: الزوار| القراء)?\W*(?:{_NUMBER}\W*)?$|\W*{_NUMBER} تعليقا?ت?(?: علي .*)?\W*$"
    r"|\W*(?:اترك|اضف|اكتب|شارك) ?(?:ال)?(?:تعليقا?ك?|ردا?|برايك)(?: علي .*)?\W*$|\W*(?:اراء القراء|شارك برايك|"
    r"ردود الزوار)\W*$"
)
_RULE = re.compile(r"(?P<long>(?:[-=_~─━═ـ–—][ ]?){4,}|(?:[*#•·][ ]?){6,})|(?:[*•·#◆❖~][ ]?){1,5}|[-–—]{2,3}")


def furniture(line: Line) -> Zone | None:
    """The zone of a line that no article owns; None for a line that may be an article's."""
    if len(line.text) > _MOST_LETTERS:
        return None
    folded = line.folded.lower()
    if line.n_words <= _SHORT_WORDS and any(p.fullmatch(folded) for p in (_MENU, _COUNT)):
        return "rest"
    if len(line.text) <= 160 and (_NEWSLETTER.match(folded) or _FOLLOW.match(folded) or _COPYRIGHT.match(folded)):
        return "promotion"
    if line.n_words <= _NOTICE_WORDS and any(p.match(folded) for p in (_COOKIES, _POLICY, _APPEARED)):
        return "rest"
    if line.n_words <= 25 and not line.ends_a_sentence and _CAPTION.match(folded):
        return "rest"
    return None


def begins_comments(line: Line) -> bool:
    """A line that opens what readers wrote: it stands on the page and belongs to no article."""
    return len(line.text) <= _MOST_LETTERS and line.n_words <= _SHORT_WORDS and bool(_COMMENTS.match(line.folded))


def is_rule(line: Line) -> bool:
    """A line of signs alone."""
    return bool(_RULE.fullmatch(line.text))


def is_long_rule(line: Line) -> bool:
    """A rule as it stands between articles; some stars only part the sections of one."""
    found = _RULE.fullmatch(line.text)
    return bool(found and found["long"])
