// Theme and size of type change at once; the choice is kept by the same form post as without script.

function show(button) {
  const root = document.documentElement;
  if (button.name === "theme") {
    if (button.value === "auto") root.removeAttribute("data-theme");
    else root.dataset.theme = button.value;
  } else if (button.value === "large") root.dataset.type = "large";
  else root.removeAttribute("data-type");
  for (const other of button.form.querySelectorAll(`button[name="${button.name}"]`)) {
    other.setAttribute("aria-pressed", String(other === button));
  }
}

export function startTheme() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.matches("form[data-switches]") || !button || button.name === "language") return;
    event.preventDefault();
    const body = new FormData(event.target);
    body.append(button.name, button.value);
    show(button);
    fetch(event.target.action, { method: "POST", body, redirect: "manual" }).catch(() => event.target.submit());
  });
}
