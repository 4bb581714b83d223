"""A worker: `python -m tradewright.bootstrap.worker NAME`, started by the server and spoken with in lines of JSON.

The first line says where things lie; each further one is a job, or `{"cancel": id}`. It ends when nobody speaks to it
any more, so that none is left behind by a server that was killed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import traceback
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import Settings
from tradewright.domain.errors import InvalidValue, TradewrightError

__all__ = ["error_of", "main"]

_NICE = 10
_FOLDERS = re.compile(r"(?<![\w:/.])(?:/[\w.@+~-]+)+/(?=[\w.@+~-])")
_LOUD = 0.01


class _Cancelled(Exception):
    """Nobody wants the job any more."""


class _Desk:
    # What is said and heard; heard in a thread of its own, so that a job can be cancelled.
    def __init__(self, heard: TextIO, said: TextIO) -> None:
        self._heard, self._said = heard, said
        self.jobs: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._unwanted = ""
        self._job = ""
        self._last = ("", -1.0)

    def listen(self) -> None:
        for line in self._heard:
            told: dict[str, Any] = json.loads(line)
            if "cancel" in told:
                self._unwanted = told["cancel"]
            else:
                self.jobs.put(told)
        # Whoever had work for us is gone.
        os._exit(0)

    def begin(self, job_id: str) -> None:
        self._job, self._last = job_id, ("", -1.0)

    def say(self, **words: Any) -> None:
        self._said.write(json.dumps({"id": self._job, **words}, separators=(",", ":"), default=str) + "\n")
        self._said.flush()

    def progress(self, fraction: float, step: str) -> None:
        """Tell how far it is, in steps that can be seen; the place where a job is left off."""
        if self._unwanted == self._job:
            raise _Cancelled
        if step != self._last[0] or fraction - self._last[1] >= _LOUD:
            self._last = (step, fraction)
            self.say(fraction=round(fraction, 4), step=step)


def main() -> None:
    """Work until nobody speaks any more."""
    # What a strategy prints must not be taken for ours.
    said = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.nice(_NICE)
    where: dict[str, Any] = json.loads(sys.stdin.readline())
    reach = Reach(**where.get("reach", {}))
    settings = Settings(Path(where["data_dir"]), Path(where["strategies_dir"]), reach=reach)
    desk = _Desk(sys.stdin, said)
    threading.Thread(target=desk.listen, daemon=True).start()
    from tradewright.bootstrap.config.tree import Logging
    from tradewright.bootstrap.job_work import JobWork
    from tradewright.bootstrap.logs import start_logging

    start_logging(Logging(**where.get("logging", {})))

    work = JobWork(settings)
    work.warm()
    while True:
        _do(work, desk, desk.jobs.get(), sys.argv[1] if len(sys.argv) > 1 else "")


def _do(work: Any, desk: _Desk, job: dict[str, Any], name: str = "") -> None:
    from tradewright.bootstrap.logs import bound, log

    desk.begin(job["id"])
    try:
        with bound(job=job["id"], worker=name):
            log.info("work begun", kind=job["kind"])
            desk.say(result=work.do(job, desk.progress))
            log.info("work done", kind=job["kind"])
    except _Cancelled:
        desk.say(error={"code": "cancelled", "detail": "nobody wants it any more"})
    except TradewrightError as error:
        desk.say(error=error_of(error))
    except MemoryError:
        desk.say(error={"code": "memory", "detail": "there is not enough memory for this; ask for less"})
    except Exception:  # noqa: BLE001 - a fault of ours, or of a strategy: it fails this job and no other
        traceback.print_exc(file=sys.stderr)
        desk.say(error={"code": "internal", "detail": "our own fault; the server's log has more"})


def error_of(error: TradewrightError) -> dict[str, Any]:
    """An error as plain data, without where files lie; see `domain.job.Job`."""
    told: dict[str, Any] = {"code": error.code, "detail": _FOLDERS.sub("", str(error))}
    if isinstance(error, InvalidValue):
        value = error.value if isinstance(error.value, str | int | float | bool) else None
        told |= {"field": error.field.removeprefix("--"), "value": value, "allowed": error.allowed}
    return told


if __name__ == "__main__":
    main()
