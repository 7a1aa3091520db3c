// One line on the page that says how far the kernel is, and what went wrong. It is loaded before
// JupyterLite, so that it sees the worker in which the kernel runs; ../static/pyodide/pyodide.mjs
// reports from in there. And what a live page leaves to the course to read.
(() => {
  const path = new URLSearchParams(location.search).get("path");
  let line;
  const show = (kind, text) => {
    if (!line) {
      line = document.createElement("p");
      line.id = "course-status";
      line.setAttribute("role", "status");
    }
    if (!line.isConnected && document.body) document.body.append(line);
    // A failure stays until the page is loaded anew.
    if (line.dataset.kind === "failed" && kind !== "failed") return;
    // A notice is there to be read, however far the kernel is.
    if (line.dataset.kind === "notice" && kind === "start") return;
    line.dataset.kind = kind;
    line.replaceChildren(text);
    if (kind !== "start") {
      const close = document.createElement("button");
      close.textContent = "Close";
      close.addEventListener("click", () => {
        line.remove();
        if (line.dataset.kind === "notice") line.dataset.kind = "";
      });
      line.append(close);
    }
    line.hidden = false;
  };
  const hide = () => {
    if (line?.dataset.kind === "start") line.hidden = true;
  };
  const ready = (act) =>
    document.body ? act() : document.addEventListener("DOMContentLoaded", act, { once: true });

  // ---- the first visit: the service worker keeps what passes through it, and began too late
  const isFirst = !navigator.serviceWorker?.controller;
  const kept = async (url) => (await fetch(url, { cache: "force-cache" })).blob();
  const keep = async (byTheKernel) => {
    if (!isFirst || !navigator.serviceWorker?.controller) return;
    const byThePage = performance.getEntriesByType("resource").map((one) => one.name);
    const here = [location.href, ...byThePage, ...byTheKernel].filter(
      (url) => url.startsWith(location.origin) && !url.includes("/api/"), // nor does it keep these
    );
    try {
      // The browser has them: this brings them to the service worker, not from the server again.
      for (const url of new Set(here)) await kept(url);
      for (const one of Object.keys(await (await fetch("../course.json")).json())) {
        await kept(`?path=${one}`);
        await kept(`../files/${one}`);
      }
      show("start", "The course is kept in your browser now: it also runs offline.");
      setTimeout(hide, 4000);
    } catch {
      // Storage is full or the network gone: the next visits keep what they fetch.
    }
  };

  // ---- the kernel
  const told = (message) => {
    if (message.failed) {
      show(
        "failed",
        `The kernel cannot start: ${message.failed} is not there (${message.why}). Load the page ` +
          "again. If that does not help, the site is not whole: tell whoever runs it.",
      );
    } else if (message.dead) {
      show(
        "failed",
        "Python has come to its end in this tab, and no cell will run. What you wrote is kept: " +
          "choose Kernel, then Restart Kernel, and run the cells again.",
      );
    } else if (message.fetched) {
      keep(message.fetched);
    } else if (message.stage === "kernel") {
      show("start", `Python ${message.python} is here. The kernel is starting.`);
      setTimeout(hide, 4000);
    } else if (message.total) {
      show("start", `Python is starting: packages ${message.loaded} of ${message.total}.`);
      if (message.loaded >= message.total) setTimeout(hide, 15000);
    } else {
      show("start", "Python is starting. The first time, about 20 MB are fetched.");
    }
  };
  // Python loads while the page does, in a worker that becomes the kernel's.
  let early;
  let taken = false;
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(script, options) {
      const isKernel = /\/comlink\.worker\.[^/]*$/.test(script);
      const becomesEarly = isKernel && !taken && early;
      taken ||= isKernel;
      if (becomesEarly) {
        early.postMessage({ becomes: new URL(script, location.href).href });
        return early;
      }
      super(script, options);
      this.addEventListener("message", (event) => event.data?.course && told(event.data.course));
    }
  };
  const begin = () => {
    if (!early && !taken) early = new window.Worker("../early.mjs", { type: "module" });
  };
  // On an isolated page JupyterLite takes another worker, and this one would wait for ever.
  if (path?.endsWith(".ipynb") && !crossOriginIsolated) {
    // On a first visit, by when the service worker has taken over, the page has fetched what it
    // needs: sixty wheels before that would keep it waiting.
    if (navigator.serviceWorker?.controller) begin();
    else navigator.serviceWorker?.addEventListener("controllerchange", begin, { once: true });
  }
  ready(() => show("start", "The page is starting."));
  setTimeout(() => line?.textContent.startsWith("The page is") && hide(), 20000);

  // ---- what the browser keeps
  const lost = "What you change lives as long as this tab. Download what you want to keep.";
  const probe = async () => {
    await new Promise((resolve, reject) => {
      const asked = indexedDB.open("course-probe");
      asked.onsuccess = () => (asked.result.close(), resolve());
      asked.onerror = () => reject(asked.error);
    });
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota - usage < 5e6) ready(() => show("notice", `The browser's storage is full. ${lost}`));
  };
  new Promise((resolve) => resolve(probe())).catch(() =>
    ready(() => show("notice", `This browser lets the page keep nothing. ${lost}`)),
  );
  window.addEventListener("unhandledrejection", (event) => {
    if (/quota/i.test(String(event.reason?.name ?? event.reason))) {
      show("notice", `The browser's storage is full. ${lost}`);
    }
  });

  // ---- a newer version of a notebook that the reader has changed
  const noted = `course:${path}`;
  const compare = async () => {
    const now = (await (await fetch("../course.json")).json())[path];
    const then = localStorage.getItem(noted);
    if (!now) return;
    if (!then) localStorage.setItem(noted, now);
    else if (then !== now && (await courseStore.own()).includes(path)) {
      const link = document.createElement("a");
      link.href = "../work.html";
      link.textContent = "Your work in this browser";
      const text = document.createElement("span");
      text.append("The course has a newer version of this notebook than your copy. ", link);
      text.append(" shows how to go back to the original.");
      show("notice", text);
    } else localStorage.setItem(noted, now);
  };
  if (path) compare().catch(() => {});

  // ---- a term of a lesson: here is no page for Markdown, and the course to read has one
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.('a[href*="docs/glossary.md#"]');
      if (!link) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      window.open(new URL(`../../glossary.html${new URL(link.href).hash}`, location.href));
    },
    true,
  );
})();
