// <a href="/page/" data-dialog>: shows the fragment of that page in a native dialog.
// <a href="/page/" data-dialog="id">: opens the dialog of that id on this page.

function fetchedDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return dialog;
}

function addCloseButton(dialog) {
  if (dialog.querySelector("form[method=dialog]")) return;
  const template = document.getElementById("dialog-close");
  dialog.prepend(template.content.cloneNode(true));
}

async function showFetched(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const dialog = fetchedDialog();
  const body = document.createElement("div");
  body.className = "dialog-body";
  body.innerHTML = await answer.text();
  dialog.append(body);
  const heading = body.querySelector("h1, h2");
  if (heading) dialog.setAttribute("aria-label", heading.textContent.trim());
  addCloseButton(dialog);
  dialog.showModal();
}

async function open(event) {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const own = link.dataset.dialog && document.getElementById(link.dataset.dialog);
  event.preventDefault();
  if (own) {
    own.showModal();
    return;
  }
  try {
    await showFetched(link);
  } catch {
    window.location.assign(link.href);
  }
}

export function startDialogs() {
  if (typeof HTMLDialogElement === "function") document.addEventListener("click", open);
}
