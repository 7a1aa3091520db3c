// The page on which a reader downloads, uploads and resets their copies of the notebooks.
const list = document.getElementById("own");
const said = document.getElementById("said");

async function render() {
  const names = (await courseStore.own()).filter((name) => name.endsWith(".ipynb")).sort();
  list.replaceChildren(...names.map(row));
  document.getElementById("none").hidden = names.length > 0;
}

function button(text, act) {
  const made = document.createElement("button");
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function row(name) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `notebooks/index.html?path=${encodeURIComponent(name)}`;
  link.textContent = name;
  item.append(link, " ");
  item.append(button("Download", async () => download(name, await courseStore.get(name))));
  item.append(
    button("Back to the original", async () => {
      if (!confirm(`Your copy of ${name} will be gone. Download it first if you want to keep it.`)) return;
      await courseStore.remove(name);
      localStorage.removeItem(`course:${name}`);
      said.textContent = `${name} is the original again.`;
      await render();
    }),
  );
  return item;
}

function download(name, file) {
  const text = typeof file.content === "string" ? file.content : JSON.stringify(file.content, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "application/x-ipynb+json" }));
  link.download = name.split("/").pop();
  link.click();
  URL.revokeObjectURL(link.href);
}

document.getElementById("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  try {
    const content = JSON.parse(await file.text());
    if (!Array.isArray(content.cells)) throw new Error("it has no cells");
    const listed = Object.keys(await (await fetch("course.json")).json());
    const folder = document.getElementById("folder").value;
    const name = folder + file.name;
    await courseStore.put(name, content);
    said.textContent = listed.includes(name)
      ? `${name} is now your copy.`
      : `${name} was added. The course has no notebook of that name.`;
    await render();
  } catch (error) {
    said.textContent = `${file.name} is not a notebook (${error.message}), so nothing was changed.`;
  }
});

render().catch(() => {
  said.textContent = "This browser lets the page keep nothing, so there is no work to show.";
});
