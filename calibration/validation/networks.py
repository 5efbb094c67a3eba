"""Networks with random weights, and what runs them: PyTorch on the present GPU, and their graphs in ONNX."""

import contextlib
import gc
import os
import sys
import time
import warnings
from dataclasses import dataclass

from board import Unavailable

IMAGES = {
    "resnet18": ("torchvision", 224), "resnet50": ("torchvision", 224), "mobilenet_v2": ("torchvision", 224),
    "mobilenet_v3_large": ("torchvision", 224), "efficientnet_b0": ("torchvision", 224),
    "densenet121": ("torchvision", 224), "vgg16": ("torchvision", 224), "regnet_y_1_6gf": ("torchvision", 224),
    "convnext_tiny": ("torchvision", 224), "swin_t": ("torchvision", 224), "vit_b_16": ("torchvision", 224),
    "resnext50_32x4d": ("timm", 224), "mixer_b16_224": ("timm", 224), "deit_small_patch16_224": ("timm", 224),
}
# Configuration class, model class, overrides, tokens.
TEXTS = {
    "bert_base": ("BertConfig", "BertModel", {}, 128), "distilbert": ("DistilBertConfig", "DistilBertModel", {}, 128),
    "gpt2": ("GPT2Config", "GPT2Model", {"use_cache": False}, 256),
}
NAMES = list(IMAGES) + list(TEXTS)


@dataclass(frozen=True)
class Configuration:
    """What is run: a network, forward alone or with gradients and an update, in one precision at one batch."""

    network: str
    mode: str
    execution: str
    precision: str
    batch: int
    # How images lie in memory: channel by channel, or pixel by pixel.
    layout: str = "contiguous"


def build(name):
    """The network with random weights, on the host. Raises ImportError where its library is missing."""
    import torch

    torch.manual_seed(0)
    if name in TEXTS:
        import transformers

        configuration, model, overrides, _ = TEXTS[name]
        made = getattr(transformers, configuration)(**overrides)
        return first_output(getattr(transformers, model)(made))
    library, _ = IMAGES[name]
    if library == "timm":
        import timm

        return timm.create_model(name, pretrained=False)
    import torchvision

    return getattr(torchvision.models, name)(weights=None)


def first_output(model):
    """The first tensor that a transformer gives, without the parts that graphs and gradients have no use for."""
    import torch

    class Module(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, tokens):
            return self.model(tokens, return_dict=False)[0]

    return Module()


def example(name, batch, device="cpu"):
    """Random input: images of normal numbers, or tokens."""
    import torch

    if name in TEXTS:
        return torch.randint(1, 30000, (batch, TEXTS[name][3]), device=device)
    size = IMAGES[name][1]
    return torch.randn(batch, 3, size, size, device=device)


def export(name, folder):
    """The path of the network's graph in ONNX, with a batch that is free where the exporter can; written unless it is there.

    Weights are left in, as every exporter writes them; they are random and can be deleted.
    """
    import torch

    path = os.path.join(folder, name + ".onnx")
    if os.path.exists(path):
        return path
    model, inputs = build(name).eval(), example(name, 2)
    partial = path + ".partial"
    # Attention in one operator exists in PyTorch alone.
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with warnings.catch_warnings(), torch.no_grad(), quiet():
            warnings.simplefilter("ignore")
            write_graph(model, inputs, partial)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    os.replace(partial, path)
    return path


@contextlib.contextmanager
def quiet():
    """Nothing reaches the process's streams: an exporter that fails writes whole graphs to them, past Python's own."""
    def flush():
        sys.stdout.flush()
        sys.stderr.flush()

    flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    kept = {stream: os.dup(stream) for stream in (1, 2)}
    try:
        for stream in kept:
            os.dup2(nowhere, stream)
        yield
    finally:
        flush()
        for stream, copy in kept.items():
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)


def write_graph(model, inputs, path):
    """By the exporter that traces; by the newer one, which needs onnxscript, where that does not understand the network."""
    import torch

    names = {"input_names": ["input"], "output_names": ["output"]}
    try:
        torch.onnx.export(model, (inputs,), path, dynamic_axes={"input": {0: "batch"}}, opset_version=17,
                          dynamo=False, **names)
    except Exception as traced:
        try:
            batch = torch.export.Dim("batch", min=1, max=4096)
            torch.onnx.export(model, (inputs,), path, dynamic_shapes=({0: batch},), dynamo=True, external_data=False,
                              **names)
        except Exception as exported:
            raise RuntimeError(f"{one_line(traced)}; {one_line(exported)}") from None


def one_line(error):
    """An error as one line, for those that bring pages."""
    if isinstance(error, ImportError):
        return str(error)
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0][:160]}"


class Load:
    """An iteration of a network on the GPU, run again and again with at most two chunks of work queued."""

    CHUNK_SECONDS = 0.05

    def __init__(self, step):
        self.step, self.chunk = step, None

    def calibrate(self):
        import torch

        for _ in range(3):
            self.step()
        torch.cuda.synchronize()
        count = 1
        while True:
            start = time.monotonic()
            for _ in range(count):
                self.step()
            torch.cuda.synchronize()
            elapsed = time.monotonic() - start
            if elapsed >= self.CHUNK_SECONDS / 2 or count >= 1 << 16:
                self.chunk = max(1, round(count * self.CHUNK_SECONDS / max(elapsed, 1e-6)))
                return
            count *= 2

    def run(self, seconds):
        """Runs so long; says when how many iterations were done."""
        import torch

        if self.chunk is None:
            self.calibrate()
        torch.cuda.synchronize()
        progress, queued = [(time.monotonic(), 0)], []
        while time.monotonic() < progress[0][0] + seconds or queued:
            while len(queued) < 2 and time.monotonic() < progress[0][0] + seconds:
                for _ in range(self.chunk):
                    self.step()
                queued.append(torch.cuda.Event(blocking=True))
                queued[-1].record()
            queued.pop(0).synchronize()
            progress.append((time.monotonic(), progress[-1][1] + self.chunk))
        return progress


def layouts(name, wanted):
    """Those of `wanted` that the network's input can have: tokens have no channels."""
    return [layout for layout in wanted if layout == "contiguous" or name in IMAGES]


def laid_out(value, layout):
    """A model, or images, with channels last where `layout` says so."""
    import torch

    return value.to(memory_format=torch.channels_last) if layout == "channels_last" else value


class Workbench:
    """Makes loads on the present GPU."""

    def __init__(self, device):
        self.device = device

    def has(self, precision):
        """Whether the GPU has arithmetic of that kind, which came with the Ampere generation; PyTorch imitates it elsewhere."""
        import torch

        return precision not in ("tf32", "bf16") or torch.cuda.get_device_capability(self.device) >= (8, 0)

    def expect_sound(self):
        """After an error of a kernel, unlike that of a full memory, everything else on the GPU fails too."""
        import torch

        try:
            torch.cuda.synchronize()
        except Exception as error:
            raise Unavailable(f"the GPU does not go on: {one_line(error)}") from None

    def soaker(self):
        import torch

        a = torch.randn(4096, 4096, device=self.device)
        return Load(lambda: torch.mm(a, a))

    def load(self, configuration):
        import torch

        self.set_precision(configuration.precision)
        # What the network before left behind is memory that this one may need.
        torch._dynamo.reset()
        gc.collect()
        torch.cuda.empty_cache()
        model = laid_out(build(configuration.network).to(self.device), configuration.layout)
        inputs = laid_out(example(configuration.network, configuration.batch, self.device), configuration.layout)
        step = self.training if configuration.mode == "training" else self.inference
        load = Load(step(model, inputs, configuration))
        load.calibrate()
        return load

    @staticmethod
    def set_precision(precision):
        import torch

        is_tensor_float = precision == "tf32"
        torch.backends.cuda.matmul.allow_tf32 = is_tensor_float
        torch.backends.cudnn.allow_tf32 = is_tensor_float
        torch.backends.cudnn.benchmark = True

    def inference(self, model, inputs, configuration):
        import torch

        type = {"fp16": torch.float16, "bf16": torch.bfloat16}.get(configuration.precision, torch.float32)
        model = model.eval().to(type)
        inputs = inputs.to(type) if inputs.is_floating_point() else inputs
        run = torch.compile(model) if configuration.execution == "compiled" else model

        def step():
            with torch.inference_mode():
                run(inputs)

        return step

    def training(self, model, inputs, configuration):
        """Forward, backward and an update by plain gradient descent; 16 bits by automatic casts, weights stay in 32."""
        import torch

        model.train()
        run = torch.compile(model) if configuration.execution == "compiled" else model
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-7)
        type = {"fp16": torch.float16, "bf16": torch.bfloat16}.get(configuration.precision)

        def step():
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cuda", dtype=type or torch.float16, enabled=type is not None):
                loss = run(inputs).float().square().mean()
            loss.backward()
            optimizer.step()

        return step

    def export(self, name, folder):
        return export(name, folder)
