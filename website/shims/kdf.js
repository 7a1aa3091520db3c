// What tab_shims/key_derivation.py calls; esbuild makes one script of it and of @noble/hashes.
import { sha1 } from "@noble/hashes/legacy.js";
import { pbkdf2 as derive } from "@noble/hashes/pbkdf2.js";
import { scrypt as hash } from "@noble/hashes/scrypt.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

const digests = { sha1, sha256, sha512 };

export const scrypt = (password, salt, N, r, p, dkLen, maxmem) =>
  hash(password, salt, { N, r, p, dkLen, maxmem });
export const pbkdf2 = (digest, password, salt, c, dkLen) =>
  derive(digests[digest], password, salt, { c, dkLen });
