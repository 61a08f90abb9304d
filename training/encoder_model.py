"""The accurate analyser's network while it learns: six layers of a pre-trained MiniLM and a linear layer a question.

Its first weights come from the folder of all-MiniLM-L6-v2 (Apache-2.0; `model.safetensors` and `vocab.txt`). A reply's
pieces and those of the post above it go in together; the mean over the reply's own pieces is what the questions see."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

WIDE, LAYERS, HEADS, INNER, PLACES = 384, 6, 12, 1536, 144
DROPPED = 0.1
SMALLEST = 1e-12


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.asks = nn.Linear(WIDE, 3 * WIDE)
        self.joins = nn.Linear(WIDE, WIDE)
        self.first_norm = nn.LayerNorm(WIDE, SMALLEST)
        self.widens = nn.Linear(WIDE, INNER)
        self.narrows = nn.Linear(INNER, WIDE)
        self.second_norm = nn.LayerNorm(WIDE, SMALLEST)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, length, _ = x.shape
        asked = self.asks(x).view(rows, length, 3, HEADS, WIDE // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(asked[0], asked[1], asked[2], attn_mask=mask)
        seen = self.joins(seen.transpose(1, 2).reshape(rows, length, WIDE))
        x = self.first_norm(x + functional.dropout(seen, DROPPED, self.training))
        inner = self.narrows(functional.gelu(self.widens(x)))
        out: Tensor = self.second_norm(x + functional.dropout(inner, DROPPED, self.training))
        return out


class Encoder(nn.Module):
    """questions: name -> number of answers."""

    def __init__(self, pieces: int, questions: Mapping[str, int]) -> None:
        super().__init__()
        self.pieces = nn.Embedding(pieces, WIDE)
        self.places = nn.Embedding(PLACES, WIDE)
        self.parts = nn.Embedding(2, WIDE)
        self.norm = nn.LayerNorm(WIDE, SMALLEST)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.questions = nn.ModuleDict({name: nn.Linear(WIDE, answers) for name, answers in questions.items()})

    def forward(self, numbers: Tensor, parts: Tensor, present: Tensor) -> Tensor:
        """numbers, parts (0 reply, 1 post), present (1, or 0 for padding): rows x length.  Returns rows x WIDE."""
        places = torch.arange(numbers.shape[1])
        x = self.norm(self.pieces(numbers) + self.places(places) + self.parts(parts))
        x = functional.dropout(x, DROPPED, self.training)
        mask = present[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, mask)
        own = (present * (1 - parts))[:, :, None].to(x.dtype)
        return functional.dropout((x * own).sum(1) / own.sum(1), DROPPED, self.training)


def pretrained(folder: Path, kept: Sequence[int], questions: Mapping[str, int]) -> Encoder:
    """The network with its first weights.  kept: numbers of the pieces that stay, in their new order."""
    given = _tensors(folder / "model.safetensors")
    made = Encoder(len(kept), questions)

    def fill(target: Tensor, *names: str) -> None:
        target.data.copy_(torch.cat([given[name] for name in names]))

    made.pieces.weight.data.copy_(given["embeddings.word_embeddings.weight"][list(kept)])
    made.places.weight.data.copy_(given["embeddings.position_embeddings.weight"][:PLACES])
    made.parts.weight.data.copy_(given["embeddings.token_type_embeddings.weight"])
    fill(made.norm.weight, "embeddings.LayerNorm.weight")
    fill(made.norm.bias, "embeddings.LayerNorm.bias")
    for number, layer in enumerate(made.layers):
        at = f"encoder.layer.{number}."
        for kind in ("weight", "bias"):
            fill(
                getattr(layer.asks, kind), *(f"{at}attention.self.{part}.{kind}" for part in ("query", "key", "value"))
            )
            fill(getattr(layer.joins, kind), f"{at}attention.output.dense.{kind}")
            fill(getattr(layer.first_norm, kind), f"{at}attention.output.LayerNorm.{kind}")
            fill(getattr(layer.widens, kind), f"{at}intermediate.dense.{kind}")
            fill(getattr(layer.narrows, kind), f"{at}output.dense.{kind}")
            fill(getattr(layer.second_norm, kind), f"{at}output.LayerNorm.{kind}")
    return made


def _tensors(path: Path) -> dict[str, Tensor]:
    """Arrays of a safetensors file: a length, a table of contents as JSON, and the numbers one after the other."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    contents = json.loads(raw[8 : 8 + size])
    found = {}
    for name, told in contents.items():
        if name == "__metadata__" or told["dtype"] != "F32":
            continue
        begin, end = told["data_offsets"]
        flat = np.frombuffer(raw, np.float32, (end - begin) // 4, 8 + size + begin)
        found[name.removeprefix("bert.")] = torch.from_numpy(flat.reshape(told["shape"]).copy())
    return found
