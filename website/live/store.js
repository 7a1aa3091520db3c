// The copies that JupyterLite keeps of what a reader has changed: read, written and removed.
const courseStore = (() => {
  const base = new URL(".", document.currentScript.src).pathname;
  const database = `JupyterLite Storage - ${base}`;
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("another tab of the course is open: close it"));
    });

  // Opening a database that is not there would make an empty one, in which JupyterLite finds nothing.
  async function exists() {
    return (await indexedDB.databases()).some((each) => each.name === database);
  }

  async function open() {
    const opened = await answer(indexedDB.open(database));
    if (opened.objectStoreNames.contains("files")) return opened;
    const version = opened.version + 1;
    opened.close();
    const request = indexedDB.open(database, version);
    request.onupgradeneeded = () => request.result.createObjectStore("files");
    return answer(request);
  }

  async function within(mode, act) {
    const opened = await open();
    try {
      return await answer(act(opened.transaction("files", mode).objectStore("files")));
    } finally {
      opened.close();
    }
  }

  return {
    own: async () => ((await exists()) ? within("readonly", (files) => files.getAllKeys()) : []),
    get: (path) => within("readonly", (files) => files.get(path)),
    remove: (path) => within("readwrite", (files) => files.delete(path)),
    put: (path, content) => {
      const now = new Date().toISOString();
      const file = {
        name: path.split("/").pop(),
        path,
        content,
        format: "json",
        type: "notebook",
        mimetype: "application/json",
        size: JSON.stringify(content).length,
        writable: true,
        created: now,
        last_modified: now,
      };
      return within("readwrite", (files) => files.put(file, path));
    },
  };
})();
