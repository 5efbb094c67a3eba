/* A CUDA driver that sees the invented board, unless FAKE_CUDA_DEVICE names the status it returns instead. */
#include <stdlib.h>
#include <string.h>

int cuInit(unsigned flags) { return flags == 0 ? 0 : 1; }

int cuDriverGetVersion(int *version) {
  *version = 12040;
  return 0;
}

int cuDeviceGetByPCIBusId(int *device, const char *identifier) {
  const char *status = getenv("FAKE_CUDA_DEVICE");
  *device = 0;
  if (status) return atoi(status);
  return strcmp(identifier, "00000000:0A:1E.0") == 0 ? 0 : 101;
}
