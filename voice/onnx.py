"""One way to open an ONNX model: on the CPU, with the threads it is given, without a word on stderr."""

from pathlib import Path

import onnxruntime


def load_session(path: Path, *, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # A spinning pool burns the core that the other engines and calls need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
