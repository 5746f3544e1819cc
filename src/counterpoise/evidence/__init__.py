"""Who says so: reads documents into actors, figures, dates, events and claims, and matches them to the facts."""

from __future__ import annotations

from counterpoise.evidence._read import ArticleResult as ArticleResult
from counterpoise.evidence._read import read_article as read_article
