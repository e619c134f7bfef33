#!/usr/bin/env python3
"""Fails when a text of the window has no finished translation.

Usage: check_translations.py REPOSITORY_ROOT LUPDATE
Runs lupdate on a copy of each .ts file, so that texts added since the last update are found as well.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree


def unfinished(path):
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            text = "".join(translation.itertext()).strip()
            if translation.get("type") or not text:
                yield f"{context.findtext('name')}: {message.findtext('source')!r}"


def main():
    root, lupdate = pathlib.Path(sys.argv[1]), sys.argv[2]
    sources = [str(p.relative_to(root)) for folder in ("ui", "app/window")
               for p in sorted((root / folder).rglob("*")) if p.suffix in {".h", ".cpp"}]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for original in sorted((root / "resources/translations").glob("*.ts")):
            copy = pathlib.Path(folder) / original.name
            shutil.copy(original, copy)
            subprocess.run([lupdate, "-silent", "-I", ".", "-no-obsolete", "-locations", "none", *sources,
                            "-ts", str(copy)], cwd=root, check=True, stderr=subprocess.DEVNULL)
            found += [f"{original.name}: {line}" for line in unfinished(copy)]
    print("\n".join(found) or "translations: every text is there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
