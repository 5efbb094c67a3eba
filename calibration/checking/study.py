"""The energies of training: those that one study measured, up to a common scale, and what a backward pass adds."""

import math
import statistics

# Kilojoules: six networks fine-tuned on 4,708 images on one T4.
STUDY = {"densenet121": 82.3, "densenet169": 104.9, "densenet201": 137.7, "resnet18": 20.4,
         "resnet50": 84.7, "inception_v3": 37.5}
# The study gives neither epochs nor the size of images nor their batch: what is assumed, and what else may have been.
EPOCHS = 28
UNSTATED = [(299, 32, "fp32"), (224, 32, "fp32"), (160, 64, "fp32"), (128, 64, "fp32"), (128, 128, "fp32"), (112, 128, "fp32"),
            (96, 128, "fp32"), (299, 32, "fp16"), (224, 32, "fp16"), (160, 64, "fp16")]
# Percent that the root of the mean squared relative error may not pass.
RMSPE = 15
# Multiply-accumulates of forward and backward pass over those of the forward pass.
RATIOS = {"resnet18": 2.935, "densenet121": 2.958, "bert_base": 3.000, "gpt2": 3.000}


def study(program, report):
    predicted, flops = _trained(program, 224, 32, "fp32")
    print(f"\n| network | measured kJ | predicted kJ, {EPOCHS} epochs | by FLOPs alone, one scale |\n|---|---|---|---|")
    scale, error = _fit(predicted)
    flat, flat_error = _fit(flops)
    for name, measured in STUDY.items():
        print(f"| {name} | {measured} | {predicted[name]:.1f} | {flops[name] * flat:.1f} |")
    report.expect(error <= RMSPE, f"the six energies: RMSPE above {RMSPE} %")
    print(f"\nRMSPE {error:.1f} % at the common scale {scale:.3f}; by FLOPs alone {flat_error:.1f} %.")


def assumptions(program):
    """What the study does not say, and how far its energies hang on it."""
    print("\n| images | batch | precision | RMSPE % | by FLOPs alone % | common scale | epochs that it means |\n|---|---|---|---|---|---|---|")
    for size, batch, precision in UNSTATED:
        predicted, flops = _trained(program, size, batch, precision)
        scale, error = _fit(predicted)
        print(f"| {size}×{size} | {batch} | {precision} | {error:.1f} | {_fit(flops)[1]:.1f} | {scale:.2f} | {EPOCHS * scale:.0f} |",
              flush=True)


def ratios(program):
    print("\n| network | forward and backward / forward | expected |\n|---|---|---|")
    for name, expected in RATIOS.items():
        result = program.cost(name, "--train", "--dataset-size", "1", "--epochs", "1", "--train-batch", "1")
        macs = [result["training"][part]["macs"] for part in ("forward", "backward")]
        print(f"| {name} | {sum(macs) / macs[0]:.3f} | {expected:.3f} |")


def _trained(program, size, batch, precision):
    """For each network of the study, the kilojoules of its training and the operations of one image."""
    joules, flops = {}, {}
    for name in STUDY:
        result = program.cost(name, "--input-shape", f"input=1x3x{size}x{size}", "--train", "--dataset-size", "4708",
                              "--epochs", str(EPOCHS), "--train-batch", str(batch), "--precision", precision)
        joules[name] = result["training"]["joules"]["value"] / 1e3
        flops[name] = result["totals"]["flops"]
    return joules, flops


def _fit(predicted):
    """The one scale that makes the error least, and that error in percent."""
    shares = [predicted[n] / STUDY[n] for n in STUDY]
    scale = sum(shares) / sum(s * s for s in shares)
    return scale, 100 * math.sqrt(statistics.mean((s * scale - 1) ** 2 for s in shares))
