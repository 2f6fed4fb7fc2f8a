// A figure in the page: strokes, as helpers/vectors.py describes them, into an inline SVG.

const TENTH = 10; // numbers are tenths of a pixel
const POINTS = { M: 1, L: 1, Q: 2, C: 3, Z: 0 }; // that follow each letter of a path
const TAGS = { path: "path", marks: "g", text: "text", image: "image" };

const svg = (tag, attributes = {}, ...inside) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...inside);
  return node;
};

class Drawing {
  // `layers` artists lie one above the other; each is a list of strokes and drawn by itself.
  constructor({ width, height, least_width }, layers) {
    this.name = `course-drawing-${Math.random().toString(36).slice(2)}`; // like no other's on the page
    this.clips = new Map(); // outline to id
    this.defs = svg("defs");
    this.layers = Array.from({ length: layers }, () => ({ group: svg("g"), nodes: [], kinds: "" }));
    this.picture = svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" },
      this.defs,
      ...this.layers.map((layer) => layer.group),
    );
    this.picture.style.cssText = `max-width: 100%; min-width: ${least_width}px; height: auto`;
  }

  describe(alt) {
    this.picture.setAttribute("aria-label", alt);
  }

  // Draw one layer anew. Nodes stay while the same kinds of strokes come in the same order.
  draw(index, strokes) {
    const layer = this.layers[index];
    const kinds = strokes.map(([kind, css, clip]) => kind + css + clip).join("\n");
    if (layer.kinds !== kinds) {
      layer.kinds = kinds;
      layer.nodes = strokes.map(([kind, css]) => svg(TAGS[kind], { style: css }));
      layer.group.replaceChildren(
        ...layer.nodes.map((node, i) => this.clipped(node, strokes[i][2])),
      );
    }
    strokes.forEach((stroke, i) => this[stroke[0]](layer.nodes[i], stroke[3], stroke[4]));
  }

  // A clip stands on a group of its own: a node's own transform would move it along.
  clipped(node, outline) {
    if (!outline) return node;
    if (!this.clips.has(outline)) {
      const id = `${this.name}-${this.clips.size}`;
      this.clips.set(outline, id);
      this.defs.append(svg("clipPath", { id }, svg("path", { d: outline })));
    }
    return svg("g", { "clip-path": `url(#${this.clips.get(outline)})` }, node);
  }

  path(node, letters, numbers) {
    let d = "";
    if (!letters) {
      for (let i = 0; i < numbers.length; i += 2)
        d += `${i ? "L" : "M"}${numbers[i] / TENTH} ${numbers[i + 1] / TENTH}`;
    } else {
      let i = 0;
      for (const letter of letters) {
        d += letter;
        for (let point = 0; point < POINTS[letter]; point++, i += 2)
          d += `${numbers[i] / TENTH} ${numbers[i + 1] / TENTH} `;
      }
    }
    node.setAttribute("d", d);
  }

  marks(node, outline, numbers) {
    while (node.childElementCount > numbers.length / 2) node.lastChild.remove();
    while (node.childElementCount < numbers.length / 2) node.append(svg("path"));
    [...node.children].forEach((mark, i) => {
      mark.setAttribute("d", outline);
      const [x, y] = [numbers[2 * i] / TENTH, numbers[2 * i + 1] / TENTH];
      mark.setAttribute("transform", `translate(${x} ${y})`);
    });
  }

  text(node, [words, angle, width], numbers) {
    const [x, y] = numbers.map((number) => number / TENTH);
    node.setAttribute("x", x);
    node.setAttribute("y", y);
    // As wide as where it was measured, whatever font is here.
    if (width) node.setAttribute("textLength", width / TENTH);
    node.setAttribute("transform", angle ? `rotate(${angle} ${x} ${y})` : "");
    node.textContent = words;
  }

  image(node, [href, width, height, transform]) {
    const attributes = { href, width, height, transform, preserveAspectRatio: "none" };
    for (const name in attributes) node.setAttribute(name, attributes[name]);
  }
}
