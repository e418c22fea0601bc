"""Confidence: the probability that the top entry answers the question, learnt without anyone labelling a question.

The FAQ itself is the evidence. Each phrasing is asked as if it were not there (right or wrong is known), then as if its
whole entry were not there (a near miss: nothing may be answered), and generic chatter is asked as well. A logistic
model is fitted to that, starting from a shipped one that small FAQs stay close to (a Gaussian prior).
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from knowledge.matching.embeddings import Floats
from knowledge.matching.evidence import Evidence
from knowledge.matching.signals import FEATURES

Numbers = NDArray[np.float32] | NDArray[np.float64]

SHIPPED = Path(__file__).with_name("calibration.json")
PRIOR_QUESTIONS = 20.0
"""How many questions the shipped model is worth against those of the FAQ."""

_FLATNESS = 0.01


@dataclass(frozen=True)
class Calibration:
    """A logistic model over standardised features; a feature that is unknown (NaN) counts as average."""

    mean: Floats
    scale: Floats
    weights: Floats
    """One a feature, and the intercept last."""
    threshold: float

    @classmethod
    def shipped(cls) -> "Calibration":
        model = json.loads(SHIPPED.read_text())
        by_name = {name: numbers for name, *numbers in model["features"]}
        mean, scale, weights = np.array([by_name.get(name, [0.0, 1.0, 0.0]) for name in FEATURES], dtype=np.float32).T
        intercept = np.float32(model["intercept"])
        return cls(mean, scale, np.append(np.maximum(weights, 0), intercept), model["threshold"])

    def confidence(self, features: Floats) -> Floats:
        chance: Floats = expit(self._standard(features) @ self.weights)
        return chance

    def learn(self, evidence: Evidence) -> "Calibration":
        """Moved towards what this FAQ shows."""
        model = self.refit(evidence.features, evidence.is_right, evidence.importance)
        confidence = model.confidence(evidence.features)
        threshold = best_threshold(confidence, is_right=evidence.is_right, in_scope=evidence.in_scope)
        return replace(model, threshold=threshold)

    def refit(self, features: Floats, is_right: Floats, importance: Floats) -> "Calibration":
        """The most probable weights given these questions, with this model as the prior.

        No signal may count against an answer: were weights free, a question with no word in common could gain by it.
        """
        standard, prior = self._standard(features).astype(np.float64), self.weights.astype(np.float64)
        signs = 2.0 * is_right - 1

        def surprise(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            agreement, moved = signs * (standard @ weights), weights - prior
            loss = importance @ np.logaddexp(0, -agreement) + PRIOR_QUESTIONS / 8 * moved @ moved
            slope = standard.T @ (importance * -signs * expit(-agreement)) + PRIOR_QUESTIONS / 4 * moved
            return float(loss), slope

        from scipy.optimize import minimize  # half a second that a start with everything learnt does not need

        bounds = [*[(0, None)] * (len(prior) - 1), (None, None)]
        found = minimize(surprise, prior, jac=True, method="L-BFGS-B", bounds=bounds)
        return replace(self, weights=found.x.astype(np.float32))

    def _standard(self, features: Floats) -> Floats:
        standard = np.nan_to_num((features - self.mean) / self.scale, nan=0.0)
        return np.hstack([standard, np.ones((len(standard), 1), dtype=np.float32)])


def balanced(confidence: Numbers, *, is_right: Numbers, in_scope: Numbers, threshold: float) -> float:
    """Mean of two shares: in-scope questions answered and right, out-of-scope questions refused."""
    answered = confidence >= threshold
    kept = (answered & (is_right > 0))[in_scope > 0].mean() if (in_scope > 0).any() else 1.0
    refused = (~answered)[in_scope == 0].mean() if (in_scope == 0).any() else 1.0
    return float(kept + refused) / 2


def best_threshold(confidence: Numbers, *, is_right: Numbers, in_scope: Numbers) -> float:
    """The middle of the thresholds that balance best: the summit is flat, and its very top is chance."""
    tried = np.unique(np.quantile(confidence, np.linspace(0, 1, 201)))
    scores = [balanced(confidence, is_right=is_right, in_scope=in_scope, threshold=float(at)) for at in tried]
    return float(np.median(tried[np.array(scores) >= max(scores) - _FLATNESS]))
