"""Worked figures of intervals, sequences, the bootstrap and the experiment."""

from math import ceil
from typing import Any

from roi.experiment import casemix, holdout
from roi.judging import bootstrap, confidence, rates
from roi.judging.confidence import Moments, fieller
from tests.oracles import Given, covers


def interval_of(of: Moments, given: Given, *, human_n: int, ai_n: int) -> dict[str, Any]:
    exact = fieller(of, human_m=confidence.single_look_m(human_n), ai_m=confidence.single_look_m(ai_n))
    return {
        "ratio": of.ratio, "delta": confidence.delta(of, human_n=human_n, ai_n=ai_n),
        "log_delta": confidence.log_delta(of, human_n=human_n, ai_n=ai_n), "fieller": exact.interval, "g": exact.g,
        "verdict": confidence.verdict(exact.interval, claim=given["claim"]),
    }  # fmt: skip


@covers("ratio_ci")
def ratio_ci(given: Given) -> dict[str, Any]:
    of = Moments(given["mean_human"], given["mean_ai"], given["sd_human"] ** 2, given["sd_ai"] ** 2)
    return interval_of(of, given, human_n=given["n_human"], ai_n=given["n_ai"])


def spread(values: list[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / (len(values) - 1)


@covers("ratio_ci_refused")
def ratio_ci_refused(given: Given) -> dict[str, Any]:
    (human_mean, human_s2), (ai_mean, ai_s2) = spread(given["human"]), spread(given["ai"])
    n = len(given["human"])
    of = Moments(human_mean, ai_mean, human_s2, ai_s2)
    means = {"mean_human": human_mean, "mean_ai": ai_mean, "v_human": human_s2 / n, "v_ai": ai_s2 / n}
    return {**means, **interval_of(of, given, human_n=n, ai_n=n)}


@covers("fieller_sequence")
def fieller_sequence(given: Given) -> dict[str, Any]:
    of = Moments(
        given["mean_human"], given["mean_ai"], given["sd_human"] ** 2, given["sd_ai"] ** 2, given["covariance"]
    )
    m = confidence.sequence_m(given["t"], tau2=given["rho2"], alpha=given["alpha"])
    fixed_m = confidence.single_look_m(given["t"])
    daily = fieller(of, human_m=m, ai_m=m)
    return {"m": m, "ratio": of.ratio, "g": daily.g, "interval": daily.interval,
            "fixed_fieller": fieller(of, human_m=fixed_m, ai_m=fixed_m).interval,
            "verdict": confidence.verdict(daily.interval, claim=given["claim"])}  # fmt: skip


@covers("cs_rho")
def cs_rho(given: Given) -> dict[str, Any]:
    alpha, t_star = given["alpha"], given["t_star"]
    y, tau2 = confidence.sequence_y(alpha), confidence.tau2_for(t_star, alpha=alpha)
    return {"y": y, "rho2": tau2, "rho": tau2**0.5,
            "approx_rho2": confidence.approximate_tau2_for(t_star, alpha=alpha),
            "half_width_per_sigma_at_t_star": confidence.sequence_m(t_star, tau2=tau2, alpha=alpha) ** 0.5}  # fmt: skip


@covers("cs_half_width")
def cs_half_width(given: Given) -> dict[str, Any]:
    daily = [
        given["sigma"] * confidence.sequence_m(t, tau2=given["rho2"], alpha=given["alpha"]) ** 0.5 for t in given["t"]
    ]
    fixed = [given["sigma"] * confidence.single_look_m(t) ** 0.5 for t in given["t"]]
    return {"half_width": daily, "fixed_half_width": fixed,
            "ratio": [one / other for one, other in zip(daily, fixed, strict=True)]}  # fmt: skip


@covers("cs_half_width_simple")
def cs_simple(given: Given) -> dict[str, Any]:
    m = confidence.sequence_m(given["t"], tau2=given["rho"] ** 2, alpha=given["alpha"])
    return {"half_width": given["sigma"] * m**0.5}


@covers("cs_sample_needed")
def cs_sample(given: Given) -> dict[str, Any]:
    fixed = confidence.Z**2 * given["sigma_d"] ** 2 / given["delta"] ** 2
    return {"t_sequence": confidence.sequence_sample_needed(given["sigma_d"], given["delta"], alpha=given["alpha"]),
            "t_fixed": ceil(fixed),
            "cost_of_peeking": confidence.sequence_y(given["alpha"]) / confidence.Z**2}  # fmt: skip


@covers("sample_needed")
def sample_needed(given: Given) -> dict[str, Any]:
    of = Moments(given["mean_human"], given["mean_ai"], given["sd_human"] ** 2, given["sd_ai"] ** 2)
    return {"delta": of.human - given["claim"] * of.ai,
            "variance": of.human_variance + given["claim"] ** 2 * of.ai_variance,
            "n_per_arm": confidence.sample_needed(of, claim=given["claim"])}  # fmt: skip


@covers("bootstrap_refused")
def bootstrap_refused(given: Given) -> dict[str, Any]:
    ratios_ = bootstrap.two_arms(given["human"], given["ai"], times=given["resamples"], seed=1)
    low, high = bootstrap.percentile_interval(ratios_)
    return {"p2_5": low, "p97_5": high}


@covers("cluster_bootstrap")
def cluster_bootstrap(given: Given) -> dict[str, Any]:
    customers = [bootstrap.Customer(sum(c["human"]), sum(c["ai"])) for c in given["customers"]]
    found = bootstrap.every_resample(customers)
    return {"resamples": len(found), "minimum": found[0], "median": found[len(found) // 2], "maximum": found[-1],
            "ratio": bootstrap.ratio_of_sums(customers)}  # fmt: skip


@covers("cluster_variance")
def cluster_variance(given: Given) -> dict[str, Any]:
    groups = [customer[given["field"]] for customer in given["customers"]]
    mean, s2 = spread([value for group in groups for value in group])
    n = sum(len(group) for group in groups)
    clustered = bootstrap.clustered_variance([sum(group) for group in groups], [len(group) for group in groups])
    return {"mean": mean, "clustered_variance": clustered, "naive_variance": s2 / n}


@covers("wilson")
def wilson(given: Given) -> dict[str, Any]:
    low, high = rates.wilson(given["errors"], given["sample"])
    return {"rate": given["errors"] / given["sample"], "low": low, "high": high, "wilson_high": high,
            "exact_upper95":
            rates.exact_upper_of_none(given["sample"]), "rule_of_three": 3 / given["sample"]}  # fmt: skip


@covers("csat")
def csat(given: Given) -> dict[str, Any]:
    found = rates.difference(
        rates.Mean(given["mean_ai"], given["sd_ai"], given["n_ai"]),
        rates.Mean(given["mean_human"], given["sd_human"], given["n_human"]),
    )
    return {"difference": found.value, "se": found.error, "ci": found.interval,
            "non_inferior": [rates.is_not_inferior(found, margin=margin) for margin in given["margins"]]}  # fmt: skip


@covers("holdout_assignment")
def assignment(given: Given) -> dict[str, Any]:
    def held(share: float) -> list[str]:
        return [c for c in given["customers"] if holdout.arm(c, seed=given["seed"], share=share) == "holdout"]

    return {"holdout": held(given["share"]), "holdout_larger": held(given["larger_share"])}


@covers("holdout_itt")
def itt(given: Given) -> dict[str, Any]:
    found = rates.difference(
        rates.Mean(given["mean_holdout"], given["sd_holdout"], given["n_holdout"]),
        rates.Mean(given["mean_ai"], given["sd_ai"], given["n_ai"]),
    )
    volume = given["volume"]
    return {"saving": found.value, "se": found.error, "ci": found.interval, "monthly": volume * found.value,
            "monthly_ci": [volume * limit for limit in found.interval]}  # fmt: skip


@covers("holdout_sample_size")
def holdout_sample(given: Given) -> dict[str, Any]:
    return {"n_per_arm": holdout.sample_per_arm(given["sd"], smallest_effect=given["minimum_effect"])}


@covers("holdout_balance")
def balance(given: Given) -> dict[str, Any]:
    found = holdout.balance(given["n_holdout"], given["n_total"], share=given["share"])
    return {"z": found.z, "p": found.p, "alarm": found.is_alarming}


@covers("cs_holdout")
def pseudo(given: Given) -> dict[str, Any]:
    seen = [(row["arm"], row["cost"]) for row in given["observations"]]
    found = holdout.pseudo_outcomes(seen, share=given["holdout_share"], theta=given["theta"])
    return {"d": found, "mean": sum(found) / len(found)}


@covers("case_mix")
def case_mix(given: Given) -> dict[str, Any]:
    crude = [casemix.crude(given[f"{side}_mean"], given[f"{side}_n"]) for side in ("human", "ai")]
    fair = [casemix.adjusted(given["weights"], given[f"{side}_mean"]) or 0.0 for side in ("human", "ai")]
    return {"crude_human": crude[0], "crude_ai": crude[1], "crude_ratio": crude[0] / crude[1],
            "adjusted_human": fair[0], "adjusted_ai": fair[1], "adjusted_ratio": fair[0] / fair[1]}  # fmt: skip


@covers("wrong_answer_cost")
def wrong_answers(given: Given) -> dict[str, Any]:
    loss = rates.loss_per_wrong(
        (given[f"p_{what}"], given[cost])
        for what, cost in (("repeat", "repeat_cost"), ("refund", "refund"), ("liability", "liability"))
    )
    _, high = rates.wilson(given["errors"], given["sample"])
    rate = given["errors"] / given["sample"]
    return {"loss_per_wrong": loss, "per_1000": 1000 * rate * loss, "per_1000_upper": 1000 * high * loss}
