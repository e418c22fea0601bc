"""What a setting names as module:name is imported here, and every way that can fail is one sentence."""

from importlib import import_module
from typing import Any


class SettingError(ValueError):
    """A setting cannot be used; the sentence names it."""


def named(setting: str, value: str, *, kind: str) -> Any:
    """The class or function. Raises SettingError."""
    module, _, name = value.partition(":")
    try:
        found = getattr(import_module(module), name)
    except Exception as error:  # a module of the user's own may raise anything
        raise SettingError(f"{setting}={value} cannot be loaded ({error}); it is {kind}") from error
    if not callable(found):
        raise SettingError(f"{setting}={value} is neither a class nor a function; it is {kind}")
    return found
