// A form with data-draft="key" keeps what was typed in this tab (sessionStorage) until the server has taken it:
// a lost connection, a crash or a wrong key loses nothing. The hidden request_id is kept too, so that the same
// intake sent twice is one dossier. data-secret fields and files are never kept. No form is sent twice by a
// double click. The server says that it took a form by a cookie (gandan.ui.drafts.forget_draft); signing out
// forgets every draft of the tab.

const PREFIX = "gandan-draft:";
const TAKEN = "gandan_draft_taken";

function storageOf(form) {
  return PREFIX + form.dataset.draft;
}

function kept(field) {
  return (
    field.name &&
    field.name !== "csrfmiddlewaretoken" &&
    !["file", "password", "submit", "button"].includes(field.type) &&
    !("secret" in field.dataset)
  );
}

function values(form) {
  return [...form.elements].filter(kept).map((field) => {
    const ticked = ["checkbox", "radio"].includes(field.type);
    return [field.name, field.value, ticked ? field.checked : null];
  });
}

function save(form) {
  try {
    sessionStorage.setItem(storageOf(form), JSON.stringify(values(form)));
  } catch {
    // A full or forbidden store costs the draft, never the form.
  }
}

function put(form, [name, value, checked]) {
  const fields = [...form.elements].filter((field) => field.name === name && kept(field));
  if (checked === null) {
    if (fields.length === 1) fields[0].value = value;
    return;
  }
  const field = fields.find((candidate) => candidate.value === value);
  if (field) field.checked = checked;
}

function restore(form) {
  const stored = sessionStorage.getItem(storageOf(form));
  if (!stored || form.dataset.draftServer === "kept") return;
  for (const entry of JSON.parse(stored)) put(form, entry);
  form.dispatchEvent(new CustomEvent("gandan:restored", { bubbles: true }));
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = false;
}

function forgetTaken() {
  const taken = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${TAKEN}=`));
  if (!taken) return;
  sessionStorage.removeItem(PREFIX + decodeURIComponent(taken.slice(TAKEN.length + 1)));
  document.cookie = `${TAKEN}=; Max-Age=0; Path=/; SameSite=Lax`;
}

function forgetAll() {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  for (const key of keys) sessionStorage.removeItem(key);
}

function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-switches]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
}

export function startDrafts() {
  forgetTaken();
  for (const form of document.querySelectorAll("form[data-draft]")) {
    restore(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("change", () => save(form));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draft-clear]");
    if (!button) return;
    sessionStorage.removeItem(storageOf(button.form));
    window.location.reload();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-drafts-end]")) forgetAll();
    once(event);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
