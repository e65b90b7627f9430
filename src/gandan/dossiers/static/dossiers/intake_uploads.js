// Scans are sent while the officer goes on typing; each comes back as a chip with its signed word.
// What could not be sent waits in memory and is sent again when the connection is back.

export function startUploads(form, { note, changed }) {
  const under = new Set();
  const failed = [];

  function chip(listId, text, kind) {
    const item = document.createElement("li");
    item.className = `intake-chip ${kind}`;
    item.dataset.list = listId;
    const words = document.createElement("span");
    words.textContent = text;
    item.append(words);
    document.getElementById(listId)?.append(item);
    return item;
  }

  async function send(key, file) {
    const listId = `p-${key}-scans`;
    const waiting = chip(listId, file.name, "is-waiting");
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("key", key);
    body.append("file", file);
    try {
      const answer = await fetch(form.dataset.upload, { method: "POST", body, headers: { "HX-Request": "true" } });
      const text = await answer.text();
      if (answer.status === 422) chip(listId, text, "is-refused");
      else if (answer.ok) {
        document.getElementById(listId)?.insertAdjacentHTML("beforeend", text);
      } else throw new Error(String(answer.status));
    } catch {
      failed.push([key, file]);
      note("failed");
    } finally {
      waiting.remove();
    }
  }

  function start(key, file) {
    const job = send(key, file).finally(() => {
      under.delete(job);
      if (!under.size) {
        form.dispatchEvent(new Event("input", { bubbles: true }));
        changed();
      }
    });
    under.add(job);
  }

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const key = input.closest("[data-paper]").dataset.paper;
    for (const old of input.closest("[data-paper]").querySelectorAll(".is-refused")) old.remove();
    for (const file of input.files) start(key, file);
    input.value = "";
    (input.closest("[data-paper]").querySelector("input[type=radio]:checked") ?? input.closest("[data-paper]").querySelector("input[type=radio]")).focus();
  });

  return {
    pending: () => under.size > 0,
    idle: async () => { while (under.size) await Promise.all([...under]); },
    again: () => { for (const [key, file] of failed.splice(0)) start(key, file); },
  };
}
