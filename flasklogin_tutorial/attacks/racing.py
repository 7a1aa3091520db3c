"""Several things done at the same moment."""

import sys
import threading
from collections.abc import Callable, Sequence

from flasklogin_tutorial.visit import Reply


def at_once(acts: Sequence[Callable[[], Reply]]) -> dict[int, Reply]:
    """Send several requests at the same moment, each in a thread of its own.

    Args:
        acts: each sends one.

    Returns:
        The answers, by the number of the act. One that raised has none.
    """
    start, answers = threading.Barrier(len(acts)), dict[int, Reply]()

    def run(number: int) -> None:
        start.wait()
        answers[number] = acts[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 100)  # so that an app in this process is run side by side
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)
    return dict(sorted(answers.items()))
