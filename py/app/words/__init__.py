"""Every word that a visitor reads: ``from app.words import Words, keys``."""

from app.words.catalogue import IN_ENGLISH, Words, keys

__all__ = ["IN_ENGLISH", "Words", "keys"]
