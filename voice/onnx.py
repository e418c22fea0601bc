"""One way to open an ONNX model: on the CPU, with the threads it is given, without a word on stderr."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def load_session(path: Path, *, threads: int) -> "InferenceSession":
    import onnxruntime  # starts a thread, and not every command hears or speaks

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # A spinning pool burns the core that the other engines and calls need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
