// A term of the glossary shows its sentence: under the pointer, at the focus, at a first tap. It stays
// while the pointer is on it or on its sentence, or the focus on it, and goes at Escape.
(() => {
  const [COME, LINGER] = [120, 300]; // milliseconds, so that a pointer may pass, or cross over
  const EDGE = 8; // pixels that stay free at the sides of the window
  const tip = Object.assign(document.createElement("div"), { id: "course-tip", hidden: true });
  tip.role = "tooltip";
  let shown = null; // the term whose sentence is seen
  let tapped = false; // it was a finger, on a term that showed nothing yet
  let timer;

  const place = (term) => {
    const lines = term.getClientRects();
    const [first, last] = [lines[0], lines[lines.length - 1]];
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(Math.max(EDGE, last.left), clientWidth - width - EDGE);
    const below = last.bottom + height <= clientHeight || first.top < height;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(below ? last.bottom : first.top - height) + scrollY}px`;
  };
  const hide = () => {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const show = (term) => {
    clearTimeout(timer);
    if (shown === term) return;
    hide();
    shown = term;
    const from = `From chapter ${term.dataset.chapter}. The link leads to the glossary.`;
    tip.replaceChildren(
      Object.assign(document.createElement("p"), { textContent: term.dataset.says }),
      Object.assign(document.createElement("p"), { textContent: from, className: "course-aside" }),
    );
    tip.hidden = false;
    tip.style.left = tip.style.top = "0";
    place(term);
    term.setAttribute("aria-describedby", tip.id);
  };
  const later = (what, delay) => {
    clearTimeout(timer);
    timer = setTimeout(what, delay);
  };
  const termAt = (event) => event.target.closest?.(".course-term");
  const within = (event) => termAt(event) ?? (tip.contains(event.target) ? shown : null);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const term = within(event);
    if (term && term === shown) clearTimeout(timer);
    else if (term) later(() => show(term), shown ? LINGER : COME);
    else if (shown && document.activeElement !== shown) later(hide, LINGER);
    else if (!shown) clearTimeout(timer);
  });
  document.addEventListener("pointerdown", (event) => {
    const term = within(event);
    tapped = event.pointerType === "touch" && term !== shown;
    if (!term) hide();
  });
  document.addEventListener("click", (event) => {
    const term = termAt(event);
    if (!term || !tapped) return;
    event.preventDefault(); // the second tap follows the link
    show(term);
  });
  document.addEventListener("focusin", (event) => {
    const term = termAt(event);
    if (term) show(term);
    else hide();
  });
  document.addEventListener("focusout", (event) => termAt(event) === shown && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("resize", hide);
  document.addEventListener("DOMContentLoaded", () => document.body.append(tip));
})();
