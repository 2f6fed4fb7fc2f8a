"""The pictures of a graph of Values in chapter 02: columns, lanes, boxes, arrows.

A Value here is whatever has `inputs`, `slopes` (one for each input), `data` and `grad`.
"""

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import networkx as nx

from helpers.plots import DARK, GRAY

RAISES, LOWERS = "#fde0c5", "#e2dbf0"  # what the loss does when the number in the box grows
WHOLE, PART = "#c9ecdc", "#fff3bf"  # how much of its gradient has arrived

Nodes = dict[str, Any]  # Values by the names in their boxes, the result last


def graph_of(output):
    """The columns of the graph, the result's first, and a graph that points back to the inputs."""
    graph, waiting = nx.DiGraph(), [output]
    graph.add_node(output)
    while waiting:
        node = waiting.pop()
        waiting += [value for value in node.inputs if value not in graph]
        graph.add_edges_from((node, value) for value in node.inputs)
    columns = list(nx.topological_generations(graph))
    place = {node: i for i, nodes in enumerate(columns) for node in nodes}
    for user, node in list(graph.edges):  # a long arrow gets a lane through each column it crosses
        path = [(user, node, i) for i in range(place[user] + 1, place[node])]
        for lane in path:
            columns[lane[2]].append(lane)
        nx.add_path(graph, [user, *path, node])
    return columns, graph


def spots_of(output):
    """Map each node and each lane to (x, y).

    Within a column, a node stands as high as its users do on average, so that few arrows cross.
    """
    columns, graph = graph_of(output)
    spots = {}
    for i, nodes in enumerate(columns):
        heights = {node: [spots[user][1] for user in graph.predecessors(node)] for node in nodes}
        nodes.sort(key=lambda node, at=heights: -sum(at[node]) / max(1, len(at[node])))
        for row, node in enumerate(nodes):
            spots[node] = (len(columns) - 1 - i, (len(nodes) - 1) / 2 - row)
    return spots


class Graph:
    """The picture of a graph: a box for each node, and an arrow from each input to its user.

    A box holds name, data and gradient; an arrow carries the local slope. `moving` are the artists
    that `fill` changes.
    """

    def __init__(self, nodes: Nodes, title: str):
        spots = spots_of(list(nodes.values())[-1])
        columns = 1 + max(x for x, _ in spots.values())
        rows = 1 + 2 * max(y for _, y in spots.values())
        self.fig, self.ax = plt.subplots(figsize=(min(1.6 * columns, 9), 0.85 * rows + 0.6))
        self.ax.set(xlim=(-0.5, columns - 0.5), ylim=(-rows / 2 - 0.1, rows / 2 + 0.1), title=title)
        self.ax.axis("off")
        gap = 0.46 * columns / self.fig.get_figwidth()
        style = {"boxstyle": "round", "facecolor": "white", "edgecolor": DARK}
        words = {"ha": "center", "va": "center", "family": "monospace", "size": 8.5}
        self.boxes, self.slopes = {}, {}
        for name, node in nodes.items():
            self.boxes[name] = self.ax.text(*spots[node], "", bbox=style, zorder=3, **words)
            self.slopes |= {(name, i): text for i, text in self.arrows(node, spots, gap)}
        self.moving = [*self.slopes.values(), *self.boxes.values()]
        self.fill(nodes)

    def arrows(self, node, spots, gap):
        """Draw an arrow from each input to the node; yield its place and the text of its slope."""
        x, y = spots[node]
        for i, value in enumerate(node.inputs):
            from_x, from_y = spots[value]
            shift = 0.3 * (0.5 - i) if node.inputs.count(value) > 1 else 0.0  # side by side
            lanes = sorted(
                spots[key] for key in spots if isinstance(key, tuple) and key[:2] == (node, value)
            )
            way = [(from_x + gap, from_y + shift), *lanes, (x - gap, y + shift)]
            self.ax.plot(*zip(*way[:-1], strict=True), color=GRAY, linestyle="-", linewidth=1)
            style = {"arrowstyle": "->", "color": GRAY, "shrinkA": 0}
            self.ax.annotate("", way[-1], way[-2], arrowprops=style)
            middle = [(way[-2][k] + way[-1][k]) / 2 for k in (0, 1)]
            text = self.ax.text(*middle, "", size=8, ha="center")
            if way[-2][1] == way[-1][1]:
                text.set_va("bottom")
            else:
                text.set(va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})
            yield i, text

    def fill(self, nodes: Nodes, grads: dict[str, float] | None = None) -> None:
        """Write data, gradients and slopes; `grads` are other gradients than those in the nodes."""
        for name, node in nodes.items():
            grad = grads[name] if grads else node.grad
            self.boxes[name].set_text(f"{name}\ndata {node.data:z5.2f}\ngrad {grad:z5.2f}")
            for i, slope in enumerate(node.slopes):
                self.slopes[name, i].set_text(f"×{round(slope, 2):zg}")


class Ripple(Graph):
    """The graph at the numbers of a hand, and below it what a nudge of each of them does.

    `build(**numbers)` makes the nodes. `nudge(name, **numbers)` gives the change of the result that
    the gradient predicts for a nudge of 0.01, and the one that is found.
    """

    def __init__(self, build: Callable[..., Nodes], nudge: Callable[..., tuple], title: str, **at):
        self.build, self.nudge = build, nudge
        super().__init__(build(**at), title)
        low = self.ax.get_ylim()[0]
        words = {"family": "monospace", "size": 8.5, "va": "bottom"}
        self.note = self.ax.text(self.ax.get_xlim()[1], low, "", ha="right", **words)
        self.moving.append(self.note)

    def changes(self, **at: float) -> dict[str, tuple[float, float]]:
        return {name: self.nudge(name, **at) for name in at}

    def parted(self, **at: float) -> str:
        """How well promise and truth agree, in words."""
        rounded = [(round(told, 4), round(found, 4)) for told, found in self.changes(**at).values()]
        apart = max(abs(told - found) for told, found in rounded)
        if apart < 1e-5:
            return "They agree to four decimals."
        return f"They part by {apart:.4f} at most: the curve bends."

    def move(self, **at: float) -> None:
        nodes = self.build(**at)
        *_, result = nodes.values()
        result.backward()
        self.fill(nodes)
        for name, node in nodes.items():
            grad = round(node.grad, 2)
            color = RAISES if grad > 0 else LOWERS if grad < 0 else "white"
            self.boxes[name].get_bbox_patch().set_facecolor(color)
        changes = self.changes(**at)
        rows = ["nudge by 0.01   ", "    predicted   ", "        found   "]
        for name, (told, found) in changes.items():
            rows[0] += f"{name:^9}"
            rows[1] += f"{told:+z9.4f}"
            rows[2] += f"{found:+z9.4f}"
        self.note.set_text("\n".join([*rows, self.parted(**at)]))

    def said(self, **at: float) -> str:
        """The sentence that is true of the picture."""
        told = ", ".join(
            f"{found:+z.4f} for {name}, predicted {told:+z.4f}"
            for name, (told, found) in self.changes(**at).items()
        )
        place = ", ".join(f"{name} = {number:zg}" for name, number in at.items())
        return f"At {place}, a nudge of 0.01 changes the loss by {told}. {self.parted(**at)}"


class Walk(Graph):
    """The graph after each push of the walk back: what has arrived where, and who has pushed.

    `order` are the nodes as they push, and `push(node)` hands on what a node owes.
    """

    def __init__(self, nodes: Nodes, order: list, push: Callable[[Any], None], title: str):
        self.nodes = nodes
        name_of = {node: name for name, node in nodes.items()}
        self.pushing = [node for node in order if node.inputs]
        self.pushed = [name_of[node] for node in self.pushing]
        order[0].grad = 1.0
        self.records = [self.grads()]
        for node in self.pushing:
            push(node)
            self.records.append(self.grads())
        super().__init__(nodes, title)
        self.note = self.ax.text(-0.45, self.ax.get_ylim()[0], "", va="bottom")
        self.moving.append(self.note)

    def grads(self) -> dict[str, float]:
        return {name: node.grad for name, node in self.nodes.items()}

    def arrived(self, step: int) -> dict[str, list[bool]]:
        """For each node, which of its users have pushed; the result needs none."""
        return {
            name: [
                n < step for n, user in enumerate(self.pushing) for v in user.inputs if v is node
            ]
            or [True]
            for name, node in self.nodes.items()
        }

    def go_to(self, step: int) -> None:
        self.fill(self.nodes, self.records[step])
        for name, there in self.arrived(step).items():
            color = WHOLE if all(there) else PART if any(there) else "white"
            now = name in self.pushed[:step][-1:]
            patch = self.boxes[name].get_bbox_patch()
            patch.set(facecolor=color, edgecolor="C1" if now else DARK, linewidth=3 if now else 1)
        self.note.set_text(f"pushed so far: {', '.join(self.pushed[:step]) or 'nothing'}")

    def said(self, step: int) -> str:
        """The sentence that is true of the picture."""
        there = list(self.arrived(step).values())
        whole, part = sum(map(all, there)), sum(any(t) and not all(t) for t in there)
        is_are = "is" if whole == 1 else "are"
        return (
            f"In the graph of a neuron's loss, after {step} of {len(self.pushed)} pushes, {whole} "
            f"of {len(there)} gradients {is_are} complete (green) and {part} partial (yellow); "
            f"that of w stands at {self.records[step]['w']:z.2f}."
        )
