"""Errors of the exchange: `ExchangeError` ← `UnusableMap`, `UnusableLog`."""

from __future__ import annotations


class ExchangeError(Exception):
    """Root; the message is for the person at the terminal: what happened, why, what to do."""


class UnusableMap(ExchangeError):
    """The map lacks a key, has one that is not known, or names a column that the file has not."""


class UnusableLog(ExchangeError):
    """The file as a whole cannot be read as a log."""
