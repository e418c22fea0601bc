"""What licences are in the environment, looked up inside the packages too: `python -m tests.measure.licences`.

A wheel may say BSD and carry a GPL library: PyAV, which faster-whisper asks for, bundles x264 and x265. Exit code 1
when a module of Dime's own imports a package under the GPL or AGPL, or one that carries or loads such a library.
"""

import ast
import re
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions, packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("agent", "voice", "knowledge", "roi", "web")
STRICT = re.compile(r"(?<!L)A?GPL|(?<!Lesser )General Public License", re.IGNORECASE)
GPL_LIBRARIES = ("x264", "x265", "espeak", "xvidcore", "postproc", "rubberband", "fftw3", "readline", "mupdf")
"""Names a bundled library's file begins with, after `lib`."""
LOADED = {"pyttsx3": "loads the system's libespeak-ng (GPL-3.0-or-later)"}
"""What a package opens at run time can't be seen from its files."""
SHUNNED = {"piper", "fitz", "pymupdf", "av", "pyttsx3", "phonemizer", "espeakng_loader", "unidecode"}
"""Import names, whether they are installed or not."""
ALLOWED = {"voice/pyttsx3_child.py": {"pyttsx3"}}
"""A process of its own, started with pipes alone between it and Dime."""


@dataclass(frozen=True)
class Licensed:
    name: str
    version: str
    licence: str
    carries: tuple[str, ...]
    """GPL libraries inside, or loaded."""

    @property
    def is_strict(self) -> bool:
        return bool(STRICT.search(self.licence))


def licensed(package: Distribution) -> Licensed:
    name = package.metadata["Name"]
    carries = sorted({found for file in package.files or [] if (found := gpl_library(Path(file.name)))})
    return Licensed(name, package.version, licence_of(package), (*carries, *filter(None, [LOADED.get(name.lower())])))


def licence_of(package: Distribution) -> str:
    told = package.metadata
    stated = told.get("License-Expression") or (told.get("License") or "").strip()
    classified = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    if classified and (not stated or len(stated) > 80):  # some put the whole text there
        return ", ".join(classified)
    return stated.partition("\n")[0][:80] or "not stated"


def gpl_library(file: Path) -> str | None:
    if not re.search(r"\.(so|dylib|dll|pyd)(\.|$)", file.name):
        return None
    return file.name if file.name.removeprefix("lib").startswith(GPL_LIBRARIES) else None


def imports(source: str) -> set[str]:
    """Top-level names of everything imported, at whatever depth of the file."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            named.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            named |= {str(text.value).partition(".")[0] for text in node.args[:1] if isinstance(text, ast.Constant)}
    return named


def forbidden_imports(root: Path = ROOT, also: frozenset[str] = frozenset()) -> list[str]:
    found = []
    for file in sorted(path for package in OURS for path in (root / package).rglob("*.py")):
        at = file.relative_to(root).as_posix()
        wrong = imports(file.read_text(encoding="utf-8")) & (SHUNNED | also) - ALLOWED.get(at, set())
        found += [f"{at} imports {name}" for name in sorted(wrong)]
    return found


def main() -> None:
    there = sorted((licensed(package) for package in distributions()), key=lambda found: found.name.lower())
    for package in there:
        print(f"{package.name:24} {package.version:14} {package.licence}")
    print("\nGPL or AGPL, by the package's own word or inside it:")
    strict = [package for package in there if package.is_strict or package.carries]
    for package in strict:
        print(f"  {package.name} {package.version} ({package.licence}) {', '.join(package.carries)}")
    names = {package.name for package in strict if package.is_strict}
    modules = {module for module, owners in packages_distributions().items() if names & set(owners)}
    if found := forbidden_imports(also=frozenset(modules)):
        sys.exit("\n".join(found))
    print("\nNone of Dime's own modules imports one of these, but the child process that speaks through pyttsx3.")


if __name__ == "__main__":
    main()
