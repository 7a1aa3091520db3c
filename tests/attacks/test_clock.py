"""The clocks of an app can be put forward, wherever it has them from, and are right afterwards."""

import datetime
import time
from datetime import date
from time import monotonic

import pytest

from flasklogin_tutorial.attacks.clock import put_forward

DAY = datetime.timedelta(days=1)


def by_default(clock=time.time):
    return clock()


def in_a_closure(clock):
    return lambda: clock()


class Limiter:
    def __init__(self, clock):
        self.clock = clock


class ByClass:
    clock = time.time

    def now(self):
        return self.clock()


now_in_a_closure = in_a_closure(datetime.datetime.now)
limiter = Limiter(time.monotonic)

CLOCKS = {
    "time": lambda: time.time(),
    "a name for monotonic": lambda: monotonic(),
    "billionths": lambda: time.time_ns() / 1e9,
    "a default": by_default,
    "an object": lambda: limiter.clock(),
    "a class": lambda: ByClass().now(),
    "a method in a closure": lambda: now_in_a_closure().timestamp(),
    "now": lambda: datetime.datetime.now(datetime.UTC).timestamp(),
    "the day": lambda: date.today().toordinal() * 86400.0,
}


@pytest.mark.parametrize("read", CLOCKS.values(), ids=CLOCKS)
def test_a_clock_goes_forward_and_back(read):
    before = read()
    with put_forward(DAY, [__name__]):
        assert 86000 < read() - before < 87000
    assert -1 <= read() - before < 600


def test_dates_stay_dates():
    there = datetime.datetime(2026, 1, 1)
    with put_forward(DAY, [__name__]):
        assert isinstance(there, datetime.datetime) and isinstance(there.date(), date)
        assert type(datetime.datetime.now()) is type(there)
        assert datetime.datetime(2026, 1, 1) == there
    assert datetime.datetime(2026, 1, 1) == there
