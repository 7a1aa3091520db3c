"""Give hashlib `scrypt` and `pbkdf2_hmac`, which come from OpenSSL elsewhere.

The work is done by @noble/hashes, in JavaScript: in Python, one login would take half a minute. The
script is read when the first password is hashed, so a lesson without passwords does not pay for it.
"""

import hashlib
from functools import cache
from importlib.resources import files

#: What the build bundles of @noble/hashes.
DIGESTS = ("sha1", "sha256", "sha512")


@cache
def script():
    """Return the functions of the bundle."""
    from pyodide.code import run_js

    return run_js(files(__package__).joinpath("kdf.js").read_text() + ";__kdf")


def scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
    """Stand in for `hashlib.scrypt`, with the same refusals."""
    from pyodide.ffi import to_js

    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2.")
    # OpenSSL's bound, where no other is given.
    if 128 * r * (n + p + 2) > (maxmem or 32 * 1024 * 1024):
        raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
    given = [to_js(bytes(part)) for part in (password, salt)]
    return bytes(script().scrypt(*given, n, r, p, dklen, 2**31 - 1).to_py())


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Stand in for `hashlib.pbkdf2_hmac`, with the same refusals."""
    from pyodide.ffi import to_js

    name = hash_name.lower().replace("-", "")
    if name not in DIGESTS:
        raise ValueError(f"unsupported hash type {hash_name}")
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    if dklen is not None and dklen < 1:
        raise ValueError("key length must be greater than 0.")
    given = [to_js(bytes(part)) for part in (password, salt)]
    length = dklen or hashlib.new(name).digest_size
    return bytes(script().pbkdf2(name, *given, iterations, length).to_py())


def install():
    """Put into hashlib what is not there."""
    for stand_in in (scrypt, pbkdf2_hmac):
        if not hasattr(hashlib, stand_in.__name__):
            setattr(hashlib, stand_in.__name__, stand_in)
