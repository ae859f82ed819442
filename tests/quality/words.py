"""Groups of words that are used alike, from the real corpus without the half that is set aside: no labels are read.

Words are the stems of etl.annotate.words. Each is described by the words up to three places before and after it
(positive pointwise mutual information, cut to 120 numbers), and the descriptions are gathered into groups. All by fixed
seeds.
"""

import collections
import json

import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from etl.annotate.words import stem, tokens
from etl.text import fold
from tests.quality import news

GROUPS = 120
_RAREST, _NEIGHBOURS, _REACH, _NUMBERS = 10, 8_000, 3, 120
_SMOOTHING = 0.75
Stems = list[str]


def groups() -> dict[str, int]:
    """Word → number of its group; words that stand fewer than ten times in the corpus have none."""
    texts = list(_texts())
    count = collections.Counter(word for text in texts for word in text)
    words = sorted((w for w, n in count.items() if n >= _RAREST), key=lambda w: (-count[w], w))
    described = normalize(TruncatedSVD(_NUMBERS, random_state=1).fit_transform(_beside(texts, words)))
    found = MiniBatchKMeans(GROUPS, random_state=1, n_init=3, batch_size=4096, max_iter=60).fit(described)
    return dict(zip(words, map(int, found.labels_), strict=True))


def _texts() -> collections.abc.Iterator[Stems]:
    aside = set(news.halves()[1])
    for path in sorted(news.CORPUS.glob("*.jsonl")):
        for raw in map(json.loads, path.read_text("utf-8").splitlines()):
            if f"{path.stem}/{raw['id']}" not in aside:
                yield [stem(token) for token in tokens(fold(f"{raw['title'] or ''} ، {raw['text'] or ''}"))]


def _beside(texts: list[Stems], words: list[str]) -> sparse.csr_matrix:
    """Words × neighbours before and after: positive pointwise mutual information, nearer neighbours counting more."""
    place = {word: n for n, word in enumerate(words)}
    width = 2 * _NEIGHBOURS
    seen: dict[int, float] = collections.defaultdict(float)
    for text in texts:
        at = [place.get(word, -1) for word in text]
        for n, word in enumerate(at):
            for step in range(1, _REACH + 1) if word >= 0 else ():
                for other, side in ((n + step, 0), (n - step, _NEIGHBOURS)):
                    if 0 <= other < len(at) and 0 <= at[other] < _NEIGHBOURS:
                        seen[word * width + side + at[other]] += 1 / step
    keys = np.fromiter(sorted(seen), dtype=np.int64, count=len(seen))
    values = np.fromiter((seen[key] for key in keys.tolist()), dtype=np.float64, count=len(seen))
    rows, columns = (keys // width).astype(np.int32), (keys % width).astype(np.int32)
    by_word = np.bincount(rows, values, minlength=len(words))
    by_neighbour = np.bincount(columns, values, minlength=width) ** _SMOOTHING
    mutual = np.log(values * by_neighbour.sum() / (by_word[rows] * by_neighbour[columns]))
    found = sparse.csr_matrix((np.maximum(mutual, 0), (rows, columns)), shape=(len(words), width))
    found.indices, found.indptr = found.indices.astype(np.int32), found.indptr.astype(np.int32)
    return found
