"""Fail where a line of a kernel was run by no test. Usage: python scripts/kernel_lines.py COVERAGE.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

report = json.loads(Path(sys.argv[1]).read_text())
kernels = {name: facts for name, facts in report["files"].items() if "/kernels/" in name}
missing = {name: facts["missing_lines"] for name, facts in kernels.items() if facts["missing_lines"]}
lines = sum(facts["summary"]["num_statements"] for facts in kernels.values())
for name, numbers in missing.items():
    print(f"{name}: never run: {', '.join(map(str, numbers))}")
if missing or not kernels:
    sys.exit("kernels: the gate is 100 % of lines")
print(f"kernels: 100 % of {lines} lines in {len(kernels)} files")
