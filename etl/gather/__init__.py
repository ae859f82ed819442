"""Near-copies → stories: a signature of each article, which two are alike, and which belong together.

Read signatures.py, likeness.py, stories.py; candidates.py gathers a whole store with them, inside DuckDB.
"""

from etl.gather.likeness import WINDOW_DAYS, Bounds, Rule, Similarity, alike
from etl.gather.signatures import Folded, Signature, folded, searched, signature, signatures, text_id
from etl.gather.stories import components, story_id

__all__ = [
    "WINDOW_DAYS",
    "Bounds",
    "Folded",
    "Rule",
    "Signature",
    "Similarity",
    "alike",
    "components",
    "folded",
    "searched",
    "signature",
    "signatures",
    "story_id",
    "text_id",
]
