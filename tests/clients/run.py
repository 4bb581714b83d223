"""Independent clients, unmodified, each in an environment of its own, against a running exchange."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = [str(Path(sys.executable).with_name("tradewright")), "exchange", "--port", "0", "--history", "3"]


def main() -> int:
    """Run every client whose environment is in `.venvs`, or in the folder that is named; 1 if one fails or none is."""
    folder = sys.argv[1] if len(sys.argv) > 1 else ".venvs"
    environments = {path.name: path / "bin/python" for path in sorted((HERE / folder).glob("*"))}
    failed = not environments
    for name, python in environments.items():
        exchange = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
        try:
            line = exchange.stdout.readline() if exchange.stdout else ""
            base = re.search(r"http://[\d.:]+", line)
            assert base, line
            script = HERE / f"{name.replace('-', '_')}.py"
            begin = time.monotonic()
            done = subprocess.run([python, script, base[0], "practice-key", "practice-secret"], check=False)
            print(f"{name}: {'FAILED' if done.returncode else 'passed'}, {time.monotonic() - begin:.1f} s", flush=True)
            failed = failed or done.returncode != 0
        finally:
            exchange.terminate()
            exchange.communicate(timeout=30)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
