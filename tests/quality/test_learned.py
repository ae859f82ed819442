"""The weights that are shipped are those of the labels that stand here, and the judges were no teachers."""

import hashlib
import json
from typing import get_args

import pytest

from etl.annotate.countries import Place
from etl.annotate.learned import Scale, Weights
from etl.annotate.scan import scan
from etl.annotate.signs import Around, Candidate, Shared
from etl.annotate.weights import Judge, judge
from etl.model import Relation
from etl.registry import load
from tests.quality import news, set_aside, verdicts

TRAINING = news.GOLD.parent / "training" / "reader.jsonl"
FILES = (TRAINING, news.GOLD / "settled.jsonl")
NO_NEWS = pytest.mark.skipif(not news.CORPUS.is_dir(), reason=f"the development corpus is not here: {news.CORPUS}")


def ids() -> list[str]:
    """The articles that weights were learnt from, but for the working half."""
    return [json.loads(line)["id"] for line in TRAINING.read_text("utf-8").splitlines()]


def test_the_weights_were_learnt_from_these_labels() -> None:
    """Other labels need other weights: python -m tests.quality.learn."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert judge().known.learned_from == found


def test_every_relation_of_a_dealing_can_be_told() -> None:
    """The scales are those of the format, but for joint hosting, which is told by rule; their slots are looked at."""
    scales = judge().known.relations
    assert set(scales) == set(get_args(Relation)) - {"cohost"}
    assert {slot for scale in scales.values() for slot in (*scale.words, *scale.groups)} == {"s", "w"}


@NO_NEWS
def test_what_judges_was_no_teacher() -> None:
    """No article of the half that is set aside was learnt from, not under another id either."""
    learnt = news.by_id(ids())
    assert len(learnt) == len(ids()) == len(set(ids()))
    judged = {article.body for ident, article in news.articles().items() if ident in set_aside.gold("settled")}
    assert not judged & {article.body for article in learnt.values()}
    assert not {one["id"] for one in verdicts.read()} & set(ids())


def test_a_sign_weighs_once() -> None:
    """As in learning: a word that stands twice in a slot adds nothing to the first, another one of its group does."""
    scale = Scale(bias=0.0, flags={"rule:none": 1.0}, words={"w": {"قال": 2.0}}, groups={"w": {7: 0.5}})
    known = Weights(learned_from={}, dealing=scale, relations={"other": scale}, group_of={"قال": 7, "اكد": 7},
                    whole=[0.0, 1.0], strong=0.7, medium=0.4)  # fmt: skip
    body = scan("body", "قال المغرب لفرنسا", load())
    place = Place("MA", 0, 1, "name", "strong", "name", "")

    def weight(*words: str) -> float:
        shared, around = (
            Shared((), list(words), []),
            Around(0, len(words), (0, len(words)), "name", "mention"),
        )
        one = Candidate(body, (0, 1), ("FR", "MA"), place, place, "none", in_sport=False, finding=None, shared=shared,
                        traits=(("no rule",),), around=around)  # fmt: skip
        return Judge(known).heard([one], {})[0]

    assert weight("قال") == weight("قال", "قال") > weight("اكد") > weight()
    assert weight("قال", "اكد") == weight("قال", "قال", "اكد") > weight("قال")


def test_no_sum_is_too_low() -> None:
    """However much speaks against a dealing, it is unlikely and no error: a list of all words is a sentence, too."""
    scale = Scale(bias=-1_000.0, flags={}, words={}, groups={})
    known = Weights(learned_from={}, dealing=scale, relations={"other": scale}, group_of={}, whole=[0.0, 1.0],
                    strong=0.7, medium=0.4)  # fmt: skip
    body, place = scan("body", "قال المغرب لفرنسا", load()), Place("MA", 0, 1, "name", "strong", "name", "")
    one = Candidate(body, (0, 1), ("FR", "MA"), place, place, "none", in_sport=False, finding=None,
                    shared=Shared((), [], []), traits=(), around=Around(0, 0, (0, 0), "name", "mention"))  # fmt: skip
    assert 0 <= Judge(known).heard([one], {})[0] < 1e-9


def test_what_an_article_says_again_is_surer() -> None:
    """A dealing that two sentences state is likelier than one of them alone; another two countries' is not."""
    known = judge().known
    place = Place("MA", 0, 1, "name", "strong", "name", "")
    body = scan("body", "قال المغرب لفرنسا", load())

    def one(first: str, second: str) -> Candidate:
        around, rule = Around(0, 1, (0, 1), "name", "mention"), ("rule", "official-official", "strong")
        return Candidate(body, (0, 1), (first, second), place, place, "none", in_sport=False, finding=None,
                         shared=Shared((), ["قال"], []), traits=(rule,), around=around)  # fmt: skip

    alone = Judge(known).heard([one("FR", "MA")], {})
    twice = Judge(known).heard([one("FR", "MA"), one("FR", "MA"), one("ES", "IT")], {})
    assert twice[0] > alone[0]
    assert twice[1] <= twice[0]
