"""A base for other programs: as schema.org's FAQPage, one a language. Pure."""

from __future__ import annotations

from typing import Any

from bot.kb.model import KnowledgeBase


def faq_page(base: KnowledgeBase, lang: str) -> dict[str, Any]:
    """JSON-LD of the entries that the language has, with the source of each."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": lang,
        "mainEntity": [
            {
                "@type": "Question",
                "@id": f"#{entry.id}",
                "name": entry.texts[lang].question,
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": entry.texts[lang].answer,
                    "citation": _citation(base, entry.source, lang),
                },
            }
            for topic in base.topics
            for entry in base.entries_of(topic)
            if lang in entry.texts
        ],
    }


def _citation(base: KnowledgeBase, source: str, lang: str) -> dict[str, Any]:
    one = base.sources[source]
    found = {
        "@type": "CreativeWork",
        "name": one.title,
        "publisher": {"@type": "Organization", "name": one.publisher_in(lang)},
        "datePublished": one.published,
        "url": one.url,
    }
    return {key: value for key, value in found.items() if value}
