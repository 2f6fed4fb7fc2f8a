// The course's figures and questions on a page with no kernel behind it. The parts of a notebook's
// page are used as they are (helpers/page); what stands for their model answers from a recording.

const course = (() => {
  const [ALONG_POINTS, ALONG_LOOKS, BY_COLUMN, APART] = [1, 2, 4, 8]; // the ways of docs/pages/packing.py
  const PACE = 100; // milliseconds from one picture of a recorded run to the next
  const NEAR = "800px"; // how far below the window a figure begins to be fetched

  // ---------------------------------------------------------------- recordings

  // The packed figure in a file: JSON, and behind it the numbers of its groups, as bytes.
  const unpacked = async (base64) => {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const opened = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(opened).arrayBuffer());
    let at = bytes.indexOf(10); // a new line, which JSON has none of
    const found = JSON.parse(new TextDecoder().decode(bytes.subarray(0, at++)));
    const next = () => {
      let [number, unit] = [0, 1];
      for (; bytes[at] > 127; unit *= 128) number += (bytes[at++] - 128) * unit;
      number += bytes[at++] * unit;
      return number % 2 ? -(number + 1) / 2 : number / 2;
    };
    for (const { groups } of found.artists)
      for (const group of groups) group.numbers = Array.from({ length: group.numbers }, next);
    return found;
  };

  const sums = (steps) => {
    let sum = 0;
    return steps.map((step) => (sum += step));
  };

  const at = (column, i) => (column.length === 1 ? column[0] : column[i]);

  // The numbers of each look of a group.
  const rowsOf = ({ way, numbers, widths, count }) => {
    const rows = Array.from({ length: count }, (_, row) => new Array(at(widths, row)));
    let from = 0;
    if (way & BY_COLUMN) {
      for (let i = 0; i < widths[0]; i++) for (const row of rows) row[i] = numbers[from++];
    } else {
      const step = way & APART ? 2 : 1;
      for (let first = 0; first < step; first++)
        for (const row of rows) for (let i = first; i < row.length; i += step) row[i] = numbers[from++];
    }
    if (way & ALONG_POINTS) rows.forEach((row) => row.forEach((_, i) => i > 1 && (row[i] += row[i - 2])));
    if (way & ALONG_LOOKS)
      rows.forEach((row, r) => row.forEach((_, i) => r && i in rows[r - 1] && (row[i] += rows[r - 1][i])));
    return rows;
  };

  // What each of an artist's looks draws, made when it is asked for.
  const looksOf = ({ groups }, write) => {
    const looks = [];
    for (const group of groups) {
      const rows = rowsOf(group);
      const places = group.which ? sums(group.which) : rows.keys();
      [...places].forEach((place, i) => {
        const words = () => group.words.map((column) => at(column, i));
        looks[place] = () => write(group.strokes, rows[i], words());
      });
    }
    return looks;
  };

  const drawn = (strokes, numbers, words) => {
    let [number, word] = [0, 0];
    return strokes.map(([kind, css, clip, what]) => {
      const own = numbers.slice(number, (number += words[word++]));
      if (kind === "text") what = [words[word++], what, words[word++]];
      if (kind === "image") what = [words[word++], ...what];
      return [kind, css, clip, what, own];
    });
  };
  const said = (around, _numbers, words) => around.map((part, i) => part + (words[i] ?? "")).join("");

  // What an artist shows at the places where the controls stand.
  const reader = (artist, shape, write) => {
    const looks = looksOf(artist, write);
    const index = artist.index && sums(artist.index);
    const which = (places) => {
      const at = artist.over.reduce((sum, control) => sum * shape[control] + places[control], 0);
      return index ? index[at] : at;
    };
    return { which, look: (number) => looks[number]() };
  };

  // A reader for each artist, and for the sentence, which is the last.
  const readersOf = ({ shape, artists }) =>
    artists.map((artist, i) => reader(artist, shape, i < artists.length - 1 ? drawn : said));

  // ---------------------------------------------------------------- models

  // What the parts take for the model of a widget; `heard` answers what they send.
  const modelOf = (traits, heard) => {
    const listeners = {};
    return {
      get: (name) => traits[name],
      set: (name, value) => (traits[name] = value),
      save_changes: () => {},
      on: (event, listener) => (listeners[event] ??= new Set()).add(listener),
      off: (event, listener) => listeners[event]?.delete(listener),
      send: (message) => heard(message, (event, answer) => listeners[event]?.forEach((one) => one(answer))),
    };
  };

  const figureModel = (name, recording) => {
    const { figure } = recording;
    const readers = readersOf(recording);
    const sentence = readers.pop();
    const look = (one, places) => one.look(one.which(places));
    const start = figure.controls.map((control) => control.start);
    let shown = readers.map((one) => one.which(start));
    let order = 0;
    figure.layers.push(...readers.map((one) => look(one, start)));
    figure.alt = look(sentence, start);
    return modelOf({ name, figure }, (message, answer) => {
      if (message.hello) return; // the view has drawn it all
      const wanted = readers.map((one) => one.which(message.indices));
      const layers = [];
      wanted.forEach((number, i) => {
        if (number !== shown[i] || message.all) layers.push([i + 1, readers[i].look(number)]);
      });
      shown = wanted;
      answer("msg:custom", {
        request: message.request,
        indices: message.indices,
        order: ++order,
        all: Boolean(message.all),
        layers,
        alt: look(sentence, message.indices),
        message: "",
        beside: {},
      });
    });
  };

  // ---------------------------------------------------------------- figures

  const waiting = new Map(); // the elements of figures that are fetched, by name

  const fetchFigure = (element) => {
    const { name } = element.dataset;
    waiting.set(name, element);
    load(`recorded/${name}.js`);
  };
  const load = (file) => {
    const script = document.createElement("script");
    script.src = new URL(file, home).href;
    document.head.append(script);
  };
  const arrived = async (name, data) => {
    const element = waiting.get(name);
    const recording = await unpacked(data);
    wake(element, figure, figureModel(name, recording));
    if ("trains" in recording) play(element);
  };
  const wake = (element, part, model) => {
    const el = document.createElement("div");
    element.append(el);
    part.render({ model, el });
    element.dataset.awake = "";
  };

  // A button that plays a recorded run, from where the slider stands; at its end, from the start.
  const play = (element) => {
    const slider = element.querySelector("input");
    const button = document.createElement("button");
    let timer;
    const name = (running) => (button.textContent = running ? "Pause" : "Play");
    const pause = () => name((timer = clearInterval(timer)));
    const show = (place) => {
      slider.value = place;
      slider.dispatchEvent(new Event("input"));
    };
    const further = () => (slider.value === slider.max ? pause() : show(slider.valueAsNumber + 1));
    button.addEventListener("click", () => {
      if (timer) return pause();
      if (slider.value === slider.max) show(0);
      name((timer = setInterval(further, PACE)));
    });
    // The hand comes first.
    for (const event of ["pointerdown", "keydown"]) slider.addEventListener(event, pause);
    const reset = element.querySelector("button");
    reset.addEventListener("click", pause);
    button.type = "button";
    pause();
    reset.before(button);
  };

  // ---------------------------------------------------------------- questions

  const store = {
    get: (key) => {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null; // not kept, or not allowed
      }
    },
    set: (key, value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // A page that may keep nothing still answers.
      }
    },
  };
  const page = location.pathname.split("/").pop();
  const keyOf = (question) => `course ${page} ${question}`;
  const given = (element) => JSON.parse(element.querySelector("script").textContent);

  // The number that a person means; null where it is none from low to high.
  const number = (typed, low, high) => {
    let text = String(typed).replace(/[\s'’_]/g, "").replace(/[−–]/g, "-");
    const percent = text.endsWith("%");
    if (percent) text = text.slice(0, -1);
    const grouped = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(text);
    const readings = grouped ? [text.replaceAll(",", "")] : [];
    if (!grouped || high - low < 10) readings.push(text.replace(",", "."));
    if (/^[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/.test(text))
      readings.push(text.replaceAll(".", "").replace(",", "."));
    const numbers = readings.filter((one) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(one)).map(Number);
    if (percent) numbers.push(...numbers.map((one) => one / 100));
    return numbers.find((one) => low <= one && one <= high) ?? null;
  };
  const inWords = (value) => value.toLocaleString("en-US", { maximumSignificantDigits: 10 });
  const heardAs = ({ low, high }, typed) => {
    if (!String(typed ?? "").trim()) return " ";
    const understood = number(typed, low, high);
    if (understood !== null) return `Your guess: ${inWords(understood)}`;
    if (number(typed, -Infinity, Infinity) === null) return "That is not a number yet.";
    return `That lies outside ${inWords(low)} to ${inWords(high)}.`;
  };

  const asked = new Map(); // the questions of this page, by their key

  const wakeQuestions = (element) => {
    const { questions: all } = given(element);
    const guesses = all.map(({ key }) => store.get(keyOf(key)));
    all.forEach((question) => asked.set(question.key, question));
    const notes = (all) => all.map((one, i) => ("range" in one ? heardAs(one, model.get("guesses")[i]) : ""));
    const traits = { name: element.dataset.name, questions: all, guesses, notes: [] };
    const model = modelOf(traits, (message, answer) => {
      all.forEach(({ key }, i) => store.set(keyOf(key), message[i] ?? null));
      model.set("notes", notes(all));
      answer("change:notes");
      showAnswers();
    });
    model.set("notes", notes(all));
    wake(element, questions, model);
  };

  // What came out stays folded until there is a guess.
  const showAnswers = () => {
    for (const element of document.querySelectorAll(".course-answer")) {
      const { answer, key, right, number: truth } = given(element);
      const question = asked.get(key);
      const guess = question && store.get(keyOf(key));
      const fold = element.querySelector("details");
      if (!fold || !question || guess === null || guess === undefined) continue;
      let said = "";
      if (question.choices) {
        said = guess === right ? `${answer}, as you said.` : `${answer}. You said ${question.choices[guess]}.`;
      } else {
        const understood = number(guess, question.low, question.high);
        if (understood === null) continue;
        const off = Math.abs(understood - truth);
        said = `${answer}. You said ${inWords(understood)}`;
        if (truth !== null) said += `: off by ${Number(off.toPrecision(3))}`;
        if (truth !== null && off <= (question.high - question.low) / 20) said += ", close enough";
        said += ".";
      }
      fold.querySelector("p").textContent = said;
      fold.open = true;
    }
  };

  // ---------------------------------------------------------------- the page

  // The style sheet of figures asks the page as JupyterLab would answer.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const showMode = () => {
    const theme = document.body.dataset.theme ?? "auto";
    const isDark = theme === "dark" || (theme === "auto" && dark.matches);
    document.body.dataset.jpThemeLight = String(!isDark);
  };

  // What scrolls in its box can be reached by the keyboard.
  const openToKeys = () => {
    for (const box of document.querySelectorAll("pre, .table-wrapper"))
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  };

  // Paper cannot be clicked: folds are open on it, but for code that only draws.
  const openForPaper = () => {
    const folds = [...document.querySelectorAll("details:not(.hide):not([open])")];
    folds.forEach((fold) => (fold.open = true));
    addEventListener("afterprint", () => folds.forEach((fold) => (fold.open = false)), { once: true });
  };

  // The search would fetch what stands around a word that it found, which a folder does not allow.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  const home = document.currentScript.src;
  const begin = () => {
    openToKeys();
    addEventListener("resize", openToKeys);
    addEventListener("beforeprint", openForPaper);
    showMode();
    dark.addEventListener("change", showMode);
    new MutationObserver(showMode).observe(document.body, { attributeFilter: ["data-theme"] });
    document.querySelectorAll(".course-questions").forEach(wakeQuestions);
    showAnswers();
    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          fetchFigure(target);
        }
      },
      { rootMargin: NEAR },
    );
    const figures = document.querySelectorAll(".course-figure");
    figures.forEach((element) => near.observe(element));
    if (figures.length) load("fonts.js");
  };
  document.addEventListener("DOMContentLoaded", begin);
  return { arrived, readersOf, unpacked };
})();
