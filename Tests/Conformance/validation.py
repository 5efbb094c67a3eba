"""The script that measures real networks, on a board that does not exist.

usage: validation.py NNCOST

Needs no GPU and no PyTorch; with PyTorch installed it must still say that there is no GPU, where there is none.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "calibration", "validation")
sys.path.insert(0, FOLDER)

import board  # noqa: E402
import measure  # noqa: E402
import networks  # noqa: E402
import prediction  # noqa: E402
import protocol  # noqa: E402
import simulation  # noqa: E402
from networks import Configuration  # noqa: E402


def main():
    checks = [a_line_is_followed, power_is_integrated, a_window_recovers_the_energy, a_slow_counter_gets_a_longer_run,
              a_disagreement_is_rejected, throttling_is_noted, without_a_counter_power_is_taken, a_short_run_is_no_row,
              soaking_ends_when_the_temperature_stands, a_missing_driver_is_one_sentence, commands_say_what_was_run,
              exporters_are_quiet, errors_are_those_of_the_rows, without_a_gpu_the_script_says_so, wrong_words_are_refused,
              a_session_measures_predicts_and_resumes, images_are_measured_with_channels_last_and_tokens_are_not,
              the_table_of_errors_tells_layouts_apart, pytorch_lays_networks_out_as_it_is_told,
              a_program_or_table_that_is_not_there_is_said_first, samples_of_another_session_are_not_mixed,
              a_line_that_was_not_finished_is_measured_again, a_gpu_that_is_lost_ends_the_session]
    for check in checks:
        check()
        print("ok:", check.__name__.replace("_", " "))
    print(f"{len(checks)} facts hold")


def close(found, expected, share):
    assert abs(found - expected) <= share * abs(expected), f"{found} is not {expected}"


def a_line_is_followed():
    points = [(0, 0), (2, 10), (4, 10)]
    assert [protocol.interpolated(points, t) for t in (-1, 0, 1, 2, 3, 9)] == [0, 0, 5, 10, 10, 10]


def power_is_integrated():
    samples = [{"time": t, "watts": w} for t, w in [(0, 10), (1, 20), (2, 20), (3, None)]]
    close(protocol.integral(samples, 0, 2), 35, 1e-12)
    close(protocol.integral(samples, 0.5, 1), 8.75, 1e-12)
    assert protocol.integral(samples[3:], 0, 2) is None


def row(seconds=6.0, of=0.001, watts=50.0, **kinds):
    fake = simulation.SimulatedBoard(**kinds)
    return protocol.measure(fake, simulation.SimulatedLoad(fake, of, watts), seconds)


def a_window_recovers_the_energy():
    for seconds, watts in [(0.001, 50.0), (0.0421, 70.0), (0.3, 33.0)]:
        found = row(of=seconds, watts=watts)
        assert found["rejected"] == "" and found["updates"] >= protocol.MINIMUM_TICKS, found
        close(found["seconds"], seconds, 0.005)
        close(found["joules"], seconds * watts, 0.01)
        close(found["joules_by_power"], seconds * watts, 0.02)


def a_slow_counter_gets_a_longer_run():
    found = row(seconds=1.0)
    assert found["rejected"] == "" and found["window_seconds"] > 4.5, found


def a_disagreement_is_rejected():
    found = row(counter_gain=1.1)
    assert "energy counter and integral of power differ by 1" in found["rejected"], found
    assert row(counter_gain=1.02)["rejected"] == ""


def throttling_is_noted():
    assert row(throttles=["power cap", "thermal (software)"])["throttles"] == "power cap and thermal (software)"
    assert row()["throttles"] == ""


def without_a_counter_power_is_taken():
    found = row(has_counter=False)
    assert found["energy_source"] == "power" and found["rejected"] == "", found
    close(found["joules"], 0.05, 0.02)


def a_short_run_is_no_row():
    found = protocol.window([(0, 0), (0.5, 10)], [], [])
    assert found == {"rejected": "the run was shorter than what is discarded"}
    found = protocol.window([(0, 0), (3, 10)], [], [])
    assert found == {"rejected": "the board reports neither energy nor power"}


def soaking_ends_when_the_temperature_stands():
    fake = simulation.SimulatedBoard()
    seconds = protocol.soak(fake, simulation.SimulatedLoad(fake, 0.01, 65))
    assert 60 <= seconds < 400, seconds
    close(fake.celsius, 35 + 65 / 4, 0.02)


def a_missing_driver_is_one_sentence():
    try:
        board.Board(library="libno-such-nvml.so.1")
    except board.Unavailable as error:
        assert str(error).startswith("no NVIDIA driver: libno-such-nvml.so.1"), error
    else:
        raise AssertionError("there is no such library")


def commands_say_what_was_run():
    forward = prediction.command("nncost", "a.onnx", "t4", Configuration("a", "inference", "compiled", "fp16", 8))
    assert forward[-2:] == ["--batch", "8"] and "fused" in forward and "fp16" in forward, forward
    step = prediction.command("nncost", "a.onnx", "t4", Configuration("a", "training", "eager", "fp32", 4))
    assert step[step.index("--dataset-size") + 1] == step[step.index("--train-batch") + 1] == "4" and "eager" in step


def exporters_are_quiet():
    code = ("import os, networks\nwith networks.quiet():\n    os.write(1, b'graph')\n    os.write(2, b'graph')\n"
            "    print('graph')\nprint('table')")
    run = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("table\n", ""), run


def errors_are_those_of_the_rows():
    rows = [{"network": "a", "joules": 1.0, "predicted_joules": 1.2, "seconds": 1.0, "predicted_seconds": 0.9},
            {"network": "a", "joules": 1.0, "predicted_joules": 0.9, "seconds": 1.0, "predicted_seconds": 1.0},
            {"network": "b", "joules": 1.0, "predicted_joules": "", "seconds": 1.0, "predicted_seconds": ""}]
    lines = prediction.table(rows, lambda r: r["network"], "network")
    assert lines[2:] == ["| a | 2 | 15.0 | 15.0 | 1.05 | 5.0 | 5.0 | 0.95 |",
                         "| all | 2 | 15.0 | 15.0 | 1.05 | 5.0 | 5.0 | 0.95 |"], lines
    assert prediction.table(rows[2:], lambda r: r["network"], "network") == []


def script(*words, status):
    run = subprocess.run([sys.executable, os.path.join(FOLDER, "measure.py"), *words], capture_output=True, text=True)
    assert run.returncode == status, f"status {run.returncode}, not {status}: {run.stderr}"
    return run


def without_a_gpu_the_script_says_so():
    try:
        import torch
        if torch.cuda.is_available():
            return
    except ImportError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        run = script("--output", os.path.join(folder, "a.csv"), status=3)
        assert run.stderr.startswith("measure.py: PyTorch ") and run.stderr.count("\n") == 1, run.stderr
        assert run.stdout == "" and os.listdir(folder) == []


def wrong_words_are_refused():
    assert "resnet19 is not among" in script("--output", "a.csv", "--networks", "resnet19", status=2).stderr
    assert "a batch is at least 1" in script("--output", "a.csv", "--batches", "0", status=2).stderr


SHORT = ["--simulate", "--networks", "resnet18", "--batches", "1", "--repetitions", "1", "--precisions", "fp32"]


def a_program_or_table_that_is_not_there_is_said_first():
    with tempfile.TemporaryDirectory() as folder:
        words = [*SHORT, "--output", os.path.join(folder, "a.csv")]
        run = script(*words, "--nncost", "/no/such/nncost", status=3)
        assert run.stderr == "measure.py: /no/such/nncost: No such file or directory\n", run.stderr
        run = script(*words, "--nncost", sys.argv[1], "--table", "no-such-gpu", status=3)
        assert "no-such-gpu" in run.stderr and run.stderr.count("\n") == 1, run.stderr
        assert os.listdir(folder) == []


def samples_of_another_session_are_not_mixed():
    with tempfile.TemporaryDirectory() as folder:
        output, samples = os.path.join(folder, "a.csv"), os.path.join(folder, "a.samples.csv")
        words = [*SHORT, "--output", output, "--nncost", sys.argv[1]]
        script(*words, status=0)
        with open(samples) as file:
            text = file.read()
        for changed, sentence in [(text.replace("simulated board", "another board"),
                                   "board was another board and is simulated board now"),
                                  (text.replace("idle_watts_after", "idle_w"), "its columns are those of another version")]:
            with open(samples, "w") as file:
                file.write(changed)
            run = script(*words, status=3)
            assert f"measure.py: {samples}: {sentence}; name another --output\n" == run.stderr, run.stderr


def a_line_that_was_not_finished_is_measured_again():
    with tempfile.TemporaryDirectory() as folder:
        samples = os.path.join(folder, "a.samples.csv")
        words = [*SHORT, "--output", os.path.join(folder, "a.csv"), "--nncost", sys.argv[1]]
        script(*words, status=0)
        with open(samples, "rb+") as file:
            whole = file.read()
            file.truncate(len(whole) - 20)
        script(*words, status=0)
        with open(samples, newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == whole.count(b"\n") - 1 and all(list(row) == measure.SAMPLES for row in rows)


def a_gpu_that_is_lost_ends_the_session():
    class Lost(simulation.SimulatedWorkbench):
        def load(self, configuration):
            if configuration.mode == "training":
                raise RuntimeError("an illegal memory access was encountered")
            return super().load(configuration)

        def expect_sound(self):
            raise board.Unavailable("the GPU does not go on")

    fake = simulation.SimulatedBoard()
    with tempfile.TemporaryDirectory() as folder:
        options = measure.arguments([*SHORT, "--output", os.path.join(folder, "a.csv")])
        samples = measure.Samples(os.path.join(folder, "a.samples.csv"), fake, "none")
        try:
            measure.measure(options, fake, Lost(fake, options.networks), "none", samples)
        except board.Unavailable:
            # What failed is no row: it is measured again on a sound GPU.
            assert all(row["mode"] == "inference" and not row["rejected"] for row in samples.rows)
        else:
            raise AssertionError("nothing more can be measured")


def a_session_measures_predicts_and_resumes():
    import onnx
    from onnx import TensorProto, helper

    with tempfile.TemporaryDirectory(prefix="nncost-validation-") as folder:
        output = os.path.join(folder, "a.csv")
        graphs = os.path.join(folder, "a.graphs")
        os.mkdir(graphs)
        node = helper.make_node("Gemm", ["input", "weights"], ["output"])
        values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in
                  [("input", ["batch", 64]), ("output", ["batch", 32])]]
        weights = helper.make_tensor("weights", TensorProto.FLOAT, [64, 32], [0.5] * 2048)
        graph = helper.make_graph([node], "small", values[:1], values[1:], [weights])
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
                  os.path.join(graphs, "resnet18.onnx"))

        words = ["--simulate", "--output", output, "--networks", "resnet18,gpt2", "--batches", "1,8",
                 "--repetitions", "2", "--nncost", sys.argv[1]]
        run = script(*words, "--precisions", "fp32,bf16", status=0)
        assert "| inference eager fp32 | 2 |" in run.stdout and "| all | 8 |" in run.stdout, run.stdout
        with open(output, newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 2 * 2 * 2 * 2 * 2
        for found in rows:
            configuration = configured(found)
            seconds, watts = simulation.SimulatedWorkbench.figures(configuration)
            close(float(found["joules"]), seconds * watts, 0.01)
            close(float(found["seconds"]), seconds, 0.005)
            assert found["repetitions"] == "2" and found["rejected"] == ""
            predicted = found["predicted_joules"]
            # The T4 has no arithmetic in bfloat16, and there is no graph of the second network.
            if found["network"] == "gpt2":
                assert predicted == "" and found["remark"] == "no graph", found
            elif found["precision"] == "bf16":
                assert predicted == "" and "no rate for gemm in bfloat16" in found["remark"], found
            else:
                answer = json.loads(subprocess.run(
                    prediction.command(sys.argv[1], os.path.join(graphs, "resnet18.onnx"), "t4", configuration),
                    capture_output=True, text=True, check=True).stdout)["models"][0]
                figures = answer["training" if configuration.mode == "training" else "cost"]
                close(float(predicted), figures["joules"]["value"], 1e-9)

        # What is there is not measured again; what is new is.
        samples = os.path.join(folder, "a.samples.csv")
        with open(samples) as file:
            before = file.read()
        script(*words, "--precisions", "fp32", status=0)
        with open(samples) as file:
            assert file.read() == before
        script(*words, "--precisions", "fp32,fp16", status=0)
        with open(samples) as file:
            after = file.read()
        assert after.startswith(before) and len(after.splitlines()) == len(before.splitlines()) + 32


def configured(found):
    """The configuration of a row."""
    return Configuration(*(found[key] for key in measure.KEYS[:4]), int(found["batch"]), found["layout"])


def images_are_measured_with_channels_last_and_tokens_are_not():
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "a.csv")
        words = ["--simulate", "--output", output, "--networks", "resnet18,gpt2", "--batches", "8", "--repetitions", "1",
                 "--precisions", "fp16", "--executions", "eager", "--nncost", sys.argv[1]]
        script(*words, status=0)
        script(*words, "--memory-format", "contiguous,channels_last", status=0)
        with open(output, newline="") as file:
            rows = list(csv.DictReader(file))
        kinds = sorted((r["network"], r["mode"], r["layout"]) for r in rows)
        assert kinds == [("gpt2", "inference", "contiguous"), ("gpt2", "training", "contiguous"),
                         ("resnet18", "inference", "channels_last"), ("resnet18", "inference", "contiguous"),
                         ("resnet18", "training", "channels_last"), ("resnet18", "training", "contiguous")], kinds
        for found in rows:
            seconds, watts = simulation.SimulatedWorkbench.figures(configured(found))
            close(float(found["joules"]), seconds * watts, 0.01)
        assert "NHWC is not among" in script(*words, "--memory-format", "NHWC", status=2).stderr


def the_table_of_errors_tells_layouts_apart():
    rows = [{"mode": "inference", "execution": "eager", "precision": "fp16", "layout": layout, "network": "a",
             "joules": 1.0, "predicted_joules": 1.0 + error, "seconds": 1.0, "predicted_seconds": 1.0}
            for layout, error in [("contiguous", 0.1), ("channels_last", 0.3)]]
    names = [line.split(" | ")[0] for line in prediction.table(rows, measure.kind_of, "kind")[2:]]
    assert names == ["| inference eager fp16", "| inference eager fp16 channels_last", "| all"], names


def pytorch_lays_networks_out_as_it_is_told():
    try:
        import torch
    except ImportError:
        return
    model = torch.nn.Conv2d(8, 8, 3)
    for layout, is_last in [("contiguous", False), ("channels_last", True)]:
        result = networks.laid_out(model, layout)(networks.laid_out(torch.randn(2, 8, 9, 9), layout))
        assert result.is_contiguous(memory_format=torch.channels_last) == is_last, layout


if __name__ == "__main__":
    main()
