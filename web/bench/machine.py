"""The machine a figure comes from, so that it can stand beside every table."""

import os
import platform
from pathlib import Path


def machine() -> str:
    return f"{processor()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"


def processor() -> str:
    """The model's name; Linux alone tells it in words."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        told = []
    named = (line.partition(":")[2].strip() for line in told if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
