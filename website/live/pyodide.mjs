// Stands where the kernel looks for Pyodide, and tells the page how far the start is and what went
// wrong: otherwise a cell shows [*] for ten seconds, and for ever when a file is missing.
import * as core from "./pyodide.core.mjs";

const here = new URL(".", import.meta.url).href;
const say = (message) => self.postMessage?.({ course: message });
const asked = self.fetch.bind(self);
let loaded = 0;
let total = 0;
// Wheels that were asked for while Python itself was still loading, by address.
const early = new Map();

// What no `except` catches: the interpreter is gone, and only the console would say so.
const complain = console.error.bind(console);
console.error = (...said) => {
  if (String(said[0]).startsWith("Pyodide has suffered a fatal error")) say({ dead: true });
  complain(...said);
};

self.fetch = async (resource, options) => {
  const url = String(resource?.url ?? resource);
  const name = url.startsWith(here) ? url.slice(here.length).split("?")[0] : "";
  try {
    const begun = early.get(url);
    early.delete(url);
    const same = begun && begun.integrity === options?.integrity;
    const response = await (same ? begun.response : asked(resource, options));
    if (name && !response.ok) {
      say({ failed: name, why: `the server answered ${response.status}` });
    } else if (name.endsWith(".whl")) {
      loaded += 1;
      say({ loaded, total: Math.max(total, loaded) });
    }
    return response;
  } catch (error) {
    // The browser does not say whether the file or its hash was wrong.
    const why = options?.integrity
      ? "it could not be fetched, or is not the file that the course was built with"
      : "it could not be fetched";
    if (name) say({ failed: name, why });
    throw error;
  }
};

// Which wheels the packages need that are loaded before the first cell.
async function neededBy(names) {
  const { packages } = await (await asked(here + "pyodide-lock.json")).json();
  const needed = new Map();
  const waiting = [...names];
  while (waiting.length) {
    const name = waiting.pop();
    if (needed.has(name)) continue;
    if (!packages[name]) {
      say({ failed: name, why: "the list of packages does not have it" });
      continue;
    }
    needed.set(name, packages[name]);
    waiting.push(...packages[name].depends);
  }
  return [...needed.values()];
}

// Python takes longest to start, and asks for its packages only then.
function fetchEarly({ file_name, sha256 }) {
  const bytes = sha256.match(/../g).map((two) => String.fromCharCode(parseInt(two, 16)));
  const integrity = `sha256-${btoa(bytes.join(""))}`;
  const response = asked(here + file_name, { integrity });
  response.catch(() => {}); // whoever asks for the wheel hears of it
  early.set(here + file_name, { integrity, response });
}

async function load(options) {
  say({ stage: "Python" });
  try {
    const wheels = await neededBy(options.packages ?? []);
    total = wheels.length;
    wheels.forEach(fetchEarly);
    const python = await core.loadPyodide(options);
    const version = python.runPython("import platform; platform.python_version()");
    say({ stage: "kernel", python: version, loaded, total });
    return python;
  } catch (error) {
    say({ failed: "Python", why: String(error?.message ?? error).slice(0, 300) });
    throw error;
  }
}

// What the first cell of the course imports, which there is time for while the page is drawn.
const FIRST = "import flasklogin_tutorial.environment, importlib.metadata, packaging.requirements";

// What was begun before the kernel asked for it.
let begun;

async function loadAndImport(packages) {
  const python = await load({ indexURL: here, packages });
  if (packages.includes("flasklogin-tutorial")) python.runPython(FIRST);
  const fetched = () => performance.getEntriesByType("resource").map((one) => one.name);
  setTimeout(() => say({ fetched: fetched() }), 5000); // once the kernel has all that it needs
  return python;
}

export function begin(packages) {
  const python = loadAndImport(packages);
  python.catch(() => {}); // the kernel hears of it
  begun = { python, packages: String(packages) };
}

export async function loadPyodide(options = {}) {
  const { python, packages } = begun ?? {};
  begun = undefined; // a second Python is one of its own
  return python && packages === String(options.packages ?? []) ? python : load(options);
}

export * from "./pyodide.core.mjs";
