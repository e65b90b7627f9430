#!/usr/bin/env python3
"""Build the print fonts: join fontsource's per-script woff2 files into one TTF a face.

Run when a font package changes its version, with fontTools and brotli at hand (build time only;
the running product reads the committed TTFs):

    npm ci --ignore-scripts --prefix frontend
    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli
    /tmp/fonts/bin/python frontend/merge_fonts.py            # writes the files
    /tmp/fonts/bin/python frontend/merge_fonts.py --check    # exit 1 if the committed files differ

The typesetter needs one file that has every letter; fontsource cuts each face by script. GSUB, GPOS
and GDEF are dropped, because the merger cannot join them: kerning is lost, no letter is.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools import version as fonttools_version
from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "gandan" / "documents" / "fonts"
PACKAGES = ROOT / "frontend" / "node_modules" / "@fontsource"
# The order decides whose glyph stays where two files have the same letter; the drawings are the same.
SCRIPTS = ("latin", "vietnamese", "latin-ext")
FACES = {
    # file: (package, weight, style, family, style name)
    "Tinos-Regular.ttf": ("tinos", 400, "normal", "Tinos", "Regular"),
    "Tinos-Bold.ttf": ("tinos", 700, "normal", "Tinos", "Bold"),
    "Tinos-Italic.ttf": ("tinos", 400, "italic", "Tinos", "Italic"),
    "Tinos-BoldItalic.ttf": ("tinos", 700, "italic", "Tinos", "Bold Italic"),
    "BeVietnamPro-Regular.ttf": ("be-vietnam-pro", 400, "normal", "Be Vietnam Pro", "Regular"),
    "BeVietnamPro-SemiBold.ttf": ("be-vietnam-pro", 600, "normal", "Be Vietnam Pro", "SemiBold"),
}
VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
REQUIRED = set(VIETNAMESE + VIETNAMESE.upper() + "₫…–—“”‘’•·×" + "".join(map(chr, range(0x20, 0x7F))))


def plain_face(source: Path, folder: Path) -> Path:
    """A copy of one script's file as TTF, without the layout tables that cannot be merged."""
    options = subset.Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "fpgm", "prep", "cvt ", "gasp"]
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = ["*"]
    font = subset.load_font(str(source), options)
    everything = subset.Subsetter(options)
    everything.populate(unicodes=font.getBestCmap().keys())
    everything.subset(font)
    font.flavor = None
    path = folder / f"{source.stem}.ttf"
    font.save(path)
    return path


def set_names(font: TTFont, family: str, style: str) -> None:
    """Name the merged face so that family and weight are found alike on every system."""
    full = f"{family} {style}"
    postscript = f"{family.replace(' ', '')}-{style.replace(' ', '')}"
    basic = style in {"Regular", "Bold", "Italic", "Bold Italic"}
    names = {1: family if basic else full, 2: style if basic else "Regular", 4: full, 6: postscript}
    names |= {} if basic else {16: family, 17: style}
    table = font["name"]
    for number in (1, 2, 3, 4, 6, 16, 17, 21, 22):
        table.removeNames(nameID=number)
    for number, text in {**names, 3: f"gandan;{postscript}"}.items():
        table.setName(text, number, 3, 1, 0x409)


def merge(package: Path, weight: int, style: str, family: str, style_name: str) -> bytes:
    """One whole face as TTF bytes; the same input gives the same bytes."""
    name = package.name
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        parts = [
            plain_face(package / "files" / f"{name}-{script}-{weight}-{style}.woff2", folder)
            for script in SCRIPTS
        ]
        original = TTFont(package / "files" / f"{name}-{SCRIPTS[0]}-{weight}-{style}.woff2")["head"]
        font = Merger(MergeOptions(drop_tables=["FFTM"])).merge([str(p) for p in parts])
        set_names(font, family, style_name)
        font.recalcTimestamp = False
        font["head"].created, font["head"].modified = original.created, original.modified
        missing = sorted(REQUIRED - set(map(chr, font.getBestCmap())))
        if missing:
            raise SystemExit(f"{family} {style_name}: no glyph for {missing}")
        path = folder / "whole.ttf"
        font.save(path, reorderTables=True)
        return path.read_bytes()


def coverage(faces: list[bytes]) -> str:
    """The characters that all these faces hold, as hexadecimal ranges: `20-7E A0-17F`."""
    codes = sorted(set.intersection(*(set(TTFont(io.BytesIO(face)).getBestCmap()) for face in faces)))
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in ranges)


def build(packages: Path) -> dict[str, bytes]:
    """All files that belong into the font folder, by name."""
    files: dict[str, bytes] = {}
    sources: dict[str, dict[str, str]] = {}
    for file, (package, weight, style, family, style_name) in FACES.items():
        folder = packages / package
        about = json.loads((folder / "package.json").read_text())
        licence = f"OFL-{package}.txt"
        files[file] = merge(folder, weight, style, family, style_name)
        files[licence] = (folder / "LICENSE").read_bytes()
        sources[file] = {
            "package": about["name"],
            "version": about["version"],
            "licence": "OFL-1.1",
            "licence_file": licence,
            "sha256": hashlib.sha256(files[file]).hexdigest(),
        }
    families: dict[str, list[bytes]] = {}
    for file, face in FACES.items():
        families.setdefault(face[3], []).append(files[file])
    vendor = {
        "built_by": f"frontend/merge_fonts.py, fontTools {fonttools_version}",
        "characters": {family: coverage(faces) for family, faces in families.items()},
        "files": sources,
    }
    files["vendor.json"] = (json.dumps(vendor, indent=2, ensure_ascii=False) + "\n").encode()
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description="Join the print fonts, or check the committed ones.")
    parser.add_argument(
        "--packages", type=Path, default=PACKAGES, help="folder of the font packages"
    )
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    files = build(arguments.packages)
    TARGET.mkdir(parents=True, exist_ok=True)
    differing = [
        n for n, data in files.items() if not (TARGET / n).exists() or (TARGET / n).read_bytes() != data
    ]
    if arguments.check:
        print("\n".join(f"differs: {n}" for n in differing) or "fonts are as built")
        return 1 if differing else 0
    for name in differing:
        (TARGET / name).write_bytes(files[name])
    print(f"{len(differing)} files written to {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
