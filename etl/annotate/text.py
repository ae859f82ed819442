from etl.text import Folded, fold, key, sentences  # noqa: F401
