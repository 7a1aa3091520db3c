// ulimit -s 65536; node --stack-size=4000 website/notebooks.mjs PYODIDE_DIR OUT_DIR NOTEBOOK...
//
// Runs notebooks with the Pyodide, the wheels and the kernel of the built site, in plain Node: no
// browser and no page, so it is quick enough for every change. Each notebook has a Python of its own.
// Writes the code cells with their outputs into OUT_DIR, under the notebook's path.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, out, ...notebooks] = process.argv.slice(2);
const here = path.resolve(folder) + "/";
const { loadPyodide } = await import(pathToFileURL(here + "pyodide.core.mjs"));
const lite = JSON.parse(fs.readFileSync(path.join(here, "../../jupyter-lite.json")));
const settings = lite["jupyter-config-data"].litePluginSettings;
const { packages } = settings["@jupyterlite/pyodide-kernel-extension:kernel"].loadPyodideOptions;
const plain = (value) => value?.toJs?.({ dict_converter: Object.fromEntries }) ?? value;

async function run(file) {
  const python = await loadPyodide({ indexURL: here, packages });
  python.FS.mkdirTree("/drive/notebooks");
  python.FS.chdir("/drive/notebooks");
  python.runPython("import os; os.environ.setdefault('HOME', '/home/pyodide'); import pyodide_kernel");
  const kernel = python.globals.get("__import__")("pyodide_kernel");
  let outputs = [];
  const add = (kind) => (data) => outputs.push({ output_type: kind, data: plain(data) });
  const stream = (name, text) => outputs.push({ output_type: "stream", name, text });
  kernel.stdout_stream.publish_stream_callback = stream;
  kernel.stderr_stream.publish_stream_callback = stream;
  const shell = kernel.ipython_shell;
  shell.display_pub.display_data_callback = add("display_data");
  shell.displayhook.publish_execution_result = (count, data) => add("execute_result")(data);
  const cells = [];
  const all = JSON.parse(fs.readFileSync(file)).cells;
  for (const cell of all.filter((each) => each.cell_type === "code")) {
    outputs = [];
    const result = plain(await kernel.kernel_instance.run([].concat(cell.source).join("")));
    if (result.status === "error") {
      outputs.push({ output_type: "error", ename: result.ename, evalue: result.evalue });
    }
    cells.push({ ...cell, outputs });
  }
  return cells;
}

for (const file of notebooks) {
  const place = path.join(out, file);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, JSON.stringify(await run(file)));
}
process.exit(0);
