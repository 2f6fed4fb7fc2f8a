// Questions: a choice or a number for each. A question with replies answers by itself; a guess
// goes to Python, which keeps it, and says what it understood.

function render({ model, el }) {
  const set = Math.random().toString(36).slice(2); // like no other's on the page
  const replies = [];
  let gone = false;

  const guess = (i, value) => {
    if (gone) return;
    const guesses = [...model.get("guesses")];
    guesses[i] = value;
    model.set("guesses", guesses);
    model.save_changes();
    model.send(guesses); // at once: changes of state wait until the kernel has answered the last
  };
  const reply = (i, question, number) => {
    if (question.replies && number !== null) replies[i].textContent = question.replies[number];
  };
  const choices = (i, question, box) =>
    question.choices.map((choice, number) => {
      const input = make("input", { type: "radio", name: `course-question-${set}-${i}` });
      input.checked = model.get("guesses")[i] === number;
      input.addEventListener("change", () => {
        reply(i, question, number);
        guess(i, number);
      });
      keepKeys(input, el);
      box.append(make("label", {}, input, make("span", { textContent: choice })));
    });
  const number = (i, question, box) => {
    const input = make("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
    input.value = model.get("guesses")[i] ?? "";
    input.placeholder = question.range;
    input.ariaLabel = `${question.text} ${question.range}`;
    input.addEventListener("input", () => guess(i, input.value));
    keepKeys(input, el);
    box.append(input);
  };

  model.get("questions").forEach((question, i) => {
    const box = make("fieldset", {}, make("legend", { textContent: question.text }));
    replies[i] = statusLine("course-note");
    (question.choices ? choices : number)(i, question, box);
    reply(i, question, model.get("guesses")[i]);
    box.append(replies[i]);
    el.append(box);
  });
  const heard = () => model.get("notes").forEach((note, i) => note && (replies[i].textContent = note));
  const lost = () => {
    gone = true;
    model.get("questions").forEach(({ replies: own }, i) => own || (replies[i].textContent = GONE));
  };
  heard();
  leaveCellAlone(el);
  const asleep = awaken(model, el);
  model.on("change:notes", heard);
  model.on("comm_live_update", lost);
  return () => {
    model.off("change:notes", heard);
    model.off("comm_live_update", lost);
    asleep();
  };
}
export default { render };
