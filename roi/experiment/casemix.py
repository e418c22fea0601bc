"""Both sides at the eligible mix of intents: the AI may win only by getting the easy contacts."""

from collections.abc import Mapping


def adjusted(weights: Mapping[str, float], means: Mapping[str, float]) -> float | None:
    """None where an intent has weight but no data."""
    needed = [intent for intent, weight in weights.items() if weight > 0]
    if any(intent not in means for intent in needed):
        return None
    return sum(weights[intent] * means[intent] for intent in needed)


def crude(means: Mapping[str, float], contacts: Mapping[str, int]) -> float:
    return sum(means[intent] * n for intent, n in contacts.items()) / sum(contacts.values())
