// What the wrappers in calibration/Microbenchmark/Driver take NVIDIA's interfaces to be, held against NVIDIA's own headers.
// Compiled by drivers.py once for each interface, which NVML, CUDA, CUBLASLT or CUDNN names. Never linked.
#include <cstddef>
#include <cstdio>
#include <string>
#include <type_traits>

// Headers for kernels, of which only two names of types are needed here.
#define __CUDA_FP16_H__
#define __CUDA_BF16_H__
struct __half;
struct __nv_bfloat16;

#if defined(NVML)
#define NVML_NO_UNVERSIONED_FUNC_DEFS
#include <nvml.h>
#elif defined(CUDA)
#include <cuda.h>
#elif defined(CUBLASLT)
#include <cublasLt.h>
#else
#include <cudnn.h>
#endif

// A type as registers see it: pointer, enumeration, int, unsigned, 64 bits with and without sign, a byte.
template <class T>
constexpr char code() {
  if constexpr (std::is_pointer_v<T>) return 'p';
  else if constexpr (std::is_enum_v<T>) return sizeof(T) == 4 ? 'e' : '?';
  else if constexpr (sizeof(T) == 8) return std::is_signed_v<T> ? 'l' : 'w';
  else if constexpr (sizeof(T) == 4) return std::is_signed_v<T> ? 'i' : 'u';
  else return sizeof(T) == 1 ? 'b' : '?';
}

template <class R, class... A>
std::string signature(R (*)(A...)) {
  std::string text{code<R>(), '('};
  ((text += code<A>()), ...);
  return text + ")";
}

static int checked, wrong;

template <class F>
void function(const char *name, F *function, const char *ours) {
  std::string theirs = signature(function);
  checked++;
  if (theirs == ours) return;
  wrong++;
  std::printf("%s is %s, not %s\n", name, theirs.c_str(), ours);
}

static void number(const char *name, long long theirs, long long ours) {
  checked++;
  if (theirs == ours) return;
  wrong++;
  std::printf("%s is %lld, not %lld\n", name, theirs, ours);
}

#define FUNCTION(NAME, OURS) function(#NAME, &NAME, OURS)
#define NUMBER(EXPRESSION, OURS) number(#EXPRESSION, (long long)(EXPRESSION), OURS)

int main() {
#if defined(NVML)
  FUNCTION(nvmlInit_v2, "e()");
  FUNCTION(nvmlShutdown, "e()");
  FUNCTION(nvmlDeviceGetCount_v2, "e(p)");
  FUNCTION(nvmlDeviceGetHandleByIndex_v2, "e(up)");
  FUNCTION(nvmlSystemGetDriverVersion, "e(pu)");
  FUNCTION(nvmlDeviceGetName, "e(ppu)");
  FUNCTION(nvmlDeviceGetUUID, "e(ppu)");
  FUNCTION(nvmlDeviceGetVbiosVersion, "e(ppu)");
  FUNCTION(nvmlDeviceGetPciInfo_v3, "e(pp)");
  FUNCTION(nvmlDeviceGetCudaComputeCapability, "e(ppp)");
  FUNCTION(nvmlDeviceGetMemoryInfo, "e(pp)");
  FUNCTION(nvmlDeviceGetEccMode, "e(ppp)");
  FUNCTION(nvmlDeviceGetPersistenceMode, "e(pp)");
  FUNCTION(nvmlDeviceGetEnforcedPowerLimit, "e(pp)");
  FUNCTION(nvmlDeviceGetPowerManagementDefaultLimit, "e(pp)");
  FUNCTION(nvmlDeviceGetPowerUsage, "e(pp)");
  FUNCTION(nvmlDeviceGetTotalEnergyConsumption, "e(pp)");
  FUNCTION(nvmlDeviceGetTemperature, "e(pep)");
  FUNCTION(nvmlDeviceGetClockInfo, "e(pep)");
  FUNCTION(nvmlDeviceGetMaxClockInfo, "e(pep)");
  FUNCTION(nvmlDeviceGetCurrentClocksThrottleReasons, "e(pp)");
  FUNCTION(nvmlDeviceSetGpuLockedClocks, "e(puu)");
  FUNCTION(nvmlDeviceResetGpuLockedClocks, "e(p)");
  FUNCTION(nvmlDeviceGetComputeMode, "e(pp)");
  FUNCTION(nvmlDeviceGetMigMode, "e(ppp)");
  FUNCTION(nvmlDeviceGetVirtualizationMode, "e(pp)");
  FUNCTION(nvmlDeviceGetUtilizationRates, "e(pp)");
  FUNCTION(nvmlDeviceGetComputeRunningProcesses_v3, "e(ppp)");
  FUNCTION(nvmlDeviceGetHandleByUUID, "e(pp)");
  NUMBER(sizeof(nvmlPciInfo_t), 68);
  NUMBER(offsetof(nvmlPciInfo_t, busId), 36);
  NUMBER(sizeof(nvmlMemory_t), 24);
  NUMBER(offsetof(nvmlMemory_t, total), 0);
  NUMBER(offsetof(nvmlMemory_t, free), 8);
  NUMBER(sizeof(nvmlUtilization_t), 8);
  NUMBER(offsetof(nvmlUtilization_t, gpu), 0);
  NUMBER(sizeof(nvmlProcessInfo_t), 24);
  NUMBER(offsetof(nvmlProcessInfo_t, pid), 0);
  NUMBER(offsetof(nvmlProcessInfo_t, usedGpuMemory), 8);
  NUMBER(NVML_CLOCK_SM, 1);
  NUMBER(NVML_CLOCK_MEM, 2);
  NUMBER(NVML_TEMPERATURE_GPU, 0);
  NUMBER(NVML_COMPUTEMODE_PROHIBITED, 2);
  NUMBER(NVML_DEVICE_MIG_ENABLE, 1);
  NUMBER(NVML_GPU_VIRTUALIZATION_MODE_VGPU, 2);
  NUMBER(nvmlClocksThrottleReasonGpuIdle, 1);
  NUMBER(nvmlClocksThrottleReasonApplicationsClocksSetting, 1 << 1);
  NUMBER(nvmlClocksThrottleReasonSwPowerCap, 1 << 2);
  NUMBER(nvmlClocksThrottleReasonHwSlowdown, 1 << 3);
  NUMBER(nvmlClocksThrottleReasonSyncBoost, 1 << 4);
  NUMBER(nvmlClocksThrottleReasonSwThermalSlowdown, 1 << 5);
  NUMBER(nvmlClocksThrottleReasonHwThermalSlowdown, 1 << 6);
  NUMBER(nvmlClocksThrottleReasonHwPowerBrakeSlowdown, 1 << 7);
  NUMBER(nvmlClocksThrottleReasonDisplayClockSetting, 1 << 8);
  NUMBER(NVML_SUCCESS, 0);
  NUMBER(NVML_ERROR_NOT_SUPPORTED, 3);
  NUMBER(NVML_ERROR_NO_PERMISSION, 4);
  NUMBER(NVML_ERROR_DRIVER_NOT_LOADED, 9);
  NUMBER(NVML_ERROR_FUNCTION_NOT_FOUND, 13);
  NUMBER(NVML_ERROR_GPU_IS_LOST, 15);
  NUMBER(NVML_ERROR_LIB_RM_VERSION_MISMATCH, 18);
  NUMBER(NVML_ERROR_GPU_NOT_FOUND, 28);
  NUMBER(NVML_ERROR_UNKNOWN, 999);
#elif defined(CUDA)
  FUNCTION(cuInit, "e(u)");
  FUNCTION(cuDriverGetVersion, "e(p)");
  FUNCTION(cuDeviceGetByPCIBusId, "e(pp)");
  FUNCTION(cuDeviceGetAttribute, "e(pei)");
  FUNCTION(cuDevicePrimaryCtxRetain, "e(pi)");
  FUNCTION(cuDevicePrimaryCtxRelease_v2, "e(i)");
  FUNCTION(cuCtxSetCurrent, "e(p)");
  FUNCTION(cuCtxSynchronize, "e()");
  FUNCTION(cuStreamCreate, "e(pu)");
  FUNCTION(cuStreamDestroy_v2, "e(p)");
  FUNCTION(cuStreamSynchronize, "e(p)");
  FUNCTION(cuEventCreate, "e(pu)");
  FUNCTION(cuEventDestroy_v2, "e(p)");
  FUNCTION(cuEventRecord, "e(pp)");
  FUNCTION(cuEventQuery, "e(p)");
  FUNCTION(cuEventElapsedTime, "e(ppp)");
  FUNCTION(cuMemAlloc_v2, "e(pw)");
  FUNCTION(cuMemFree_v2, "e(w)");
  FUNCTION(cuMemcpyHtoD_v2, "e(wpw)");
  FUNCTION(cuMemcpyDtoH_v2, "e(pww)");
  FUNCTION(cuMemcpyDtoD_v2, "e(www)");
  FUNCTION(cuMemsetD8_v2, "e(wbw)");
  FUNCTION(cuModuleLoadDataEx, "e(ppupp)");
  FUNCTION(cuModuleUnload, "e(p)");
  FUNCTION(cuModuleGetFunction, "e(ppp)");
  FUNCTION(cuLaunchKernel, "e(puuuuuuuppp)");
  FUNCTION(cuStreamBeginCapture_v2, "e(pe)");
  FUNCTION(cuStreamEndCapture, "e(pp)");
  FUNCTION(cuGraphInstantiateWithFlags, "e(ppw)");
  FUNCTION(cuGraphLaunch, "e(pp)");
  FUNCTION(cuGraphExecDestroy, "e(p)");
  FUNCTION(cuGraphDestroy, "e(p)");
  NUMBER(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, 16);
  NUMBER(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE, 38);
  NUMBER(CU_STREAM_NON_BLOCKING, 1);
  NUMBER(CU_STREAM_CAPTURE_MODE_RELAXED, 2);
  NUMBER(CUDA_SUCCESS, 0);
  NUMBER(CUDA_ERROR_OUT_OF_MEMORY, 2);
  NUMBER(CUDA_ERROR_DEVICE_UNAVAILABLE, 46);
  NUMBER(CUDA_ERROR_NO_DEVICE, 100);
  NUMBER(CUDA_ERROR_INVALID_DEVICE, 101);
  NUMBER(CUDA_ERROR_DEVICE_NOT_LICENSED, 102);
  NUMBER(CUDA_ERROR_ECC_UNCORRECTABLE, 214);
  NUMBER(CUDA_ERROR_INVALID_PTX, 218);
  NUMBER(CUDA_ERROR_JIT_COMPILER_NOT_FOUND, 221);
  NUMBER(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, 222);
  NUMBER(CUDA_ERROR_JIT_COMPILATION_DISABLED, 223);
  NUMBER(CUDA_ERROR_NOT_READY, 600);
  NUMBER(CUDA_ERROR_LAUNCH_FAILED, 719);
  NUMBER(CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, 803);
  NUMBER(CUDA_ERROR_MPS_CONNECTION_FAILED, 805);
#elif defined(CUBLASLT)
  FUNCTION(cublasLtCreate, "e(p)");
  FUNCTION(cublasLtDestroy, "e(p)");
  FUNCTION(cublasLtGetVersion, "w()");
  FUNCTION(cublasLtMatmulDescCreate, "e(pee)");
  FUNCTION(cublasLtMatmulDescSetAttribute, "e(pepw)");
  FUNCTION(cublasLtMatmulDescDestroy, "e(p)");
  FUNCTION(cublasLtMatrixLayoutCreate, "e(pewwl)");
  FUNCTION(cublasLtMatrixLayoutDestroy, "e(p)");
  FUNCTION(cublasLtMatmulPreferenceCreate, "e(p)");
  FUNCTION(cublasLtMatmulPreferenceSetAttribute, "e(pepw)");
  FUNCTION(cublasLtMatmulPreferenceDestroy, "e(p)");
  FUNCTION(cublasLtMatmulAlgoGetHeuristic, "e(pppppppipp)");
  FUNCTION(cublasLtMatmul, "e(ppppppppppppppwp)");
  NUMBER(CUDA_R_32F, 0);
  NUMBER(CUDA_R_16F, 2);
  NUMBER(CUDA_R_8I, 3);
  NUMBER(CUDA_R_32I, 10);
  NUMBER(CUDA_R_16BF, 14);
  NUMBER(CUBLAS_COMPUTE_32F, 68);
  NUMBER(CUBLAS_COMPUTE_32I, 72);
  NUMBER(CUBLAS_COMPUTE_32F_FAST_TF32, 77);
  NUMBER(CUBLASLT_MATMUL_DESC_TRANSA, 3);
  NUMBER(CUBLAS_OP_T, 1);
  NUMBER(sizeof(cublasOperation_t), 4);
  NUMBER(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, 1);
  NUMBER(sizeof(cublasLtMatmulHeuristicResult_t), 96);
  NUMBER(offsetof(cublasLtMatmulHeuristicResult_t, algo), 0);
  NUMBER(sizeof(cublasLtMatmulAlgo_t), 64);
  NUMBER(offsetof(cublasLtMatmulHeuristicResult_t, state), 72);
  NUMBER(CUBLAS_STATUS_NOT_INITIALIZED, 1);
  NUMBER(CUBLAS_STATUS_INVALID_VALUE, 7);
  NUMBER(CUBLAS_STATUS_ARCH_MISMATCH, 8);
  NUMBER(CUBLAS_STATUS_NOT_SUPPORTED, 15);
#else
  FUNCTION(cudnnCreate, "e(p)");
  FUNCTION(cudnnDestroy, "e(p)");
  FUNCTION(cudnnGetVersion, "w()");
  FUNCTION(cudnnSetStream, "e(pp)");
  FUNCTION(cudnnCreateTensorDescriptor, "e(p)");
  FUNCTION(cudnnSetTensor4dDescriptor, "e(peeiiii)");
  FUNCTION(cudnnDestroyTensorDescriptor, "e(p)");
  FUNCTION(cudnnCreateFilterDescriptor, "e(p)");
  FUNCTION(cudnnSetFilter4dDescriptor, "e(peeiiii)");
  FUNCTION(cudnnDestroyFilterDescriptor, "e(p)");
  FUNCTION(cudnnCreateConvolutionDescriptor, "e(p)");
  FUNCTION(cudnnSetConvolution2dDescriptor, "e(piiiiiiee)");
  FUNCTION(cudnnSetConvolutionGroupCount, "e(pi)");
  FUNCTION(cudnnSetConvolutionMathType, "e(pe)");
  FUNCTION(cudnnDestroyConvolutionDescriptor, "e(p)");
  FUNCTION(cudnnGetConvolutionForwardAlgorithm_v7, "e(pppppipp)");
  FUNCTION(cudnnGetConvolutionBackwardDataAlgorithm_v7, "e(pppppipp)");
  FUNCTION(cudnnGetConvolutionBackwardFilterAlgorithm_v7, "e(pppppipp)");
  FUNCTION(cudnnGetConvolutionForwardWorkspaceSize, "e(pppppep)");
  FUNCTION(cudnnGetConvolutionBackwardDataWorkspaceSize, "e(pppppep)");
  FUNCTION(cudnnGetConvolutionBackwardFilterWorkspaceSize, "e(pppppep)");
  FUNCTION(cudnnConvolutionForward, "e(pppppppepwppp)");
  FUNCTION(cudnnConvolutionBackwardData, "e(pppppppepwppp)");
  FUNCTION(cudnnConvolutionBackwardFilter, "e(pppppppepwppp)");
#define RESULTS(TYPE)                 \
  NUMBER(sizeof(TYPE), 48);           \
  NUMBER(offsetof(TYPE, algo), 0);    \
  NUMBER(offsetof(TYPE, status), 4);  \
  NUMBER(offsetof(TYPE, memory), 16); \
  NUMBER(offsetof(TYPE, mathType), 28)
  RESULTS(cudnnConvolutionFwdAlgoPerf_t);
  RESULTS(cudnnConvolutionBwdDataAlgoPerf_t);
  RESULTS(cudnnConvolutionBwdFilterAlgoPerf_t);
  NUMBER(CUDNN_TENSOR_NCHW, 0);
  NUMBER(CUDNN_TENSOR_NHWC, 1);
  NUMBER(CUDNN_DATA_FLOAT, 0);
  NUMBER(CUDNN_DATA_HALF, 2);
  NUMBER(CUDNN_DATA_INT8, 3);
  NUMBER(CUDNN_DATA_INT32, 4);
  NUMBER(CUDNN_DATA_BFLOAT16, 9);
  NUMBER(CUDNN_DEFAULT_MATH, 0);
  NUMBER(CUDNN_TENSOR_OP_MATH, 1);
  NUMBER(CUDNN_FMA_MATH, 3);
  NUMBER(CUDNN_CROSS_CORRELATION, 1);
#if CUDNN_MAJOR >= 9
  NUMBER(CUDNN_STATUS_NOT_INITIALIZED, 1001);
  NUMBER(CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH, 1002);
  NUMBER(CUDNN_STATUS_BAD_PARAM, 2000);
  NUMBER(CUDNN_STATUS_NOT_SUPPORTED, 3000);
  NUMBER(CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH, 3007);
  NUMBER(CUDNN_STATUS_INTERNAL_ERROR, 4000);
  NUMBER(CUDNN_STATUS_EXECUTION_FAILED, 5000);
#else
  NUMBER(CUDNN_STATUS_NOT_INITIALIZED, 1);
  NUMBER(CUDNN_STATUS_BAD_PARAM, 3);
  NUMBER(CUDNN_STATUS_ARCH_MISMATCH, 6);
  NUMBER(CUDNN_STATUS_EXECUTION_FAILED, 8);
  NUMBER(CUDNN_STATUS_NOT_SUPPORTED, 9);
#endif
#endif
  std::printf("%d checked, %d wrong\n", checked, wrong);
  return wrong > 0;
}
