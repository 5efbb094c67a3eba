/* A simulated board: a management library, a CUDA driver, two libraries and a clock in one, for tests on machines that have no GPU.

   Time is simulated. It passes while the program waits, and a little with every call; a protocol of forty minutes
   takes seconds. What the board is like is read from the file that FAKE_BOARD names, one `key value` on each line:

     idle_w context_w active_w cap_w    power at rest, with a context, while kernels run, and the limit
     noise                              relative deviation of a reading of power
     jitter                             relative deviation of the time of a batch of launches
     update_s window_s latency_s        between readings, the time each is the mean of, and until it appears
     counter_update_s                   between two updates of the energy counter
     launch_s graph_s                   of the host for a launch, and of the board for a graph beside its kernels
     ambient_c c_per_w thermal_s        temperatures, and how fast they settle
     leakage_w_per_c                    what the board draws more for each degree above 60
     slow_from slow_for                 a stretch of time in which heat halves the clock
     gain_from gain_for gain            a stretch of time in which the counter counts wrongly by a factor
     drift_from drift_for drift         a stretch of time in which kernels take so much longer for no reason that is told
     busy_from busy_for                 a stretch of time in which something else runs on the board
     process                            the number of another program that is on the board
     mig compute_mode is_virtual        as the management library has them
     sms l2_bytes memory_bytes capability   what kind of board it is; capability 75 is 7.5
     seed                               of the noise
     power_status energy_status lock_status context_status record_status   the status that a query returns instead of a value
     log PATH                           a file to which locking and unlocking clocks is written
     wrong ENTRY                        a kernel whose results are wrong
     broken ENTRY                       how the names of what a library offers and does not do begin

   and for each kernel, as the program would launch it,

     kernel ENTRY PARAMETERS X Y Z NUMBERS SECONDS JOULES RESULT

   PARAMETERS has a `b` for each buffer and an `n` for each number; NUMBERS is their values with commas, or `-`; SECONDS is
   the time at full clock, JOULES what one launch draws above `active_w`, and RESULT the number of the parameter with the
   result. A kernel that is launched while memory is still being filled computes the wrong numbers. An ENTRY `cublaslt:TYPE:ROWSxCOLUMNSxDEPTH` is a product that the library of matrix products does, and one that begins with
   `cudnn:` a convolution of the other library: see libraries.c. Lines `r OFFSET BYTES` behind it say what is found there, in hexadecimal digits. */
#include "board.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct result {
  uint64_t offset;
  unsigned char bytes[8];
  int count;
};

struct kernel {
  char entry[128], parameters[32], numbers[160];
  unsigned grid[3];
  double seconds, joules;
  int result_parameter;
  struct result *results;
  int result_count;
};

static struct {
  double idle_w, context_w, active_w, cap_w, noise, jitter, update_s, window_s, latency_s, counter_update_s;
  double launch_s, graph_s, ambient_c, c_per_w, thermal_s, leakage_w_per_c;
  double slow_from, slow_for, gain_from, gain_for, gain, drift_from, drift;
  double power_status, energy_status, lock_status, seed;
  double drift_for, context_status, record_status, busy_from, busy_for, process, mig, compute_mode, is_virtual, sms, l2_bytes, memory_bytes, capability;
} is = {.idle_w = 10,
        .context_w = 26,
        .active_w = 40,
        .cap_w = 70,
        .noise = 0.003,
        .update_s = 0.1,
        .window_s = 0.1,
        .latency_s = 0.0,
        .counter_update_s = 0.1,
        .launch_s = 1e-7,
        .graph_s = 4e-6,
        .ambient_c = 30,
        .c_per_w = 0.5,
        .thermal_s = 20,
        .slow_from = 1e18,
        .gain_from = 1e18,
        .gain = 1,
        .drift_from = 1e18,
        .drift = 1,
        .drift_for = 1e18,
        .busy_from = 1e18,
        .sms = 40,
        .l2_bytes = 4 << 20,
        .memory_bytes = 15ULL << 30,
        .capability = 75};

static const struct {
  const char *key;
  double *value;
} settings[] = {
    {"idle_w", &is.idle_w},
    {"context_w", &is.context_w},
    {"active_w", &is.active_w},
    {"cap_w", &is.cap_w},
    {"noise", &is.noise},
    {"jitter", &is.jitter},
    {"update_s", &is.update_s},
    {"window_s", &is.window_s},
    {"latency_s", &is.latency_s},
    {"counter_update_s", &is.counter_update_s},
    {"launch_s", &is.launch_s},
    {"graph_s", &is.graph_s},
    {"ambient_c", &is.ambient_c},
    {"c_per_w", &is.c_per_w},
    {"thermal_s", &is.thermal_s},
    {"leakage_w_per_c", &is.leakage_w_per_c},
    {"slow_from", &is.slow_from},
    {"slow_for", &is.slow_for},
    {"gain_from", &is.gain_from},
    {"gain_for", &is.gain_for},
    {"gain", &is.gain},
    {"drift_from", &is.drift_from},
    {"drift", &is.drift},
    {"power_status", &is.power_status},
    {"energy_status", &is.energy_status},
    {"lock_status", &is.lock_status},
    {"seed", &is.seed},
    {"drift_for", &is.drift_for},
    {"context_status", &is.context_status},
    {"record_status", &is.record_status},
    {"busy_from", &is.busy_from},
    {"busy_for", &is.busy_for},
    {"process", &is.process},
    {"mig", &is.mig},
    {"compute_mode", &is.compute_mode},
    {"is_virtual", &is.is_virtual},
    {"sms", &is.sms},
    {"l2_bytes", &is.l2_bytes},
    {"memory_bytes", &is.memory_bytes},
    {"capability", &is.capability},
};

static uint64_t seed = 88172645463325252ULL;
static struct kernel *kernels;
static int kernel_count, graph_kernel;
static char log_path[512], wrong_entry[128], broken_entry[128];
static int is_read;

static struct kernel *new_kernel(void) {
  kernels = realloc(kernels, (size_t)(kernel_count + 1) * sizeof *kernels);
  memset(&kernels[kernel_count], 0, sizeof *kernels);
  return &kernels[kernel_count++];
}

static void read_result(const char *line) {
  struct kernel *kernel = &kernels[kernel_count - 1];
  kernel->results =
      realloc(kernel->results, (size_t)(kernel->result_count + 1) * sizeof *kernel->results);
  struct result *result = &kernel->results[kernel->result_count++];
  char digits[32] = "";
  unsigned long long offset = 0;
  sscanf(line, "r %llu %31s", &offset, digits);
  result->offset = offset;
  result->count = (int)strlen(digits) / 2;
  for (int i = 0; i < result->count; i++) {
    unsigned byte = 0;
    sscanf(digits + 2 * i, "%2x", &byte);
    result->bytes[i] = (unsigned char)byte;
  }
}

int fake_board_read(const char *path) {
  FILE *file = fopen(path, "r");
  char line[1024], key[64];
  is_read = 1;
  if (!file) return 1;
  while (fgets(line, sizeof line, file)) {
    if (line[0] == 'r' && line[1] == ' ' && kernel_count > 0) {
      read_result(line);
    } else if (!strncmp(line, "kernel ", 7)) {
      struct kernel *k = new_kernel();
      if (sscanf(line, "kernel %127s %31s %u %u %u %159s %lf %lf %d", k->entry, k->parameters,
                 &k->grid[0], &k->grid[1], &k->grid[2], k->numbers, &k->seconds, &k->joules,
                 &k->result_parameter) != 9)
        return 2;
    } else if (sscanf(line, "log %511s", log_path) == 1 ||
               sscanf(line, "wrong %127s", wrong_entry) == 1 ||
               sscanf(line, "broken %127s", broken_entry) == 1) {
    } else if (sscanf(line, "%63s", key) == 1) {
      for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (!strcmp(key, settings[i].key)) *settings[i].value = atof(line + strlen(key));
    }
  }
  fclose(file);
  new_kernel()->seconds = is.graph_s;
  graph_kernel = kernel_count - 1;
  seed += (uint64_t)is.seed * 1000003;
  return 0;
}

static void read_once(void) {
  const char *path = getenv("FAKE_BOARD");
  if (!is_read && path) fake_board_read(path);
  is_read = 1;
}

/* What happens on the board while time passes. */

struct item {
  int kernel; /* -1 for a mark */
  int mark;
  double left; /* launches, of a kernel */
  double slowness;
};

#define QUEUE 65536
static struct item queue[QUEUE];
static unsigned long head, tail;
static double marks[1 << 16];
static unsigned char mark_is_reached[1 << 16];
static int mark_count;

#define TICK 0.001
#define HISTORY 16384
static double now, ticked, joules, counted, celsius = -1, demand, speed = 1, locked_clock;
static double history[HISTORY]; /* joules at the end of each tick */
static unsigned long ticks;
static double reading, next_reading, counter, next_counter, last_work = -1;
static int has_context;

static double uniform(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (double)(seed >> 11) / 9007199254740992.0;
}

static double normal(void) {
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += uniform();
  return sum;
}

static double joules_at(double time) {
  double place = time / TICK;
  if (place < 1) return 0;
  unsigned long tick = (unsigned long)place;
  if (tick + HISTORY < ticks + 2) tick = ticks - HISTORY + 2;
  if (tick >= ticks) return history[ticks % HISTORY];
  double part = place - (double)tick;
  return history[tick % HISTORY] * (1 - part) + history[(tick + 1) % HISTORY] * part;
}

static double slowness(void) {
  double factor = 1;
  if (now >= is.slow_from && now < is.slow_from + is.slow_for) factor *= 2;
  if (now >= is.drift_from && now < is.drift_from + is.drift_for) factor *= is.drift;
  return factor;
}

/* One tick: work is done, energy drawn, and the sensor looks when it is time. */
static void tick(void) {
  double left = TICK, drawn = 0, busy = 0, full = 0;
  if (celsius < 0) celsius = is.ambient_c + is.c_per_w * is.idle_w;
  double warmth = is.leakage_w_per_c * (celsius - 60);
  while (left > 0 && head != tail) {
    struct item *item = &queue[head % QUEUE];
    if (item->kernel < 0) {
      marks[item->mark] = ticked + TICK - left;
      mark_is_reached[item->mark] = 1;
      head++;
      continue;
    }
    struct kernel *k = &kernels[item->kernel];
    double each = k->seconds * item->slowness * slowness() / speed;
    double done = fmin(item->left, left / each);
    item->left -= done;
    left -= done * each;
    busy += done * each;
    drawn += done * k->joules;
    full += done * each * (k->joules / (k->seconds * item->slowness * slowness()));
    if (item->left <= 1e-9) head++;
    if (done <= 0) break;
  }
  if (busy > 0) last_work = ticked + TICK;
  double rest = has_context ? is.context_w : is.idle_w;
  double base = busy > 0 ? is.active_w + warmth : rest;
  double power_of_work = busy > 0 ? full / busy : 0;
  drawn += busy * (is.active_w + warmth) + (TICK - busy) * rest;
  demand += (base + power_of_work - demand) * TICK / 0.2;
  speed = busy > 0 && demand > is.cap_w && power_of_work > is.cap_w - base
              ? (is.cap_w - base) / power_of_work
              : 1;
  joules += drawn;
  int is_off = now >= is.gain_from && now < is.gain_from + is.gain_for;
  counted += drawn * (is_off ? is.gain : 1);
  celsius += (is.ambient_c + is.c_per_w * drawn / TICK - celsius) * TICK / is.thermal_s;
  ticks++;
  ticked = (double)ticks * TICK;
  history[ticks % HISTORY] = joules;
  if (ticked >= next_reading) {
    double end = ticked - is.latency_s;
    double watts = (joules_at(end) - joules_at(end - is.window_s)) / is.window_s;
    reading = watts * (1 + is.noise * normal());
    next_reading += is.update_s;
  }
  if (ticked >= next_counter) {
    counter = counted;
    next_counter += is.counter_update_s;
  }
}

static void pass(double seconds) {
  read_once();
  now += seconds;
  while (ticked + TICK <= now) tick();
}

double nncost_clock_now(void) {
  pass(1e-7);
  return now;
}

void nncost_clock_wait(double seconds) { pass(seconds > 0 ? seconds : 0); }

/* The management library. */

static int board;

static int text(char *buffer, unsigned capacity, const char *value) {
  if (strlen(value) >= capacity) return 7;
  strcpy(buffer, value);
  return 0;
}

static void note(const char *words) {
  FILE *file = log_path[0] ? fopen(log_path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%s\n", words);
  fclose(file);
}

int nvmlInit_v2(void) {
  read_once();
  return 0;
}
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) {
  *count = 1;
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
  *handle = &board;
  return index == 0 ? 0 : 2;
}
int nvmlSystemGetDriverVersion(char *buffer, unsigned capacity) {
  return text(buffer, capacity, "999.88");
}
int nvmlDeviceGetName(void *device, char *buffer, unsigned capacity) {
  return device == &board ? text(buffer, capacity, "Simulated Board") : 2;
}
int nvmlDeviceGetUUID(void *device, char *buffer, unsigned capacity) {
  const char *uuid = getenv("FAKE_UUID");
  return device == &board ? text(buffer, capacity, uuid ? uuid : "GPU-simulated") : 2;
}
int nvmlDeviceGetVbiosVersion(void *device, char *buffer, unsigned capacity) {
  return device == &board ? text(buffer, capacity, "1.2.3") : 2;
}

struct pci_info {
  char short_identifier[16];
  unsigned domain, bus, device, identifier, subsystem;
  char identifier_text[32];
};

int nvmlDeviceGetPciInfo_v3(void *device, struct pci_info *info) {
  if (device != &board) return 2;
  memset(info, 0, sizeof *info);
  strcpy(info->identifier_text, "00000000:01:00.0");
  return 0;
}
int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
  read_once();
  *major = (int)is.capability / 10;
  *minor = (int)is.capability % 10;
  return device == &board ? 0 : 2;
}

struct memory {
  unsigned long long total, available, used;
};

int nvmlDeviceGetMemoryInfo(void *device, struct memory *memory) {
  memory->total = (unsigned long long)is.memory_bytes;
  memory->used = 1ULL << 30;
  memory->available = memory->total - memory->used;
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetEccMode(void *device, unsigned *current, unsigned *pending) {
  *current = *pending = 1;
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetPersistenceMode(void *device, unsigned *mode) {
  *mode = 1;
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) {
  read_once();
  *milliwatts = (unsigned)(is.cap_w * 1000);
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetPowerManagementDefaultLimit(void *device, unsigned *milliwatts) {
  return nvmlDeviceGetEnforcedPowerLimit(device, milliwatts);
}
int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
  pass(5e-5);
  *milliwatts = (unsigned)lround(reading * 1000);
  return device == &board ? (int)is.power_status : 2;
}
int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules) {
  pass(5e-5);
  *millijoules = 123456789ULL + (unsigned long long)(counter * 1000);
  return device == &board ? (int)is.energy_status : 2;
}
int nvmlDeviceGetTemperature(void *device, unsigned sensor, unsigned *degrees) {
  pass(2e-5);
  *degrees = (unsigned)lround(celsius);
  return device == &board && sensor == 0 ? 0 : 2;
}
int nvmlDeviceGetClockInfo(void *device, unsigned clock, unsigned *megahertz) {
  pass(2e-5);
  double full = locked_clock > 0 ? locked_clock : 1590;
  *megahertz = clock == 1 ? (unsigned)lround(full * speed / slowness()) : 5001;
  return device == &board && (clock == 1 || clock == 2) ? 0 : 2;
}
int nvmlDeviceGetMaxClockInfo(void *device, unsigned clock, unsigned *megahertz) {
  *megahertz = 1590;
  return device == &board && clock == 1 ? 0 : 2;
}
int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, unsigned long long *reasons) {
  pass(2e-5);
  *reasons = head == tail ? 1 : 0;
  if (speed < 1) *reasons |= 4;
  if (now >= is.slow_from && now < is.slow_from + is.slow_for) *reasons |= 0x40;
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetMigMode(void *device, unsigned *current, unsigned *pending) {
  *current = (unsigned)is.mig;
  *pending = 0;
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetComputeMode(void *device, unsigned *mode) {
  *mode = (unsigned)is.compute_mode;
  return device == &board ? 0 : 2;
}
int nvmlDeviceGetVirtualizationMode(void *device, unsigned *mode) {
  *mode = is.is_virtual ? 2 : 0;
  return device == &board ? 0 : 2;
}

struct utilization {
  unsigned gpu, memory;
};

/* By the work of the last second, as the driver has it. */
int nvmlDeviceGetUtilizationRates(void *device, struct utilization *rates) {
  pass(2e-5);
  int is_busy = now >= is.busy_from && now < is.busy_from + is.busy_for;
  rates->gpu = head != tail ? 100 : now < last_work + 0.5 ? 50 : is_busy ? 37 : 0;
  rates->memory = 99;
  return device == &board ? 0 : 2;
}

struct process {
  unsigned number;
  unsigned long long bytes;
  unsigned instance, compute_instance;
};

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, struct process *found) {
  unsigned known = is.process > 0;
  if (*count < known) return 7;
  *count = known;
  if (known) found[0] = (struct process){(unsigned)is.process, 1032ULL << 20, 0xFFFFFFFF, 0xFFFFFFFF};
  return device == &board ? 0 : 2;
}
int nvmlDeviceSetGpuLockedClocks(void *device, unsigned least, unsigned most) {
  char words[64];
  if (device != &board) return 2;
  if (is.lock_status != 0) return (int)is.lock_status;
  locked_clock = most;
  snprintf(words, sizeof words, "locked %u %u", least, most);
  note(words);
  return 0;
}
int nvmlDeviceResetGpuLockedClocks(void *device) {
  if (device != &board) return 2;
  locked_clock = 0;
  note("unlocked");
  return 0;
}

/* The CUDA driver. */

struct module {
  char *text;
};

struct function {
  char entry[128];
};

struct buffer {
  uint64_t address, size;
};

static struct buffer buffers[4096];
static int buffer_count;
static uint64_t next_address = 0x700000000000ULL;
static uint64_t last_result;
static struct kernel *last_kernel;
/* Whether memory is still being filled, for which this stream does not wait, and whether a kernel read it before. */
static int is_filling, waits_for_filling, has_read_early;

int cuInit(unsigned flags) {
  read_once();
  return flags == 0 ? 0 : 1;
}
int cuDriverGetVersion(int *version) {
  *version = 12040;
  return 0;
}
int cuDeviceGetByPCIBusId(int *device, const char *identifier) {
  *device = 0;
  return strcmp(identifier, "00000000:01:00.0") == 0 ? 0 : 101;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  *value = attribute == 16 ? (int)is.sms : attribute == 38 ? (int)is.l2_bytes : 0;
  return device == 0 && *value ? 0 : 1;
}
int cuDevicePrimaryCtxRetain(void **context, int device) {
  if (is.context_status) return (int)is.context_status;
  *context = &has_context;
  has_context = 1;
  return device == 0 ? 0 : 101;
}
int cuDevicePrimaryCtxRelease_v2(int device) {
  has_context = 0;
  return device == 0 ? 0 : 101;
}
int cuCtxSetCurrent(void *context) { return context == &has_context ? 0 : 201; }
int cuCtxSynchronize(void) {
  while (head != tail) pass(TICK);
  is_filling = 0;
  return has_context ? 0 : 201;
}
int cuStreamCreate(void **stream, unsigned flags) {
  waits_for_filling = !(flags & 1);
  *stream = queue;
  return 0;
}
int cuStreamDestroy_v2(void *stream) { return stream == queue ? 0 : 400; }
int cuStreamSynchronize(void *stream) {
  while (head != tail) pass(TICK);
  return stream == queue ? 0 : 400;
}
int cuEventCreate(void **event, unsigned flags) {
  (void)flags;
  if (mark_count + 1 >= 1 << 16) mark_count = 0;
  *event = &marks[++mark_count];
  mark_is_reached[mark_count] = 1;
  return 0;
}
int cuEventDestroy_v2(void *event) { return event ? 0 : 400; }
static int put(struct item item) {
  item.slowness = 1 + is.jitter * normal();
  pass(1e-7);
  if (tail - head >= QUEUE) pass(TICK);
  if (tail - head >= QUEUE) return 2;
  queue[tail++ % QUEUE] = item;
  return 0;
}
int cuEventRecord(void *event, void *stream) {
  int mark = (int)((double *)event - marks);
  if (stream != queue) return 400;
  mark_is_reached[mark] = 0;
  if (head == tail) {
    pass(1e-7);
    marks[mark] = now;
    mark_is_reached[mark] = 1;
    return 0;
  }
  return put((struct item){.kernel = -1, .mark = mark});
}
int cuEventQuery(void *event) {
  pass(1e-6);
  return mark_is_reached[(double *)event - marks] ? 0 : 600;
}
int cuEventElapsedTime(float *milliseconds, void *first, void *second) {
  *milliseconds = (float)((*(double *)second - *(double *)first) * 1000);
  return mark_is_reached[(double *)first - marks] && mark_is_reached[(double *)second - marks] ? 0
                                                                                            : 600;
}
int cuMemAlloc_v2(uint64_t *address, size_t size) {
  if (size == 0) return 1;
  for (int i = 0; i < 4096; i++)
    if (i == buffer_count || buffers[i].size == 0) {
      buffers[i] = (struct buffer){next_address, size};
      if (i == buffer_count) buffer_count++;
      *address = next_address;
      next_address += (size + 511) / 256 * 256;
      return 0;
    }
  return 2;
}
static struct buffer *find(uint64_t address, size_t size) {
  for (int i = 0; i < buffer_count; i++)
    if (address >= buffers[i].address && address + size <= buffers[i].address + buffers[i].size)
      return &buffers[i];
  return NULL;
}
int cuMemFree_v2(uint64_t address) {
  struct buffer *found = find(address, 1);
  if (!found || found->address != address) return 1;
  found->size = 0;
  return 0;
}
int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t size) {
  is_filling = 1;
  pass(1e-5);
  return find(to, size) && from ? 0 : 1;
}
int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t size) {
  is_filling = 1;
  pass(1e-5);
  return find(to, size) && find(from, size) ? 0 : 1;
}
int cuMemsetD8_v2(uint64_t to, unsigned char value, size_t size) {
  is_filling = 1;
  (void)value;
  pass(1e-5);
  return find(to, size) ? 0 : 1;
}
int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t size) {
  struct buffer *found = find(from, size);
  if (!found) return 1;
  cuStreamSynchronize(queue);
  memset(to, 0, size);
  if (!last_kernel || found->address != last_result) return 0;
  for (int i = 0; i < last_kernel->result_count; i++) {
    struct result *result = &last_kernel->results[i];
    if (result->offset != from - found->address) continue;
    memcpy(to, result->bytes, size < 8 ? size : 8);
    if (!strcmp(last_kernel->entry, wrong_entry) || has_read_early) ((unsigned char *)to)[size - 1] ^= 0x40;
  }
  return 0;
}
int cuModuleLoadDataEx(void **module, const void *image, unsigned count, int *options,
                       void **values) {
  (void)count, (void)options, (void)values;
  struct module *made = malloc(sizeof *made);
  made->text = strdup(image);
  *module = made;
  return strstr(image, ".version") ? 0 : 218;
}
int cuModuleUnload(void *module) {
  free(((struct module *)module)->text);
  free(module);
  return 0;
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
  char wanted[160];
  snprintf(wanted, sizeof wanted, ".entry %s(", name);
  if (!strstr(((struct module *)module)->text, wanted)) return 500;
  struct function *made = calloc(1, sizeof *made);
  snprintf(made->entry, sizeof made->entry, "%s", name);
  *function = made;
  return 0;
}

static int matches(const struct kernel *kernel, const char *entry, const unsigned grid[3],
                   void **parameters) {
  if (strcmp(kernel->entry, entry) || memcmp(kernel->grid, grid, sizeof kernel->grid)) return 0;
  char numbers[160] = "";
  for (int i = 0; kernel->parameters[i]; i++)
    if (kernel->parameters[i] == 'n') {
      size_t used = strlen(numbers);
      snprintf(numbers + used, sizeof numbers - used, "%s%u", used ? "," : "",
               *(unsigned *)parameters[i]);
    }
  return !strcmp(numbers[0] ? numbers : "-", kernel->numbers);
}

struct graph {
  int kernel, count;
};

static struct graph *recorded;

int cuStreamBeginCapture_v2(void *stream, int mode) {
  if (is.record_status) return (int)is.record_status;
  recorded = calloc(1, sizeof *recorded);
  return stream == queue && mode == 2 ? 0 : 400;
}
int cuStreamEndCapture(void *stream, void **graph) {
  *graph = recorded;
  recorded = NULL;
  return stream == queue && *graph ? 0 : 400;
}
int cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags) {
  *executable = graph;
  return flags == 0 ? 0 : 1;
}
int cuGraphExecDestroy(void *executable) { return executable ? 0 : 400; }
int cuGraphDestroy(void *graph) {
  free(graph);
  return 0;
}
int cuGraphLaunch(void *executable, void *stream) {
  struct graph *graph = executable;
  if (stream != queue) return 400;
  int status = put((struct item){.kernel = graph_kernel, .left = 1});
  return status ? status : put((struct item){.kernel = graph->kernel, .left = graph->count});
}

int fake_launch(int number, uint64_t result) {
  if (recorded) {
    recorded->kernel = number;
    recorded->count++;
    return 0;
  }
  last_kernel = &kernels[number];
  last_result = result;
  has_read_early = is_filling && !waits_for_filling;
  struct item *end = &queue[(tail - 1) % QUEUE];
  if (head != tail && end->kernel == number) {
    end->left += 1;
    return 0;
  }
  return put((struct item){.kernel = number, .left = 1});
}

int fake_kernel(const char *entry) {
  for (int i = 0; i < kernel_count; i++)
    if (!strcmp(kernels[i].entry, entry)) return i;
  return -1;
}

int fake_is_broken(int number) {
  size_t length = strlen(broken_entry);
  return length > 0 && !strncmp(kernels[number].entry, broken_entry, length);
}

int fake_has_memory(uint64_t address, size_t size) { return find(address, size) != NULL; }

int fake_is_stream(void *stream) { return stream == queue; }

int fake_has_context(void) { return has_context; }

void fake_pass(double seconds) { pass(seconds); }

int cuLaunchKernel(void *function, unsigned x, unsigned y, unsigned z, unsigned block_x,
                   unsigned block_y, unsigned block_z, unsigned shared, void *stream,
                   void **parameters, void **extra) {
  static void *same;
  static void **same_parameters;
  static unsigned same_grid[3];
  static int same_kernel;
  unsigned grid[3] = {x, y, z};
  (void)block_x, (void)block_y, (void)block_z, (void)shared, (void)extra;
  if (stream != queue) return 400;
  pass(is.launch_s);
  if (same != function || same_parameters != parameters ||
      memcmp(grid, same_grid, sizeof grid)) {
    int found = -1;
    for (int i = 0; i < kernel_count && found < 0; i++)
      if (matches(&kernels[i], ((struct function *)function)->entry, grid, parameters)) found = i;
    if (found < 0) return 719;
    same = function;
    same_parameters = parameters;
    memcpy(same_grid, grid, sizeof grid);
    same_kernel = found;
  }
  int result = kernels[same_kernel].result_parameter;
  return fake_launch(same_kernel, result >= 0 ? *(uint64_t *)parameters[result] : last_result);
}

