"""Writes the network as an ONNX file in whole numbers of eight bits: `written(weights, path)`.

Every matrix has one scale a column, every word piece one of its own; what flows between the layers is made whole
numbers as it comes (DynamicQuantizeLinear). The sums stay exact: only the rounding of weights and inputs costs."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HEADS, LAYERS, SMALLEST = 12, 6, 1e-12
OPSET = 20


class Graph:
    """Nodes and constants as they are added; every method gives the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = value
        return name

    def add(self, kind: str, *inputs: str, name: str = "", outputs: int = 1, **settings: object) -> list[str]:
        made = [f"{name or kind}_{len(self.nodes)}_{at}" for at in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), made, **settings))
        return made

    def one(self, kind: str, *inputs: str, **settings: object) -> str:
        return self.add(kind, *inputs, **settings)[0]  # type: ignore[arg-type]  # settings of the node

    def numbers(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, np.int64))

    def rounded(self, name: str, table: np.ndarray, at: str) -> str:
        """Rows of a table of whole numbers, each with a scale of its own."""
        scale = np.abs(table).max(axis=1, keepdims=True) / 127 + 1e-12
        whole = self.one("Gather", self.constant(f"{name}.rows", np.round(table / scale).astype(np.int8)), at)
        scales = self.one("Gather", self.constant(f"{name}.scale", scale.astype(np.float32)), at)
        return self.one("Mul", self.one("Cast", whole, to=TensorProto.FLOAT), scales)

    def linear(self, name: str, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x times the weight (given as outputs x inputs) plus the bias."""
        columns = weight.T
        scale = np.abs(columns).max(axis=0) / 127 + 1e-12
        whole = self.constant(f"{name}.weight", np.round(columns / scale).astype(np.int8))
        zero = self.constant("zero", np.array(0, np.int8))
        seen, seen_scale, seen_zero = self.add("DynamicQuantizeLinear", x, outputs=3)
        product = self.one("MatMulInteger", seen, whole, seen_zero, zero)
        scales = self.one("Mul", seen_scale, self.constant(f"{name}.scale", scale.astype(np.float32)))
        product = self.one("Mul", self.one("Cast", product, to=TensorProto.FLOAT), scales)
        return self.one("Add", product, self.constant(f"{name}.bias", bias.astype(np.float32)))

    def norm(self, name: str, x: str, weights: Mapping[str, np.ndarray]) -> str:
        scale, bias = (self.constant(f"{name}.{kind}", weights[f"{name}.{kind}"]) for kind in ("weight", "bias"))
        return self.one("LayerNormalization", x, scale, bias, axis=-1, epsilon=SMALLEST)


def written(weights: Mapping[str, np.ndarray], questions: list[str], path: Path) -> None:
    """weights: as the network of training.encoder_model names them.  questions: in the order of the output's columns."""
    graph = Graph()
    wide = weights["norm.weight"].size
    x = graph.rounded("pieces", weights["pieces.weight"], "numbers")
    length = graph.one("Shape", "numbers", start=1, end=2)
    places = graph.one("Slice", graph.constant("places", weights["places.weight"]), graph.numbers("from", 0), length)
    parts = graph.one("Gather", graph.constant("parts.weight", weights["parts.weight"]), "parts")
    x = graph.norm("norm", graph.one("Add", graph.one("Add", x, places), parts), weights)
    there = graph.one("Cast", "present", to=TensorProto.FLOAT)
    missing = graph.one("Sub", graph.constant("one", np.array(1, np.float32)), there)
    hidden = graph.one("Mul", missing, graph.constant("far", np.array(-1e9, np.float32)))
    mask = graph.one("Unsqueeze", hidden, graph.numbers("mask_axes", 1, 2))
    for number in range(LAYERS):
        x = _layer(graph, x, mask, f"layers.{number}", weights, wide)
    own = graph.one("Cast", graph.one("Sub", "present", "parts"), to=TensorProto.FLOAT)
    own = graph.one("Unsqueeze", own, graph.numbers("last", 2))
    total = graph.one("ReduceSum", graph.one("Mul", x, own), graph.numbers("middle", 1), keepdims=0)
    count = graph.one("ReduceSum", own, "middle", keepdims=0)
    pooled = graph.one("Div", total, count)
    heads = np.concatenate([weights[f"questions.{name}.weight"] for name in questions]).T
    biases = np.concatenate([weights[f"questions.{name}.bias"] for name in questions])
    product = graph.one("MatMul", pooled, graph.constant("heads", np.ascontiguousarray(heads)))
    graph.nodes.append(helper.make_node("Add", [product, graph.constant("heads.bias", biases)], ["logits"]))
    _save(graph, heads.shape[1], path)


def _layer(graph: Graph, x: str, mask: str, at: str, weights: Mapping[str, np.ndarray], wide: int) -> str:
    def linear(name: str, of: str) -> str:
        return graph.linear(f"{at}.{name}", of, weights[f"{at}.{name}.weight"], weights[f"{at}.{name}.bias"])

    size = wide // HEADS
    asked = graph.one("Reshape", linear("asks", x), graph.numbers("split", 0, 0, 3, HEADS, size))
    asked = graph.one("Transpose", asked, perm=[2, 0, 3, 1, 4])
    first, second, third = (
        graph.one("Gather", asked, graph.constant(f"part{n}", np.array(n, np.int64)), axis=0) for n in range(3)
    )
    scaled = graph.one("Mul", first, graph.constant("root", np.array(size**-0.5, np.float32)))
    match = graph.one("MatMul", scaled, graph.one("Transpose", second, perm=[0, 1, 3, 2]))
    share = graph.one("Softmax", graph.one("Add", match, mask), axis=-1)
    seen = graph.one("Transpose", graph.one("MatMul", share, third), perm=[0, 2, 1, 3])
    seen = linear("joins", graph.one("Reshape", seen, graph.numbers("join", 0, 0, wide)))
    x = graph.norm(f"{at}.first_norm", graph.one("Add", x, seen), weights)
    inner = linear("narrows", graph.one("Gelu", linear("widens", x)))
    return graph.norm(f"{at}.second_norm", graph.one("Add", x, inner), weights)


def _save(graph: Graph, answers: int, path: Path) -> None:
    whole = helper.make_graph(
        graph.nodes,
        "reading",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
            for name in ("numbers", "parts", "present")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", answers])],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
