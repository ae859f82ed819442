"""What was loaded: files, refused records, how dates are known, who published."""

from dashboard.queries.source import Row, Source, rows

_LOADS = """
SELECT load_id, file, format, n_read, n_accepted, n_rejected, n_duplicate FROM load_file
ORDER BY load_id DESC, file, format
"""
_REJECTS = """
SELECT load_id, file, line, field, reason, expected FROM reject ORDER BY load_id DESC, file, line, byte LIMIT ?
"""
_PUBLISHERS = """
SELECT publisher::VARCHAR, count(*)::INTEGER, count(DISTINCT story_key)::INTEGER, min(published_on), max(published_on)
FROM counted_article WHERE role <> 'headline' GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST
"""


def loads(source: Source) -> list[Row]:
    """Every file of every load: load, file, format, read, accepted, rejected, duplicate; the last load first."""
    return rows(source, _LOADS)


def rejects(source: Source, limit: int = 200) -> list[Row]:
    """Refused records: load, file, line, field, reason, expected; the last load first."""
    return rows(source, _REJECTS, [limit])


def publishers(source: Source) -> list[Row]:
    """Publishers: name, articles, stories, first day, last day; the greatest first, unknown as NULL."""
    return rows(source, _PUBLISHERS)
