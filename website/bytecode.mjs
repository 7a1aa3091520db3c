// node bytecode.mjs CORE_DIR SHIMS_DIR OUT_DIR WHEEL...
//
// Writes each wheel again, without what left_out.py names, and with the bytecode of what the course
// imports, made by Pyodide's own interpreter: no Python 3.14 is needed on this machine. Without it
// every start compiles it anew, which takes half as long again.
//
// - The sources stay: tracebacks and `inspect.getsource` show them.
// - library.zip is the bytecode of what it imports of the standard library.
// - The same wheels give the same bytes: names are sorted, and all have one date.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [core, shims, out, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.resolve(core, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: path.resolve(core) + "/" });

const site = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
const put = (file, place) => {
  python.FS.mkdirTree(path.posix.dirname(place));
  python.FS.writeFile(place, fs.readFileSync(file));
};
for (const shim of fs.readdirSync(shims, { recursive: true, withFileTypes: true })) {
  if (shim.isFile()) {
    const file = path.join(shim.parentPath ?? shim.path, shim.name);
    put(file, path.posix.join(site, path.relative(shims, file)));
  }
}
put(new URL("left_out.py", import.meta.url), path.posix.join(site, "left_out.py"));
// Not the bound on the stack: to compile a module takes more of it than to load its bytecode.
python.runPython(`
import importlib
importlib.invalidate_caches()
from tab_shims import key_derivation, one_process
key_derivation.install()
one_process.install()
`);

python.runPython(fs.readFileSync(new URL("bytecode.py", import.meta.url), "utf8"));
const lay = python.globals.get("lay");
for (const wheel of wheels) lay(new Uint8Array(fs.readFileSync(wheel)));
python.runPython("importlib.invalidate_caches()");
const used = python.globals.get("imported_modules")();
const rewrite = python.globals.get("with_bytecode");
fs.mkdirSync(out, { recursive: true });
for (const wheel of wheels) {
  const bytes = rewrite(new Uint8Array(fs.readFileSync(wheel)), used).toJs();
  fs.writeFileSync(path.join(out, path.basename(wheel)), bytes);
}
const library = python.globals.get("library_bytecode")(used).toJs();
fs.writeFileSync(path.join(out, "library.zip"), library);
process.exit(0);
