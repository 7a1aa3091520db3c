// A worker that loads Python while the page around it is still loading. JupyterLite takes some two
// seconds until it asks for a kernel; course.js then hands it this worker, with the address of the
// script that makes a kernel of it.
import { begin } from "./static/pyodide/pyodide.mjs";

const kept = [];
let script;

// What JupyterLite sends to its kernel comes before the kernel's script is there to hear it.
async function keep(event) {
  event.stopImmediatePropagation();
  if (script) return kept.push(event);
  script = event.data.becomes;
  try {
    await import(script);
    self.removeEventListener("message", keep);
    // As new ones: an event that was stopped once stays silent.
    for (const { data, ports } of kept) {
      self.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
    }
  } catch (error) {
    self.postMessage({ course: { failed: script, why: String(error?.message ?? error) } });
  }
}

self.addEventListener("message", keep);

const asked = await fetch(new URL("jupyter-lite.json", import.meta.url));
const settings = (await asked.json())["jupyter-config-data"].litePluginSettings;
begin(settings["@jupyterlite/pyodide-kernel-extension:kernel"].loadPyodideOptions.packages);
