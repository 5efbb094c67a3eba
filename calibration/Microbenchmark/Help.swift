/// What `--help` prints.
let help = """
  usage: nncost-calibrate [--quick] [--output FILE] …
         nncost-calibrate fit SAMPLES [--output FILE] …
         nncost-calibrate compare FIRST SECOND [--within 3%]
         nncost-calibrate --list
         nncost-calibrate kernels

  Measures an NVIDIA GPU into a device table, which 'nncost cost --device FILE' takes at once: how fast it does each kind
  of kernel, and what that draws. It needs the driver and nothing else, and takes up to 40 minutes, or 10 with --quick.
  Nothing else may use the GPU meanwhile. Each sample is on the disk before the next is taken: after Ctrl-C the same command
  goes on where it stopped.

    --device N         the GPU with this number, counted from 0 as nvidia-smi does (default 0)
    --quick            shorter and fewer measurements
    --output FILE      where the table goes (default standard output)
    --raw FILE         where the samples go, or where to go on (default beside the table, .samples.csv)
    --residuals FILE   write each kernel's time and energy, measured and as the table has them
    --lock-clocks MHZ  hold the clock meanwhile, which takes the rights of an administrator (default: clocks are left alone)
    --only NAMES       measure only kernels whose names begin with one of these, with commas between
    --within SHARE     how far figures may be apart that compare takes for the same (default 3%)
    --list             say what GPUs there are and what they report of themselves
    --version          print the version
    --help             print this text

  fit makes the table of samples taken before, with no GPU. compare holds two tables or files of samples against each other,
  figure by figure, and ends with 1 where one is further off than --within: measured twice, a board should be the same.
  kernels prints the PTX of all kernels.

  environment:
    NNCOST_NVML_LIBRARY    management library to load (default libnvidia-ml.so.1)
    NNCOST_CUDA_LIBRARY    CUDA driver library to load (default libcuda.so.1)
    NNCOST_CUBLASLT_LIBRARY
                           matrix products as frameworks do them (default libcublasLt.so.13, .12 or .11, if it is there)
    NNCOST_CUDNN_LIBRARY   convolutions as frameworks do them (default libcudnn.so.9, .8 or .7, if it is there)
    NNCOST_CLOCK_LIBRARY   library with nncost_clock_now and nncost_clock_wait, for simulated boards

  exit status: 0 done; 1 samples do not make a table, the board changed while it was measured, or compared figures differ;
  2 the command line or a file is wrong; 3 there is no driver, no permission, no such GPU, or it cannot be measured; 130 stopped by Ctrl-C.

  """
