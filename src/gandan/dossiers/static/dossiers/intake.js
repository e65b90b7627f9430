// Intake: Enter goes on, digits choose, scans travel in the background, the slip follows the typing.
// The server renders every part; here parts are only put in place. A box that is being typed in is never touched.
import { startUploads } from "./intake_uploads.js";

const form = document.querySelector("form[data-intake]");
const PAUSE = 350;
const TAB = "gandan-receipt";
let asked = 0;
let timer = 0;
let restoring = false;

const hidden = (name, root = form) => root.querySelector(`input[type=hidden][name="${name}"]`);

const note = (key) => {
  const box = document.getElementById("intake-note");
  box.hidden = !key;
  box.textContent = key ? box.dataset[key] : "";
};

// ---- keep what is on the page in step with the server -------------------------------------------------------

const isTyped = (field) => field?.matches?.("input:not([type=radio], [type=checkbox], [type=file]), textarea");
const stateOf = (field) => (["radio", "checkbox"].includes(field.type) ? field.checked : field.value);
const named = (root) => [...root.querySelectorAll("input[name], select[name], textarea[name]")].filter((f) => f.type !== "file");
const keyOf = (field) => (["radio", "checkbox"].includes(field.type) ? `${field.name}=${field.value}` : field.name);

function snapshot() {
  return new Map(named(form).map((field) => [keyOf(field), stateOf(field)]));
}

// What was typed while the answer was on its way stands above the answer.
function carryOver(old, fresh, sent) {
  const later = new Map(named(old).filter((f) => sent.get(keyOf(f)) !== stateOf(f)).map((f) => [keyOf(f), stateOf(f)]));
  for (const field of named(fresh)) {
    if (!later.has(keyOf(field)) || field.type === "hidden") continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = later.get(keyOf(field));
    else field.value = later.get(keyOf(field));
  }
  for (const details of old.querySelectorAll("details[open]")) {
    const twin = fresh.querySelectorAll("details")[[...old.querySelectorAll("details")].indexOf(details)];
    if (twin) twin.open = true;
  }
}

function replace(old, fresh, sent) {
  carryOver(old, fresh, sent);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const order = focused ? stepsOnPage().map(({ id, name }) => ({ id, name })) : [];
  // The file boxes and the scans are the browser's own: a dialog may be open on a box, a scan may have arrived
  // after the question was sent. Only a draft that comes back from the server brings its scans along.
  for (const part of old.querySelectorAll(restoring ? "input[type=file]" : "input[type=file], .intake-scans")) {
    fresh.querySelector(`#${CSS.escape(part.id)}`)?.replaceWith(part);
  }
  old.replaceWith(fresh);
  if (focused) focusAgain(focused, order, fresh);
}

// A quick hand may stand on a row that an answer has just ruled out: then the next one that is left is the place.
function focusAgain(focused, order, fresh) {
  const same = focused.id ? document.getElementById(focused.id) : fresh.querySelector(`button[value="${CSS.escape(focused.value ?? "")}"]`);
  const group = order.findIndex(({ name }) => name && name === focused.name);
  const left = order.slice(group + 1).map(({ id }) => document.getElementById(id)).find((field) => field);
  (same ?? (group < 0 ? null : left) ?? form.querySelector(".slip-acts .btn-primary"))?.focus({ preventScroll: true });
}

function sync(old, fresh, sent, forced) {
  const within = [...old.querySelectorAll("[data-region]")];
  if ("keys" in old.dataset && old.dataset.keys === fresh.dataset.keys && within.length) {
    for (const part of within) {
      const twin = fresh.querySelector(`#${CSS.escape(part.id)}`);
      if (twin) sync(part, twin, sent, forced);
    }
    return;
  }
  if ("keys" in old.dataset && old.dataset.keys === fresh.dataset.keys && !forced && !fresh.querySelector("[data-region]")) return;
  if (!forced && isTyped(document.activeElement) && old.contains(document.activeElement)) return;
  if (old.innerHTML === fresh.innerHTML && old.className === fresh.className && !forced) return;
  replace(old, fresh, sent);
}

function outer(root) {
  return [...root.querySelectorAll("[data-region]")].filter((part) => !part.parentElement.closest("[data-region]"));
}

async function refresh({ forced = false, values = null, then = null } = {}) {
  clearTimeout(timer);
  const turn = (asked += 1);
  const sent = snapshot();
  const body = new URLSearchParams();
  for (const [name, value] of values ?? new FormData(form)) if (typeof value === "string") body.append(name, value);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  } catch {
    note("lost");
    return;
  }
  const away = answer.headers.get("HX-Redirect");
  if (away) {
    window.location.assign(away);
    return;
  }
  if (!answer.ok || turn !== asked) return;
  note("");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("form[data-intake]");
  if (!fresh) return;
  for (const name of ["request_id", "procedure"]) hidden(name).value = hidden(name, fresh).value;
  restoring = values !== null;
  for (const old of outer(form)) {
    const twin = fresh.querySelector(`#${CSS.escape(old.id)}`);
    if (twin) sync(old, twin, sent, forced);
  }
  restoring = false;
  then?.();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

// ---- Enter goes on, digits choose ---------------------------------------------------------------------------

const isSeen = (field) => field.offsetParent !== null && !field.disabled;

function stepsOnPage() {
  const fields = [...form.querySelectorAll("[data-step]")].filter(isSeen);
  return fields.map((field) => (field.type === "radio" ? checkedOf(field) : field));
}

function checkedOf(radio) {
  return form.querySelector(`input[name="${CSS.escape(radio.name)}"]:checked`) ?? radio;
}

function goOn(from) {
  const steps = stepsOnPage();
  const here = steps.findIndex((field) => field === from || (field.type === "radio" && field.name === from.name));
  // A card fills most boxes of a person: Enter stops only where something is still to be typed.
  const next = steps.slice(here + 1).find((field) => !/^(owner|agent)-/.test(field.name) || !field.value) ?? form.querySelector(".slip-acts .btn-primary");
  next?.focus();
  next?.select?.();
  next?.closest(".intake-row, .field")?.scrollIntoView({ block: "nearest" });
}

function choose(event) {
  const group = event.target.closest("[data-group]");
  if (!group || isTyped(event.target)) return false;
  const radio = group.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (!radio) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  // A paper that lacks something, or needs its reason, asks for it before it lets go.
  const open = [...group.querySelectorAll(".intake-extra input")].find((field) => isSeen(field) && !field.value);
  if (open) open.focus();
  else goOn(radio);
  return true;
}

function readCard(text, prefix) {
  // At once, also without a connection; the server reads the same text again and has the last word.
  const [number, , name, born, sex, address] = text.split("|").map((part) => part.trim());
  const put = (key, value) => {
    const field = form.elements[`${prefix}-${key}`];
    if (field && value) field.value = value;
  };
  put("number", number);
  put("name", name);
  put("born", /^\d{8}$/.test(born ?? "") ? `${born.slice(0, 2)}/${born.slice(2, 4)}/${born.slice(4)}` : born);
  put("address", address);
  put("sex", { Nam: "male", "Nữ": "female" }[sex]);
}

function firstEmpty(prefix) {
  const names = ["number", "name", "phone"];
  return names.map((name) => form.elements[`${prefix}-${name}`]).find((field) => field && !field.value);
}

function scanned(field) {
  const text = field.value.trim();
  if (!text) {
    goOn(field);
    return;
  }
  const prefix = field.name === "agent_scan" ? "agent" : "owner";
  if (text.split("|").length > 5) readCard(text, prefix);
  refresh({
    forced: true,
    then: () => {
      const own = document.getElementById(field.id);
      if (own?.getAttribute("aria-invalid")) own.focus();
      else (prefix === "owner" && !hidden("procedure").value ? firstEmpty(prefix) ?? document.getElementById("find") : firstEmpty(prefix))?.focus();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
}

function enter(event) {
  const field = event.target;
  if (field.matches("button, summary, a, [type=file]")) return;
  event.preventDefault();
  if (field.name === "scan" || field.name === "agent_scan") scanned(field);
  else if (field.matches("[data-find]")) pickFirst(field);
  else if (field.matches("[data-step]") || field.type === "radio") goOn(field);
  else goOn(field.closest("[data-group]")?.querySelector("[data-step]") ?? field);
}

function keys(event) {
  if (event.isComposing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    form.querySelector('.slip-acts [data-key="F9"]')?.click();
  } else if (event.ctrlKey || event.metaKey) return;
  else if (event.key === "Enter") enter(event);
  else if (/^[1-9]$/.test(event.key)) { if (choose(event)) event.preventDefault(); }
  else if (event.key.toLowerCase() === "s" && !isTyped(event.target)) attach(event);
  else if (["ArrowDown", "ArrowUp"].includes(event.key)) walkFinds(event);
}

function anywhere(event) {
  if (event.key === "F2") document.getElementById("scan")?.focus();
  else if (event.key === "F1") document.getElementById("keys")?.showModal();
  else return;
  event.preventDefault();
}

function attach(event) {
  const input = event.target.closest("[data-paper]")?.querySelector("input[type=file]");
  if (!input) return;
  event.preventDefault();
  input.click();
}

// ---- the procedure, by letters ------------------------------------------------------------------------------

let finding = 0;
let findTimer = 0;

async function find(text) {
  const turn = (finding += 1);
  const box = document.getElementById("finds");
  if (!box) return;
  if (!text.trim()) {
    box.replaceChildren();
    return;
  }
  const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok && turn === finding) box.innerHTML = await answer.text();
}

async function pickFirst(field) {
  clearTimeout(findTimer);
  if (!field.value.trim()) return;
  await find(field.value);
  document.querySelector("#finds button[name=procedure]")?.click();
}

function walkFinds(event) {
  const inFinds = event.target.closest("#finds");
  if (!inFinds && !event.target.matches("[data-find]")) return;
  const all = [...document.querySelectorAll("#finds button")];
  const next = all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  (next < 0 ? document.getElementById("find") : all[next])?.focus();
}

function pressed(event) {
  const button = event.target.closest("button[name=procedure], button[data-drop]");
  if (!button) return;
  event.preventDefault();
  if (button.matches("[data-drop]")) {
    button.closest("li").remove();
    soon();
    return;
  }
  hidden("procedure").value = button.value;
  const first = () => {
    const next = button.value ? form.querySelector("#r-questions [data-step], #r-papers [data-step]") : document.getElementById("find");
    (next?.type === "radio" ? checkedOf(next) : next)?.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  refresh({ forced: true, then: first });
}

// ---- the last step ------------------------------------------------------------------------------------------

function lastStep(event, uploads) {
  const button = event.submitter;
  if (!button || button.name !== "step") return;
  if (!navigator.onLine) {
    event.preventDefault();
    event.stopImmediatePropagation();
    note("lost");
    return;
  }
  if (uploads.pending()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    note("waiting");
    // The slip may have been renewed meanwhile: the button that says the same is pressed, if it still stands there.
    uploads.idle().then(() => {
      note("");
      const again = form.querySelector(`.slip-acts button[value="${CSS.escape(button.value)}"]`);
      if (again) form.requestSubmit(again);
    });
    return;
  }
  if ("prints" in button.dataset && !form.dataset.sent) {
    // The tab is opened by this very key, or the browser would not allow it; the next page fills or closes it.
    if (!document.querySelector(".slip-open")) window.open("", TAB);
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "print", value: "1" });
    form.append(field);
  }
}

function restored() {
  let kept = [];
  try {
    kept = JSON.parse(sessionStorage.getItem(`gandan-draft:${form.dataset.draft}`) ?? "[]");
  } catch {
    return;
  }
  const values = kept.filter(([, , checked]) => checked !== false).map(([name, value]) => [name, value]);
  values.push(["csrfmiddlewaretoken", hidden("csrfmiddlewaretoken").value]);
  refresh({ forced: true, values });
}

if (form) {
  document.documentElement.classList.add("with-script");
  const uploads = startUploads(form, { note, changed: soon });
  form.addEventListener("gandan:restored", restored);
  form.addEventListener("keydown", keys);
  document.addEventListener("keydown", anywhere);
  form.addEventListener("click", pressed);
  form.addEventListener("submit", (event) => lastStep(event, uploads));
  form.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-find]")) {
      clearTimeout(findTimer);
      findTimer = setTimeout(() => find(event.target.value), 120);
    } else if (event.target !== form && event.target.name !== "scan" && event.target.name !== "agent_scan" && event.target.type !== "file") soon();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio" || event.target.type === "checkbox") refresh();
  });
  window.addEventListener("online", () => { note(""); uploads.again(); soon(); });
  window.addEventListener("offline", () => note("lost"));
  window.addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });
}
