// A figure with its controls: asks Python for what moves, and draws the answer.

const BUSY = "Python is busy; the picture follows as soon as it answers.";
const UNHURRIED = 1000; // milliseconds without an answer before that is said
const QUIET = 400; // milliseconds without a change before the picture is read aloud

function render({ model, el }) {
  const figure = model.get("figure");
  const { controls } = figure;
  const drawing = new Drawing(figure, figure.layers.length);
  const note = statusLine("course-note");
  const voice = statusLine("course-unseen");
  let wanted = controls.map((control) => control.start);
  let [waiting, sent, order, gone] = [0, 0, 0, false];
  let busyTimer, voiceTimer;

  const rows = controls.map((control, i) => {
    const input = make("input", { type: "range", min: 0, max: control.texts.length - 1 });
    const readout = make("span", { className: "course-readout", ariaHidden: "true" });
    input.addEventListener("input", () => {
      wanted[i] = input.valueAsNumber;
      showValue(i);
      ask();
    });
    keepKeys(input, el);
    const name = make("span", { className: "course-name", textContent: control.label });
    return { input, readout, row: make("label", { className: "course-row" }, name, input, readout) };
  });
  const showValue = (i) => {
    const text = controls[i].texts[wanted[i]];
    rows[i].input.value = wanted[i];
    rows[i].input.ariaValueText = rows[i].readout.textContent = text;
  };
  const reset = make("button", { type: "button", textContent: "Reset" });
  reset.title = "Back to the values at the start";
  reset.addEventListener("click", () => {
    wanted = controls.map((control) => control.start);
    rows.forEach((_, i) => showValue(i));
    ask({ reset: true });
  });
  keepKeys(reset, el);

  // What stands beside the picture of a network that trains: buttons, and how far it is.
  const training = "running" in figure.beside;
  const [train, one, again] = [
    ["Train", "Train, or pause", () => (running ? "pause" : "train")],
    ["One step", "Take one step", () => "step"],
    ["Again", "A network from the start, with the same luck", () => "again"],
  ].map(([textContent, title, wish]) => {
    const button = make("button", { type: "button", textContent, title });
    button.addEventListener("click", () => ask({ do: wish(), all: true }));
    keepKeys(button, el);
    return button;
  });
  const [line, goal] = [make("p"), make("p")];
  let running = false;
  const showBeside = (beside) => {
    running = beside.running;
    train.textContent = running ? "Pause" : "Train";
    line.textContent = beside.line;
    goal.textContent = beside.goal;
  };
  const seen = (order) => {
    try {
      model.send({ seen: order });
    } catch {
      lost();
    }
  };

  // One question at a time: what moves meanwhile is asked, once, when the answer is there.
  const ask = (more = {}) => {
    if (gone || (waiting && !more.reset && !more.all)) return;
    waiting = ++sent;
    clearTimeout(busyTimer);
    busyTimer = setTimeout(() => (note.textContent = BUSY), UNHURRIED);
    try {
      model.send({ request: sent, indices: wanted, ...more });
    } catch {
      lost();
    }
  };
  const lost = () => {
    clearTimeout(busyTimer);
    gone = true;
    note.textContent = GONE;
    rows.forEach(({ input }) => (input.disabled = true));
    [train, one, again, reset].forEach((button) => (button.disabled = true));
  };
  const draw = (layers) => layers.forEach(([index, strokes]) => drawing.draw(index, strokes));
  const answered = (answer) => {
    if (answer.welcome) {
      wanted = answer.indices;
      rows.forEach((_, i) => showValue(i));
    } else if (!answer.all && answer.order !== order + 1) {
      return ask({ all: true }); // an answer was missed: another view asked, say
    }
    order = answer.order;
    draw(answer.layers);
    note.textContent = answer.message || answer.beside.note || "";
    if (training) {
      showBeside(answer.beside);
      requestAnimationFrame(() => seen(answer.order)); // not where nobody looks
    }
    drawing.describe(answer.alt);
    clearTimeout(voiceTimer);
    voiceTimer = setTimeout(() => (voice.textContent = answer.alt), QUIET);
    if (answer.request < waiting) return;
    clearTimeout(busyTimer);
    waiting = 0;
    if (String(answer.indices) !== String(wanted)) ask();
  };

  drawing.describe(figure.alt);
  draw(figure.layers.map((strokes, index) => [index, strokes]));
  rows.forEach((_, i) => showValue(i));
  const kind = figure.photo ? "course-picture course-photo" : "course-picture";
  const picture = make("div", { className: kind, tabIndex: 0 }, drawing.picture);
  picture.setAttribute("role", "group");
  picture.ariaLabel = "Picture";
  if (training) showBeside(figure.beside);
  const buttons = training ? [train, one, again, reset] : [reset];
  const below = training ? [line, goal, note, voice] : [note, voice];
  el.append(picture, ...rows.map(({ row }) => row), ...buttons, ...below);
  const asleep = awaken(model, el);
  model.on("msg:custom", answered);
  model.on("comm_live_update", lost);
  model.send({ hello: true }); // a view that comes later draws what the others show
  return () => {
    model.off("msg:custom", answered);
    model.off("comm_live_update", lost);
    asleep();
  };
}
export default { render };
