"""Graphs, nodes and values of a model, all of them or one at random."""

import onnx


def graphs(model):
    """Every graph and every function of a model, outermost first."""
    found = [model.graph] + list(model.functions)
    for graph in found:
        for node in graph.node:
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    found.append(attribute.g)
                found.extend(attribute.graphs)
    return found


def some_graph(model, rng):
    return rng.choice([g for g in graphs(model) if g.node] or [model.graph])


def some_node(model, rng):
    graph = some_graph(model, rng)
    return (graph, rng.choice(graph.node)) if graph.node else (graph, None)


def some_value(graph, rng):
    names = [n for node in graph.node for n in list(node.input) + list(node.output)]
    if not isinstance(graph, onnx.FunctionProto):
        names += [v.name for v in list(graph.input) + list(graph.initializer)]
    return rng.choice(names or [""])
