"""Multipliers from an output of an ONNX graph back to its input, as nodes of the same graph.

The rule is that of DeepLIFT (Shrikumar, Greenside & Kundaje 2017, "rescale"): a ReLU passes on
the share of its input's difference from a reference that arrives in its output,
``(relu(z) - relu(z0)) / (z - z0)``. Everything else in our networks is linear and passes on what
its derivative says. Multipliers times the difference at the input then add up to the difference
at the output, exactly, which gradients do not.

Linear operators are transposed here, not differentiated by a library: the multipliers are an
ordinary forward graph that every ONNX runtime runs.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

from timbrescope.models.errors import TimbrescopeError

REFERENCE = "reference/"
# Added to z - z0 before the division: 0 / 0 becomes 0, and no other quotient changes.
_TINY = 1e-20


class ReverseError(TimbrescopeError):
    """A graph has an operator through which no multipliers can be passed."""


class Reverse:
    """Builds the nodes that lead multipliers back from `output` to the tensor `at`.

    Parameters
    ----------
    model : onnx.ModelProto
        With inferred shapes; its first axis is the batch everywhere.
    source, at, output : str
        Names of tensors: the graph's input, a tensor behind it through which everything passes
        (or the input itself), and what is explained.
    held : sequence of str
        Tensors taken as they are in the window, whatever they would be for the reference.
    target : str
        Name of the tensor that holds the multipliers of `output`, of its shape.

    Attributes
    ----------
    nodes, constants : list
        What has to be added to the graph. The nodes read tensors named `REFERENCE` + name: what
        the tensor would hold if `source` held the reference.
    multipliers : str
        Name of the multipliers of `at`.
    """

    def __init__(
        self,
        model: onnx.ModelProto,
        *,
        source: str,
        at: str,
        output: str,
        target: str,
        held: Sequence[str] = (),
    ) -> None:
        graph = model.graph
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._initial = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
        self._shapes = dict(_shapes(graph))
        self._dependent = dependent(graph, at, held=held)
        beside = set() if at == source else dependent(graph, source, held=(at, *held))
        if output not in self._dependent or output in beside:
            raise ReverseError(f"{output!r} hears of {source!r} not only through {at!r}")
        self._found = {output: target}
        self._made = 0
        for node in reversed(graph.node):
            made = node.output[0]
            if made in self._found and made in self._dependent and made != at:
                self._rule(node)(node, self._found[made])
        self.multipliers = self._found[at]

    def _rule(self, node: onnx.NodeProto) -> Callable[[onnx.NodeProto, str], None]:
        rules: dict[str, Callable[[onnx.NodeProto, str], None]] = {
            "Add": self._to_all,
            "AveragePool": self._average_pool,
            "Concat": self._concat,
            "Conv": self._conv,
            "Div": self._div,
            "Gemm": self._gemm,
            "GlobalAveragePool": self._global_average,
            "MatMul": self._matmul,
            "Mul": self._mul,
            "Identity": self._to_all,
            "ReduceMean": self._reduce,
            "ReduceSum": self._reduce,
            "Relu": self._relu,
            "Reshape": self._reshape,
            "Squeeze": self._reshape,
            "Sub": self._sub,
            "Transpose": self._transpose,
            "Unsqueeze": self._reshape,
        }
        if node.op_type not in rules:
            raise ReverseError(
                f"no multipliers pass through {node.op_type} (node {node.name!r}); it may stand in "
                f"front of what is explained, or be replaced by {', '.join(sorted(rules))}"
            )
        return rules[node.op_type]

    # -- building blocks ------------------------------------------------------------------

    def _constant(self, value: ArrayLike, dtype: type = np.float32) -> str:
        name = f"reverse_constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def _add(self, operator: str, inputs: list[str], **attributes: object) -> str:
        name = f"reverse_{operator}_{self._made}"
        self._made += 1
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def _pass(self, tensor: str, multipliers: str) -> None:
        """Add multipliers to those that a tensor has already."""
        if tensor in self._dependent:
            before = self._found.get(tensor)
            joined = multipliers if before is None else self._add("Add", [before, multipliers])
            self._found[tensor] = joined

    def _sizes(self, sizes: list[int]) -> str:
        # A batch of any size: 0 keeps an axis as it is when reshaping.
        return self._constant([0, *sizes[1:]], np.int64)

    # -- rules ----------------------------------------------------------------------------

    def _relu(self, node: onnx.NodeProto, given: str) -> None:
        # (relu(z) - relu(z0)) / (z - z0) is (relu(z) + relu(z0)) / (|z| + |z0|), whose terms never
        # cancel: with s = z / (|z| + |z0|), s or 0 for z0 <= 0, else 1 + s or 1. So only z is read,
        # and all that z0 takes part in is folded when the graph is loaded.
        before = node.input[0]
        still = REFERENCE + before
        size = self._add("Abs", [still])
        size = self._add("Add", [size, self._constant(_TINY)])
        beside = self._add("Reciprocal", [size])
        is_open = self._add("Greater", [still, self._constant(0.0)])
        is_open = self._add("Cast", [is_open], to=TensorProto.FLOAT)
        share = self._add("Softsign", [self._add("Mul", [before, beside])])
        share = self._add("Add", [share, is_open])
        share = self._add("Clip", [share, self._constant(0.0), self._constant(1.0)])
        self._pass(before, self._add("Mul", [given, share]))

    def _to_all(self, node: onnx.NodeProto, given: str) -> None:
        for name in node.input:
            if name in self._dependent and self._shapes[name] != self._shapes[node.output[0]]:
                raise ReverseError(f"the sum {node.name!r} broadcasts {name!r}")
            self._pass(name, given)

    def _sub(self, node: onnx.NodeProto, given: str) -> None:
        if node.input[1] in self._dependent:
            raise ReverseError(f"the difference {node.name!r} takes what is explained away")
        self._pass(node.input[0], given)

    def _mul(self, node: onnx.NodeProto, given: str) -> None:
        changing = [name for name in node.input if name in self._dependent]
        if len(changing) != 1:
            raise ReverseError(f"the product {node.name!r} is not one by a constant")
        factor = next(name for name in node.input if name not in self._dependent)
        self._pass(changing[0], self._add("Mul", [given, factor]))

    def _div(self, node: onnx.NodeProto, given: str) -> None:
        if node.input[1] in self._dependent:
            raise ReverseError(f"the quotient {node.name!r} is not one by a constant")
        self._pass(node.input[0], self._add("Div", [given, node.input[1]]))

    def _transpose(self, node: onnx.NodeProto, given: str) -> None:
        back = [int(axis) for axis in np.argsort(_attributes(node)["perm"])]
        self._pass(node.input[0], self._add("Transpose", [given], perm=back))

    def _reshape(self, node: onnx.NodeProto, given: str) -> None:
        sizes = self._sizes(self._shapes[node.input[0]])
        self._pass(node.input[0], self._add("Reshape", [given, sizes]))

    def _concat(self, node: onnx.NodeProto, given: str) -> None:
        axis, start = int(_attributes(node)["axis"]), 0
        for name in node.input:
            stop = start + self._shapes[name][axis]
            if name in self._dependent:
                edges = [self._constant([edge], np.int64) for edge in (start, stop, axis)]
                self._pass(name, self._add("Slice", [given, *edges]))
            start = stop

    def _matmul(self, node: onnx.NodeProto, given: str) -> None:
        if node.input[1] in self._dependent:
            raise ReverseError(f"the product {node.name!r} is not one by a constant")
        rank = len(self._shapes[node.input[1]])
        swapped = [*range(rank - 2), rank - 1, rank - 2]
        weights = self._add("Transpose", [node.input[1]], perm=swapped)
        self._pass(node.input[0], self._add("MatMul", [given, weights]))

    def _gemm(self, node: onnx.NodeProto, given: str) -> None:
        is_transposed = _attributes(node).get("transB", 0)
        weights = node.input[1]
        if not is_transposed:
            weights = self._add("Transpose", [weights], perm=[1, 0])
        self._pass(node.input[0], self._add("MatMul", [given, weights]))

    def _reduce(self, node: onnx.NodeProto, given: str) -> None:
        tensor, stated = node.input[0], _attributes(node)
        axes = stated["axes"] if "axes" in stated else self._initial[node.input[1]].ravel()
        sizes = self._shapes[tensor]
        taken = [int(axis) % len(sizes) for axis in axes]
        count = int(np.prod([sizes[axis] for axis in taken]))
        factor = 1.0 / count if node.op_type == "ReduceMean" else 1.0
        self._spread(tensor, given, axes=taken, factor=factor)

    def _global_average(self, node: onnx.NodeProto, given: str) -> None:
        sizes = self._shapes[node.input[0]]
        factor = 1.0 / float(np.prod(sizes[2:]))
        self._spread(node.input[0], given, axes=list(range(2, len(sizes))), factor=factor)

    def _spread(self, tensor: str, given: str, *, axes: list[int], factor: float) -> None:
        """Hand the multipliers of a sum over `axes` to everything that was summed."""
        sizes = self._shapes[tensor]
        kept = [1 if axis in axes else size for axis, size in enumerate(sizes)]
        shared = self._add("Mul", [given, self._constant(factor)])
        shared = self._add("Reshape", [shared, self._sizes(kept)])
        whole = self._constant([1, *sizes[1:]], np.int64)
        self._pass(tensor, self._add("Expand", [shared, whole]))

    def _average_pool(self, node: onnx.NodeProto, given: str) -> None:
        stated = _attributes(node)
        kernel, strides = list(stated["kernel_shape"]), list(stated["strides"])
        before, after = self._shapes[node.input[0]], self._shapes[node.output[0]]
        if kernel != strides or any(stated.get("pads", [0, 0, 0, 0])[:2]):
            raise ReverseError(f"the average {node.name!r} overlaps or is padded in front")
        rows, columns = (
            # The last cell of an axis may average fewer values.
            np.minimum(size, total - size * np.arange(count))
            for size, total, count in zip(kernel, before[2:], after[2:], strict=True)
        )
        shared = self._add("Mul", [given, self._constant(1.0 / np.outer(rows, columns))])
        scales = self._constant([1.0, 1.0, *kernel])
        spread = self._add(
            "Resize",
            [shared, "", scales],
            mode="nearest",
            nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        )
        if [size * count for size, count in zip(kernel, after[2:], strict=True)] != before[2:]:
            edges = [self._constant(edge, np.int64) for edge in ([0, 0], before[2:], [2, 3])]
            spread = self._add("Slice", [spread, *edges])
        self._pass(node.input[0], spread)

    def _conv(self, node: onnx.NodeProto, given: str) -> None:
        stated = _attributes(node)
        weights, pads = node.input[1], list(stated.get("pads", [0, 0, 0, 0]))
        kernel = self._shapes[weights][2:]
        strides, dilations = (list(stated.get(name, [1, 1])) for name in ("strides", "dilations"))
        common = {"kernel_shape": kernel, "dilations": dilations, "group": stated.get("group", 1)}
        reach = [(size - 1) * step for size, step in zip(kernel, dilations, strict=True)]
        if strides == [1, 1]:
            back = [reach[axis % 2] - pad for axis, pad in enumerate(pads)]
            mirrored = self._mirrored(weights, grouped=common["group"] > 1)
            spread = self._add("Conv", [given, mirrored], pads=back, strides=strides, **common)
        else:
            before, after = self._shapes[node.input[0]], self._shapes[node.output[0]]
            missing = [
                before[axis + 2]
                - ((after[axis + 2] - 1) * strides[axis] - pads[axis] - pads[axis + 2])
                - reach[axis]
                - 1
                for axis in (0, 1)
            ]
            spread = self._add(
                "ConvTranspose",
                [given, weights],
                pads=pads,
                strides=strides,
                output_padding=missing,
                **common,
            )
        self._pass(node.input[0], spread)

    def _mirrored(self, weights: str, *, grouped: bool) -> str:
        """Return the kernel of the transposed convolution; runtimes fold it when they load."""
        shape = self._shapes[weights]
        if grouped and shape[1] != 1:
            raise ReverseError(f"{weights!r} is of a convolution in groups of several channels")
        turned = weights if grouped else self._add("Transpose", [weights], perm=[1, 0, 2, 3])
        if shape[2:] == [1, 1]:
            return turned
        # From the last to the first, one beyond which is "before the beginning".
        edges = ([-1, -1], [-(2**31), -(2**31)], [2, 3], [-1, -1])
        return self._add("Slice", [turned, *(self._constant(edge, np.int64) for edge in edges)])


def dependent(
    graph: onnx.GraphProto, source: str, *, held: Sequence[str] = (), shapes: bool = False
) -> set[str]:
    """Return the tensors of a graph that change with `source` while others are held.

    What takes over no more than its shape counts only if `shapes` is set: it holds the same
    values whatever the sound.
    """
    found = {source}
    for node in graph.node:
        if (shapes or node.op_type != "Shape") and found.intersection(node.input):
            found.update(set(node.output).difference(held))
    return found


def _shapes(graph: onnx.GraphProto) -> Iterator[tuple[str, list[int]]]:
    for entry in (*graph.value_info, *graph.input, *graph.output):
        yield entry.name, [axis.dim_value for axis in entry.type.tensor_type.shape.dim]
    for tensor in graph.initializer:
        yield tensor.name, list(tensor.dims)


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {entry.name: helper.get_attribute_value(entry) for entry in node.attribute}
