"""Runs the local engine in a session of its own and ends it, with every Lambda worker it started, when stdin closes.

The launcher holds the other end of stdin, so however it ends, even by SIGKILL, the kernel tells us.
Usage: supervise.py FOLDER, where FOLDER holds all that the engine writes and is removed at the end.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading


def kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)  # nothing here is worth saving, so there is nothing to wait for
    except ProcessLookupError:
        pass


engine = subprocess.Popen(
    [sys.executable, os.path.join(os.path.dirname(__file__), "engine.py")],
    stdin=subprocess.DEVNULL,
    stdout=sys.stderr,
    stderr=sys.stderr,
    start_new_session=True,
)
print(engine.pid, flush=True)


def follow_launcher() -> None:
    sys.stdin.buffer.read()
    kill_group(engine.pid)


threading.Thread(target=follow_launcher, daemon=True).start()
status = engine.wait()
kill_group(engine.pid)  # an engine that crashed leaves its workers behind
shutil.rmtree(sys.argv[1], ignore_errors=True)
# At once: the thread still sits in a read, which an orderly exit would trip over.
os._exit(status if status >= 0 else 0)
