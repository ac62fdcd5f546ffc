"""Dates as people write them, as precisely as they are known. Babel (CLDR) knows the languages."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.core import Locale
from babel.dates import format_date, format_skeleton


@lru_cache(512)
def spoken(published: str, locale_name: str) -> str:
    """`2025-07-10`, `2025-06` or `2024` in words: `10 July 2025`, `June 2025`, `2024`."""
    locale = Locale.parse(locale_name)
    parts = [int(part) for part in published.split("-")]
    if len(parts) == 3:
        return str(format_date(date(*parts), format="long", locale=locale))
    if len(parts) == 2:
        return str(format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=locale))
    return published
