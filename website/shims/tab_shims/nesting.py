"""Let what is nested too deep be a RecursionError in the tab too.

CPython looks at its own stack, of 10 MB, before it goes deeper in C. In a tab it also stands on the
stack of JavaScript, which is smaller and cannot be looked at: `json.loads("[" * 20_000)` comes to
its end first, and there is no way back from there. The cell never ends, and no other one starts.

So CPython is told of a smaller stack of its own, which ends before the other one does; and a JSON
document that may be deep is read by the scanner in Python, which counts its depth.

What this does not cover: objects that are freed in one go, such as a list of 5,000 lists in one
another, and what CPython on a desktop does not survive either, such as the hash of such a tuple.
"""

import ctypes
import json.decoder
from json.scanner import py_make_scanner

#: Bytes of CPython's stack. In Chromium, 96 KiB were too many for the repr of nested lists. The
#: course takes less, because its bytecode is there: compiling it as it is imported took more.
STACK = 80 * 1024

#: A document with more brackets than this may be deep.
FLAT = 500

_raw_decode = json.decoder.JSONDecoder.raw_decode


def raw_decode(decoder, s, idx=0):
    """Stand in for `JSONDecoder.raw_decode`, with the same errors."""
    if not isinstance(s, str) or s.count("[", idx) + s.count("{", idx) <= FLAT:
        return _raw_decode(decoder, s, idx)
    try:
        return py_make_scanner(decoder)(s, idx)
    except StopIteration as error:
        raise json.decoder.JSONDecodeError("Expecting value", s, error.value) from None


def bound_the_stack():
    """Tell CPython of the smaller stack."""
    python = ctypes.pythonapi
    python.PyThreadState_Get.restype = ctypes.c_void_p
    end = python.emscripten_stack_get_base()
    state = ctypes.c_void_p(python.PyThreadState_Get())
    start = ctypes.c_void_p(end - STACK)
    python.PyUnstable_ThreadState_SetStackProtection(state, start, ctypes.c_size_t(STACK))


def install():
    """Put both in place."""
    json.decoder.JSONDecoder.raw_decode = raw_decode
    bound_the_stack()
