#!/usr/bin/env python3
"""Fails when an #include crosses the layers the wrong way: app -> ui -> engine -> kernels.

Usage: check_includes.py REPOSITORY_ROOT
"""
import pathlib
import re
import sys

# What each layer may include besides itself. `external` are header prefixes it must not use.
MAY_INCLUDE = {
    "kernels": set(),
    "engine": {"kernels"},
    "ui": {"engine"},
    "app": {"ui", "engine", "kernels"},
}
FORBIDDEN_EXTERNAL = {
    "kernels": re.compile(r"^(Q[A-Z]|Qt|qcustomplot|nlohmann/)"),
    "engine": re.compile(r"^(Q[A-Z]|Qt|qcustomplot|cuda|cublas|nccl)"),
    "ui": re.compile(r"^(cuda|cublas|nccl)"),
    "app": re.compile(r"^(cuda|cublas|nccl)"),
}
CLI_FORBIDDEN = re.compile(r"^(Q[A-Z]|Qt|ui/)")
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')


def violations(root):
    for layer, allowed in MAY_INCLUDE.items():
        for path in sorted((root / layer).rglob("*")):
            if path.suffix not in {".h", ".cpp", ".cu", ".cuh"}:
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                header = match.group(1)
                first = header.split("/")[0]
                where = f"{path.relative_to(root)}:{number}"
                if first in MAY_INCLUDE and first != layer and first not in allowed:
                    yield f"{where}: {layer} must not include {first} ({header})"
                if FORBIDDEN_EXTERNAL[layer].match(header):
                    yield f"{where}: {layer} must not include {header}"
                if path.is_relative_to(root / "app" / "cli") and CLI_FORBIDDEN.match(header):
                    yield f"{where}: the command line must not include {header}"


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "layers: every include points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
