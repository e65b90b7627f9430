// The receipt goes into the tab that the key opened on the page before; without that tab the button opens it.
const done = document.getElementById("done");
if (done?.dataset.print) {
  // Once: a reload, or the way back, prints nothing again.
  const url = done.dataset.print;
  window.history.replaceState(null, "", window.location.pathname);
  window.open(url, "gandan-receipt");
}
