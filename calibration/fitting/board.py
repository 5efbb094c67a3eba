"""What is known of the board without measuring it, and the priors."""

DATE = "2026-11-21"
BOARD = dict(name="NVIDIA Tesla T4", compute_capability="7.5", sms=40, l2_bytes=4 << 20,
             dram_bytes=16 << 30, tdp_w=70)
SMS, L2 = BOARD["sms"], BOARD["l2_bytes"]
SOURCES = [
    "github.com/sitar-lab/NeuSight 6945927 scripts/asplos/data/dataset",
    "github.com/baidu-research/DeepBench da81ba7 results/{train,inference}/DeepBench_NV_T4.xlsx",
    "github.com/PaddlePaddle/PaddleClas d178931 docs/zh_CN/models/ImageNet1k",
    "github.com/NVIDIA/TensorRT 007c347 demo/BERT/README.md",
    "github.com/NVIDIA/FasterTransformer df4a753 docs/{bert,swin,vit}_guide.md",
    "github.com/mlcommons/inference_results_v0.7 ResNet-50 Offline, one T4",
]
# Watts: idle without and with a context (nvidia-smi snapshots of T4s in P0), and the enforced limit. While kernels
# run: a run of GPT-2 in FP16, one text at a time, bound by launches, drew 45 to 50 W when corrected for the idle time
# around it, of which its operations and bytes take 5 W.
POWER = dict(idle_w=26, idle_context_w=30.7, active_w=42.5, cap_w=70)
# A prior: GDDR6 boards draw 55 to 115 pJ for each byte of memory traffic. Nobody has published it for a T4.
JOULES_PER_BYTE = 85e-12
# Standard deviations in percent. Priors, but for the model's: what `--families` shows for networks of a
# family that no coefficient was fitted to.
UNCERTAINTY = dict(sensor_pct=5, unit_to_unit_pct=9, model_pct=20, data_pct=10)
# Seconds that an engine takes for each execution beside its kernels. Half a prior: networks of left-out families come out as well
# with 428 µs, which is what the fit finds of its own, as with 200 (mean error 11.0 %), and are ranked better at batch 1 with the latter. Other runs of
# the same engine want less: 36 µs (BERT in FP16), 58 and 108 (MLPerf's ResNet-50 and SSD in INT8, one image at a time).
EXECUTION = 200e-6
ELEMENT = {"float32": 4, "float16": 2, "int8": 1}
# What the data sheet gives as peaks, which no fitted rate may pass.
PEAK = {"float32": 8.14e12, "float16": 65e12, "int8": 130e12}
# Priors: how long rows may be that are found again close to the multiprocessor, whose cache holds 32 KiB. Softmax has one
# block of threads there at a time, layer normalisation eight.
ROW_BYTES = dict(softmax=20e3, ln=4e3)
