/* A management library with one invented board, for tests on machines that have none.
   Environment variables make it misbehave; each names the status that one call returns.
   Values are unlike any real board's, so that a test cannot pass by reading one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int board;

static int status(const char *variable) {
  const char *text = getenv(variable);
  return text ? atoi(text) : 0;
}

static int text(char *buffer, unsigned capacity, const char *value) {
  if (strlen(value) >= capacity) return 7;
  strcpy(buffer, value);
  return 0;
}

#ifndef WITHOUT_INIT
int nvmlInit_v2(void) { return status("FAKE_START"); }
#endif
int nvmlShutdown(void) {
  const char *path = getenv("FAKE_SHUTDOWN_NOTE");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (file) {
    fputs("shut down\n", file);
    fclose(file);
  }
  return 0;
}

int nvmlDeviceGetCount_v2(unsigned *count) {
  const char *value = getenv("FAKE_COUNT");
  *count = value ? (unsigned)atoi(value) : 1;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
  (void)index;
  *handle = &board;
  return status("FAKE_HANDLE");
}

int nvmlSystemGetDriverVersion(char *buffer, unsigned capacity) {
  return text(buffer, capacity, "123.45.06");
}

int nvmlDeviceGetName(void *device, char *buffer, unsigned capacity) {
  return device == &board ? text(buffer, capacity, "Imaginary T4") : 2;
}

int nvmlDeviceGetUUID(void *device, char *buffer, unsigned capacity) {
  return device == &board ? text(buffer, capacity, "GPU-00000000-1111-2222-3333-444444444444") : 2;
}

int nvmlDeviceGetVbiosVersion(void *device, char *buffer, unsigned capacity) {
  return device == &board ? text(buffer, capacity, "90.04.00.00.01") : 2;
}

struct pci_info {
  char short_identifier[16];
  unsigned domain, bus, device, identifier, subsystem;
  char identifier_text[32];
};

int nvmlDeviceGetPciInfo_v3(void *device, struct pci_info *info) {
  if (device != &board) return 2;
  memset(info, 0, sizeof *info);
  strcpy(info->short_identifier, "0000:0A:1E.0");
  info->bus = 0x0A;
  strcpy(info->identifier_text, "00000000:0A:1E.0");
  return 0;
}

int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
  (void)device;
  const char *old = getenv("FAKE_OLD_BOARD");
  *major = old ? 6 : 7;
  *minor = old ? 1 : 5;
  return 0;
}

struct memory {
  unsigned long long total, available, used;
};

int nvmlDeviceGetMemoryInfo(void *device, struct memory *memory) {
  (void)device;
  memory->total = 15ULL << 30;
  memory->available = 14ULL << 30;
  memory->used = 1ULL << 30;
  return 0;
}

int nvmlDeviceGetEccMode(void *device, unsigned *current, unsigned *pending) {
  (void)device;
  *current = 1;
  *pending = 0;
  return status("FAKE_ECC");
}

int nvmlDeviceGetPersistenceMode(void *device, unsigned *mode) {
  (void)device;
  *mode = 0;
  return 0;
}

int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) {
  (void)device;
  *milliwatts = 70000;
  return 0;
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
  (void)device;
  *milliwatts = 26513;
  return status("FAKE_POWER");
}

int nvmlDeviceGetTemperature(void *device, unsigned sensor, unsigned *celsius) {
  (void)device;
  *celsius = 41;
  return sensor == 0 ? 0 : 2;
}

int nvmlDeviceGetClockInfo(void *device, unsigned clock, unsigned *megahertz) {
  (void)device;
  *megahertz = clock == 1 ? 585 : 5001;
  return clock == 1 || clock == 2 ? 0 : 2;
}

#ifndef WITHOUT_ENERGY
int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) {
  (void)device;
  *millijoules = 9007199254740ULL; /* more than 32 bits hold */
  return 0;
}
#endif
