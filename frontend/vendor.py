"""Copy the listed third-party files from `node_modules` into the package, with licence and checksum.

Run after `npm ci --ignore-scripts` in this folder, with fontTools and brotli at hand (build time only,
as for merge_fonts.py); commit what it writes. A wheel and a running server need neither Node nor this
script. `python frontend/vendor.py --check` compares the committed copies with their recorded checksums;
it needs Python alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MODULES = HERE / "node_modules"
STATIC = ROOT / "src" / "gandan" / "ui" / "static" / "vendor"
TESTS = ROOT / "tests" / "vendor"
SPRITE = ROOT / "src" / "gandan" / "ui" / "static" / "ui" / "icons.svg"
SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)# sourceMappingURL=[^\n*]*(?:\*/)?\s*$")
LICENCE_NAMES = ("LICENSE", "LICENSE.md", "LICENSE-3RD-PARTY.txt")
TEXT_SUFFIXES = {".css", ".js"}

FONT_FILES = tuple(
    f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "latin-ext", "vietnamese")
    for weight in (400, 600)
)

# Only these icons are drawn; the whole set weighs 1.1 MB.
ICONS = (
    "archive", "arrow-left", "arrow-repeat", "arrow-right", "award", "bell", "box-arrow-right", "building",
    "calendar-check", "calendar-event", "camera", "cash-coin", "chat-left-text", "check-circle", "check-lg",
    "chevron-down", "chevron-right", "circle", "circle-half", "clock", "dash-circle", "download", "envelope",
    "exclamation-circle", "exclamation-triangle", "eye", "file-earmark-plus", "file-earmark-text", "flag",
    "geo-alt", "hourglass-split", "house", "inbox", "info-circle", "journal-text", "key", "keyboard", "list",
    "lock", "paperclip", "patch-check", "pause-circle", "pencil", "people", "person", "person-circle",
    "plus-lg", "printer", "qr-code", "qr-code-scan", "question-circle", "search", "send", "shield-check",
    "slash-circle", "telephone", "translate", "type", "upload", "x-circle", "x-lg",
)


@dataclass(frozen=True)
class Package:
    """One npm package: what is copied, and where to."""

    name: str
    files: tuple[str, ...]
    target: Path

    @property
    def source(self) -> Path:
        return MODULES / self.name

    @property
    def about(self) -> dict[str, str]:
        return json.loads((self.source / "package.json").read_text("utf-8"))

    @property
    def folder(self) -> str:
        return f"{self.name.rsplit('/', 1)[-1]}-{self.about['version']}"


PACKAGES = (
    Package("bootstrap", ("dist/css/bootstrap.min.css",), STATIC),
    Package("htmx.org", ("dist/htmx.min.js",), STATIC),
    Package("@fontsource/be-vietnam-pro", FONT_FILES, STATIC),
    Package("axe-core", ("axe.min.js",), TESTS),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lighten_font(source: Path, target: Path) -> None:
    """Copy a screen font without its hinting instructions: half the bytes, and phones never use them.

    Letters, figures and every typographic feature stay.
    """
    from fontTools import subset  # here, since --check must run without it
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=["*"], name_IDs=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def copy_file(source: Path, target: Path) -> None:
    """Copy one file; a pointer to a source map that is not shipped is cut off."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".woff2":
        lighten_font(source, target)
        return
    content = source.read_bytes()
    if source.suffix in TEXT_SUFFIXES:
        content = SOURCE_MAP.sub(b"\n", content)
    target.write_bytes(content)


def copy_package(package: Package) -> dict[str, object]:
    folder = package.target / package.folder
    if folder.exists():
        shutil.rmtree(folder)
    licences = [name for name in LICENCE_NAMES if (package.source / name).exists()]
    for name in (*package.files, *licences):
        copy_file(package.source / name, folder / Path(name).name)
    return {
        "name": package.name,
        "version": package.about["version"],
        "licence": package.about["license"],
        "folder": package.folder,
        "files": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }


def symbol(name: str) -> str:
    """One icon as a `<symbol>`: its view box and its paths, nothing else."""
    text = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text("utf-8")
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", text.strip())
    inner = re.sub(r"\s*\n\s*", "", inner)
    return f'<symbol id="{name}" viewBox="0 0 16 16">{inner}</symbol>'


def write_sprite() -> dict[str, object]:
    about = json.loads((MODULES / "bootstrap-icons" / "package.json").read_text("utf-8"))
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    note = f"<!-- bootstrap-icons {about['version']}, {about['license']}; written by frontend/vendor.py -->"
    symbols = "\n".join(symbol(name) for name in ICONS)
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{note}\n{symbols}\n</svg>\n', "utf-8")
    folder = f"bootstrap-icons-{about['version']}"
    copy_file(MODULES / "bootstrap-icons" / "LICENSE", STATIC / folder / "LICENSE")
    return {
        "name": "bootstrap-icons",
        "version": about["version"],
        "licence": about["license"],
        "folder": folder,
        "files": {"LICENSE": sha256(STATIC / folder / "LICENSE"), "../../ui/icons.svg": sha256(SPRITE)},
    }


def strip_registry() -> None:
    """Keep versions and integrity in the lock file; drop the address each package came from."""
    path = HERE / "package-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")


def write_list(target: Path, entries: list[dict[str, object]]) -> None:
    text = json.dumps(sorted(entries, key=lambda e: str(e["name"])), indent=2, ensure_ascii=False)
    (target / "vendor.json").write_text(text + "\n", "utf-8")


def copy_all() -> None:
    strip_registry()
    for target in (STATIC, TESTS):
        entries = [copy_package(package) for package in PACKAGES if package.target == target]
        if target == STATIC:
            entries.append(write_sprite())
        write_list(target, entries)


def differing_files(target: Path) -> list[str]:
    """Files below `target` that are not what `vendor.json` recorded, with those it does not know."""
    wrong: list[str] = []
    known = {target / "vendor.json"}
    for entry in json.loads((target / "vendor.json").read_text("utf-8")):
        for name, digest in entry["files"].items():
            path = (target / entry["folder"] / name).resolve()
            known.add(path)
            if not path.exists() or sha256(path) != digest:
                wrong.append(f"{entry['folder']}/{name}")
    unknown = [p for p in target.rglob("*") if p.is_file() and p not in known]
    return wrong + [str(path.relative_to(target)) for path in unknown]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    if not parser.parse_args().check:
        copy_all()
    wrong = differing_files(STATIC) + differing_files(TESTS)
    for name in wrong:
        print(f"differs from vendor.json: {name}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
