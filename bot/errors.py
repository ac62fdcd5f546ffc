"""Failures that are expected: a message for a person, never a traceback. `cli` maps them to exit codes."""


class ReformbotError(Exception):
    """An expected failure; its text says what is wrong, where, and what to do."""

    exit_code = 1


class SettingsError(ReformbotError):
    """A setting from the environment or from `.env` is missing or wrong."""


class KnowledgeError(ReformbotError):
    """The knowledge base cannot be used; the text lists its problems."""


class UsageError(ReformbotError):
    """The command was called with words or input it cannot use."""

    exit_code = 2
