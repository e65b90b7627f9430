// Everything a page gains from script; each piece is optional, the page works without any.
import { startDialogs } from "./dialog.js";
import { startDrafts } from "./draft.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menu.js";
import { startTheme } from "./theme.js";

startDialogs();
startDrafts();
startKeys();
startMenus();
startTheme();
document.querySelector("[data-focus]")?.focus();
