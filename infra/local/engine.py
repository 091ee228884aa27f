"""Runs the local engine, with a limit on how many Lambda workers rest.

The engine by itself keeps one worker of each function for good: every function that is added then takes its 50 MB of the machine
until the engine ends. Here only so many rest, of all functions together; the one that was used longest ago goes first.
"""

import os
import threading
import time

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

MOST_RESTING = int(os.environ["LAMBDA_MOST_RESTING"])


def release_worker(worker) -> None:
    """Returns a worker that has done its work, and ends those that are too many."""
    if worker is None:
        return
    with lambda_runtime._lock:
        worker.in_use = False
        worker.last_used = time.time()
        surplus = take_surplus(lambda_runtime._workers)
    if surplus:
        # Aside: the caller of this function waits for its answer, and a worker may take a moment to end.
        threading.Thread(target=lambda_runtime.kill_workers, args=(surplus,), daemon=True).start()


def take_surplus(pools: dict[str, list]) -> list:
    """Takes those that rest beyond the limit out of the pools, where nobody finds them any more, and gives them."""
    resting = sorted((one for pool in pools.values() for one in pool if not one.in_use), key=lambda one: one.last_used)
    surplus = resting[: max(0, len(resting) - MOST_RESTING)]
    for one in surplus:
        next(pool for pool in pools.values() if one in pool).remove(one)
    return surplus


lambda_svc.release_worker = release_worker
main()
