"""Writes torch_gradients.h: losses and gradients as PyTorch gives them.

    python3 -m venv /a/folder/venv
    /a/folder/venv/bin/pip install numpy torch
    /a/folder/venv/bin/python tests/core/learners/torch_gradients.py \
        > tests/core/learners/torch_gradients.h

Three units, two inputs, three classes, two samples of seven steps, cross-entropy
as a mean over the samples and the last five steps, in double precision. GRU and
LSTM are torch.nn's; leaky RNN and subLSTM are written out step by step, and
autograd takes their derivatives. All numbers come from value(), which the test
repeats.
"""

import torch

torch.set_default_dtype(torch.float64)

UNITS, INPUTS, CLASSES, SAMPLES, STEPS, FIRST = 3, 2, 3, 2, 7, 2
STREAMS = ["input_weights", "recurrent_weights", "bias", "input_bias",
           "recurrent_bias", "tau", "readout_weights", "readout_bias"]


def value(stream: int, k: int) -> float:
    return ((stream * 7919 + k * 104729 + 12345) % 10007) / 10007.0 - 0.5


def matrix(name: str, rows: int, cols: int = 1) -> torch.Tensor:
    """Numbered down the columns, as the network's store is."""
    stream = STREAMS.index(name)
    drawn = [[value(stream, i + rows * j) for j in range(cols)]
             for i in range(rows)]
    out = torch.tensor(drawn)
    if name == "tau":
        out = 1.2 + 2 * (out + 0.5)
    return out if cols > 1 else out[:, 0]


X = torch.tensor([[[value(20, (t * SAMPLES + s) * INPUTS + i)
                    for i in range(INPUTS)] for s in range(SAMPLES)]
                  for t in range(STEPS)])
LABELS = torch.tensor([[(t * t + 2 * s) % CLASSES for s in range(SAMPLES)]
                       for t in range(STEPS)])


def shapes(gates: int, per_unit: list) -> dict:
    sizes = {"input_weights": (gates * UNITS, INPUTS),
             "recurrent_weights": (gates * UNITS, UNITS),
             "bias": (gates * UNITS, 1)}
    for name in per_unit:
        sizes[name] = (gates * UNITS, 1)
    sizes["readout_weights"] = (CLASSES, UNITS)
    sizes["readout_bias"] = (CLASSES, 1)
    return {name: matrix(name, *size).requires_grad_()
            for name, size in sizes.items()}


def leaky_rnn(p: dict) -> list:
    r, out = torch.zeros(SAMPLES, UNITS), []
    for x in X:
        u = (x @ p["input_weights"].T + p["input_bias"]
             + r @ p["recurrent_weights"].T + p["bias"])
        z = (1 - 1 / p["tau"]) * r + u / p["tau"]
        r = torch.where(z > 0, z, 0.1 * z)
        out.append(r)
    return out


def sublstm(p: dict) -> list:
    h, c, out = torch.zeros(SAMPLES, UNITS), torch.zeros(SAMPLES, UNITS), []
    for x in X:
        a = (x @ p["input_weights"].T + h @ p["recurrent_weights"].T
             + p["bias"])
        i, o, z, f = torch.sigmoid(a).chunk(4, dim=1)
        c = f * c + z - i
        h = torch.sigmoid(c) - o
        out.append(h)
    return out


def of_torch(module: torch.nn.Module, p: dict) -> list:
    """A module of torch.nn as a function of the parameters."""
    second = p.get("recurrent_bias", torch.zeros_like(p["bias"]))
    out, _ = torch.func.functional_call(
        module, {"weight_ih_l0": p["input_weights"],
                 "weight_hh_l0": p["recurrent_weights"],
                 "bias_ih_l0": p["bias"], "bias_hh_l0": second}, (X,))
    return list(out)


def gru(p: dict) -> list:
    return of_torch(torch.nn.GRU(INPUTS, UNITS), p)


def lstm(p: dict) -> list:
    return of_torch(torch.nn.LSTM(INPUTS, UNITS), p)


def write(name: str, run, p: dict) -> None:
    loss = 0
    for t in range(FIRST, STEPS):
        y = run(p)[t] @ p["readout_weights"].T + p["readout_bias"]
        loss = loss + torch.nn.functional.cross_entropy(
            y, LABELS[t], reduction="sum")
    loss = loss / (SAMPLES * (STEPS - FIRST))
    loss.backward()
    print(f'    {{"{name}", {loss.item()!r}, {{')
    for matrix_name, parameter in p.items():
        numbers = parameter.grad.t().reshape(-1).tolist()
        print(f'        {{"{matrix_name}", {{'
              + ", ".join(repr(x) for x in numbers) + "}},")
    print("    }},")


print("""#pragma once

#include <map>
#include <string>
#include <vector>

// Written by torch_gradients.py with PyTorch """ + torch.__version__ + """.

namespace engram {

struct TorchGradients {
  std::string network;
  double loss;
  std::map<std::string, std::vector<double>> gradients;
};

inline const std::vector<TorchGradients>& GradientsOfTorch() {
  static const std::vector<TorchGradients> golden = {""")
write("leaky_rnn", leaky_rnn, shapes(1, ["input_bias", "tau"]))
write("gru", gru, shapes(3, ["recurrent_bias"]))
write("lstm", lstm, shapes(4, []))
write("sublstm", sublstm, shapes(4, []))
print("""  };
  return golden;
}

}  // namespace engram""")
