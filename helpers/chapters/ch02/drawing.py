"""The picture of a graph of Values, as chapter 02 draws it: columns, lanes, boxes, arrows.

A Value here is whatever has `inputs`, `op`, `data`, `grad` and `slopes`, one for each input.
"""

import matplotlib.pyplot as plt
import networkx as nx

from helpers.plots import DARK, GRAY


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


def caption(node, name, grad):
    title = ": ".join(part for part in (name, node.op) if part) or f"{node.data:g}"
    return f"{title}\ndata {node.data:5.2f}\ngrad {grad:5.2f}"


def draw_arrows(ax, node, spots, gap):
    """Draw an arrow from each input to the node, with the local slope above it."""
    x, y = spots[node]
    for i, value in enumerate(node.inputs):
        from_x, from_y = spots[value]
        shift = 0.3 * (0.5 - i) if node.inputs.count(value) > 1 else 0.0  # two roads, side by side
        lanes = sorted(
            spots[key] for key in spots if isinstance(key, tuple) and key[:2] == (node, value)
        )
        way = [(from_x + gap, from_y + shift), *lanes, (x - gap, y + shift)]
        ax.plot(*zip(*way[:-1], strict=True), color=GRAY, linestyle="-", linewidth=1)
        style = {"arrowstyle": "->", "color": GRAY, "shrinkA": 0}
        ax.annotate("", way[-1], way[-2], arrowprops=style)
        middle = [(way[-2][k] + way[-1][k]) / 2 for k in (0, 1)]
        text = ax.text(*middle, f"×{round(node.slopes[i], 2):g}", size=8, ha="center")
        if way[-2][1] == way[-1][1]:
            text.set_va("bottom")
        else:
            text.set(va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})


def draw(output, title, **names):
    """Return the figure of the graph that leads to `output`, and the box of each node.

    Each node is a box: its name or operation, data, gradient; `names` maps names to nodes. Each
    arrow runs from an input to what was made of it, and carries the local slope.
    """
    name_of, spots = {node: name for name, node in names.items()}, spots_of(output)
    columns, rows = 1 + spots[output][0], 1 + 2 * max(y for _, y in spots.values())
    fig, ax = plt.subplots(figsize=(min(1.6 * columns, 9), 0.85 * rows + 0.6))
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(-rows / 2 - 0.1, rows / 2 + 0.1), title=title)
    ax.axis("off")
    boxes = {}
    for node, (x, y) in spots.items():
        if isinstance(node, tuple):
            continue  # a lane
        text = caption(node, name_of.get(node, ""), node.grad)
        style = {"boxstyle": "round", "facecolor": "white", "edgecolor": DARK}
        boxes[node] = ax.text(x, y, text, ha="center", va="center", size=8.5, bbox=style)
        boxes[node].set(family="monospace", zorder=3)
        draw_arrows(ax, node, spots, gap=0.46 * columns / fig.get_figwidth())
    return fig, boxes
