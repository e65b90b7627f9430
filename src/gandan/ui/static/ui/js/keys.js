// j / k walk the rows of the list, Enter opens, "/" goes to the search box, "?" shows the keys,
// and a button with data-key is pressed by that key (F9 prints).

const TYPING = "input, textarea, select, [contenteditable]";

function rowLinks() {
  return [...document.querySelectorAll("[data-rows] a.row-link")];
}

function walk(step) {
  const links = rowLinks();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  const link = links[Math.max(0, Math.min(links.length - 1, next))];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

function letter(event) {
  const search = document.querySelector("[data-search]");
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "/" && search) search.focus();
  else if (event.key === "?") document.getElementById("keys")?.showModal();
  else return;
  event.preventDefault();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = CSS.escape(event.key);
  const button = document.querySelector(`button[data-key="${key}"]:not(:disabled), a[data-key="${key}"]`);
  const typing = event.target.matches?.(TYPING);
  if (button && (!typing || event.key.length > 1)) {
    event.preventDefault();
    button.click();
  } else if (!typing && !document.querySelector("dialog[open]")) letter(event);
}

export function startKeys() {
  document.addEventListener("keydown", pressed);
}
