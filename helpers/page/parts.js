// What the parts of the page that answer the hand have in common.

const GONE = "The kernel behind this was stopped or restarted. Run this cell again to wake it.";

const make = (tag, properties = {}, ...inside) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...inside);
  return node;
};

// A line that is read aloud when it changes.
const statusLine = (className) => {
  const line = make("p", { className });
  line.setAttribute("role", "status");
  return line;
};

// JupyterLab would take letters and arrows for its own, and the focus with them: a control keeps its
// keys. Those that run a cell, save or leave go on as if they were pressed beside it.
const keepKeys = (input, el) => {
  input.dataset.lmSuppressShortcuts = "true";
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const command = event.ctrlKey || event.metaKey;
    const runs = event.key === "Enter" && (command || event.shiftKey || event.altKey);
    const other = command && (input.type !== "text" || event.key === "s");
    if (!runs && !other && event.key !== "Escape") return;
    // To run a cell and stay on it, the focus must be on the cell.
    const place = runs && !event.shiftKey ? el.closest(".jp-Cell") : null;
    place?.focus();
    if (!(place ?? el).dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
  });
};

// A click here is not one on the cell: the next Shift+Enter runs what would have run without it.
const leaveCellAlone = (el) => {
  for (const kind of ["pointerdown", "mousedown", "click", "focusin"])
    el.addEventListener(kind, (event) => event.stopPropagation());
};

// While the part lives, its still makes way. (JupyterLab and Notebook hide the whole output by
// style sheet; this is for front ends with other names.) The return value brings the still back.
const awaken = (model, el) => {
  el.classList.add("course-live");
  const stills = [...document.querySelectorAll(`[data-part="${model.get("name")}"]`)];
  stills.forEach((still) => (still.hidden = true));
  return () => stills.forEach((still) => (still.hidden = false));
};
