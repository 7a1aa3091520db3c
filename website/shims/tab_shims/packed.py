"""Unpack the wheels of the site, which are packed once more.

A zip file packs each of its files alone, and a module and its bytecode say much the same. So a
wheel of the site holds its files in one piece, packed by Zstandard: half the bytes, and unpacked in
less time. Its metadata is beside it, where Pyodide looks for it.
"""

import json
import shutil
from pathlib import Path

#: The one file that holds the others: a line of JSON with paths and sizes, then their bytes.
PACKED = "packed.zst"


def pack(files):
    """Return one file that holds others.

    Args:
        files (dict[str, bytes]): their contents by their paths.

    Returns:
        bytes: what `unpack` reads.
    """
    from compression import zstd

    sizes = [[name, len(data)] for name, data in files.items()]
    line = json.dumps(sizes, separators=(",", ":")).encode() + b"\n"
    whole = line + b"".join(files.values())
    level = {zstd.CompressionParameter.compression_level: 22}
    return zstd.compress(whole, options=level)


def unpack(packed, folder):
    """Write what `pack` was given into a folder."""
    from compression import zstd

    line, _, whole = zstd.decompress(packed).partition(b"\n")
    whole, made, begin = memoryview(whole), set(), 0
    for name, size in json.loads(line):
        path = f"{folder}/{name}"
        parent = path.rpartition("/")[0]
        if parent not in made:
            Path(parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        with open(path, "wb", buffering=0) as file:
            file.write(whole[begin : begin + size])
        begin += size


def install():
    """Let Pyodide, which unpacks a wheel as a zip file, unpack what is in it too."""
    unpack_zip = shutil._unpack_zipfile

    def unpack_wheel(filename, extract_dir):
        unpack_zip(filename, extract_dir)
        packed = Path(extract_dir, PACKED)
        if packed.is_file():
            unpack(packed.read_bytes(), extract_dir)
            packed.unlink()

    shutil._unpack_zipfile = unpack_wheel
