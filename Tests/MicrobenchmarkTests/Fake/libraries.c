/* NVIDIA's libraries as far as they are asked here, in the simulated board. */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int product_handle;

/* The library of matrix products: only such products as the board's file names. */

struct layout {
  int type;
  uint64_t rows, columns;
};

struct product {
  int sum, is_transposed;
};

size_t cublasLtGetVersion(void) { return 120405; }
int cublasLtCreate(void **handle) {
  *handle = &product_handle;
  return fake_has_context() ? 0 : 1;
}
int cublasLtDestroy(void *handle) { return handle == &product_handle ? 0 : 7; }
int cublasLtMatmulDescCreate(void **made, int sum, int scale) {
  struct product *product = calloc(1, sizeof *product);
  product->sum = sum;
  *made = product;
  return (sum == 72) == (scale == 10) ? 0 : 7;
}
int cublasLtMatmulDescSetAttribute(void *product, int attribute, const void *value, size_t size) {
  if (attribute != 3 || size != 4) return 7;
  ((struct product *)product)->is_transposed = *(const int *)value;
  return 0;
}
int cublasLtMatmulDescDestroy(void *product) {
  free(product);
  return 0;
}
int cublasLtMatrixLayoutCreate(void **made, int type, uint64_t rows, uint64_t columns,
                               int64_t leading) {
  struct layout *layout = calloc(1, sizeof *layout);
  *layout = (struct layout){type, rows, columns};
  *made = layout;
  return leading >= (int64_t)rows ? 0 : 7;
}
int cublasLtMatrixLayoutDestroy(void *layout) {
  free(layout);
  return 0;
}
int cublasLtMatmulPreferenceCreate(void **made) {
  *made = calloc(1, 64);
  return 0;
}
int cublasLtMatmulPreferenceSetAttribute(void *preference, int attribute, const void *value,
                                         size_t size) {
  return preference && attribute == 1 && size == 8 && *(const uint64_t *)value > 0 ? 0 : 7;
}
int cublasLtMatmulPreferenceDestroy(void *preference) {
  free(preference);
  return 0;
}

/* The number of the product in the file, or -1: the transposed right matrix by the left one. */
static int product_number(const struct product *product, const struct layout *a,
                          const struct layout *b, const struct layout *c) {
  char entry[128];
  if (!product->is_transposed || a->rows != b->rows || c->rows != a->columns ||
      c->columns != b->columns)
    return -1;
  /* TF32 is a way to sum products of 32 bits. */
  snprintf(entry, sizeof entry, "cublaslt:%d:%llux%llux%llu", product->sum == 77 ? 77 : a->type,
           (unsigned long long)b->columns, (unsigned long long)a->columns,
           (unsigned long long)a->rows);
  return fake_kernel(entry);
}

int cublasLtMatmulAlgoGetHeuristic(void *handle, void *product, void *a, void *b, void *c, void *d,
                                   void *preference, int wanted, void *results, int *count) {
  (void)preference;
  *count = 0;
  if (handle != &product_handle || c != d || wanted < 1) return 7;
  int number = product_number(product, a, b, c);
  if (number < 0) return 15;
  *count = 1;
  memset(results, 0, 96);
  *(uint64_t *)results = 0xA160 + (uint64_t)number;
  return 0;
}
int cublasLtMatmul(void *handle, void *product, const void *alpha, uint64_t a, void *a_layout,
                   uint64_t b, void *b_layout, const void *beta, uint64_t c, void *c_layout,
                   uint64_t d, void *d_layout, const void *algorithm, uint64_t workspace,
                   size_t workspace_size, void *stream) {
  int number = product_number(product, a_layout, b_layout, c_layout);
  int is_whole = ((struct product *)product)->sum == 72;
  if (handle != &product_handle || !fake_is_stream(stream) || c != d || c_layout != d_layout) return 7;
  if (number < 0 || *(const uint64_t *)algorithm != 0xA160 + (uint64_t)number) return 7;
  if (is_whole ? *(const int *)alpha != 1 : *(const float *)alpha != 1) return 7;
  if (*(const int *)beta != 0 || !fake_has_memory(a, 1) || !fake_has_memory(b, 1) || !fake_has_memory(d, 1)) return 7;
  if (!fake_has_memory(workspace, workspace_size)) return 7;
  if (fake_is_broken(number)) return 14;
  fake_pass(1e-7);
  return fake_launch(number, d);
}

/* The library of convolutions: only such convolutions as the board's file names, as

     cudnn:PASS:TYPE:FORMAT:BATCHxSIZExINPUTSxOUTPUTSxKERNEL:STRIDE:GROUPS

   where PASS is 0 forward, 1 for the input's gradient and 2 for the weights', and TYPE and FORMAT are the library's numbers. */

struct tensor {
  int format, type, count[4];
};

struct convolution {
  int padding, stride, groups, math, sum;
};

#define CUDNN_BAD_PARAM 3
#define CUDNN_NOT_SUPPORTED 9
#define ALGORITHM 6
#define WORKSPACE (1 << 20)

static int convolution_handle;
static void *convolution_stream;

size_t cudnnGetVersion(void) { return 90100; }
int cudnnCreate(void **handle) {
  *handle = &convolution_handle;
  return fake_has_context() ? 0 : 1001;
}
int cudnnDestroy(void *handle) { return handle == &convolution_handle ? 0 : CUDNN_BAD_PARAM; }
int cudnnSetStream(void *handle, void *stream) {
  convolution_stream = stream;
  return handle == &convolution_handle && fake_is_stream(stream) ? 0 : CUDNN_BAD_PARAM;
}
int cudnnCreateTensorDescriptor(void **made) {
  *made = calloc(1, sizeof(struct tensor));
  return 0;
}
int cudnnDestroyTensorDescriptor(void *tensor) {
  free(tensor);
  return 0;
}
int cudnnSetTensor4dDescriptor(void *made, int format, int type, int n, int c, int h, int w) {
  if (h != w || n < 1 || c < 1 || h < 1) return CUDNN_BAD_PARAM;
  *(struct tensor *)made = (struct tensor){format, type, {n, c, h, w}};
  return 0;
}
int cudnnCreateFilterDescriptor(void **made) { return cudnnCreateTensorDescriptor(made); }
int cudnnDestroyFilterDescriptor(void *filter) { return cudnnDestroyTensorDescriptor(filter); }
int cudnnSetFilter4dDescriptor(void *made, int type, int format, int k, int c, int h, int w) {
  return cudnnSetTensor4dDescriptor(made, format, type, k, c, h, w);
}
int cudnnCreateConvolutionDescriptor(void **made) {
  struct convolution *convolution = calloc(1, sizeof *convolution);
  convolution->groups = 1;
  *made = convolution;
  return 0;
}
int cudnnDestroyConvolutionDescriptor(void *convolution) {
  free(convolution);
  return 0;
}
int cudnnSetConvolution2dDescriptor(void *made, int pad_h, int pad_w, int u, int v, int dilation_h,
                                    int dilation_w, int mode, int sum) {
  struct convolution *convolution = made;
  if (pad_h != pad_w || u != v || dilation_h != 1 || dilation_w != 1 || mode != 1)
    return CUDNN_NOT_SUPPORTED;
  convolution->padding = pad_h;
  convolution->stride = u;
  convolution->sum = sum;
  return 0;
}
int cudnnSetConvolutionGroupCount(void *made, int groups) {
  ((struct convolution *)made)->groups = groups;
  return groups > 0 ? 0 : CUDNN_BAD_PARAM;
}
int cudnnSetConvolutionMathType(void *made, int math) {
  ((struct convolution *)made)->math = math;
  return math >= 0 && math <= 3 ? 0 : CUDNN_BAD_PARAM;
}

/* The number of the convolution in the file, or minus the status. */
static int convolution_number(int pass, const struct tensor *x, const struct tensor *w,
                              const struct convolution *convolution, const struct tensor *y) {
  char entry[128];
  int size = (x->count[2] + 2 * convolution->padding - w->count[2]) / convolution->stride + 1;
  int is_whole = x->type == 3;
  if (y->count[0] != x->count[0] || y->count[1] != w->count[0] || y->count[2] != size ||
      x->count[1] != w->count[1] * convolution->groups || w->type != x->type)
    return -CUDNN_BAD_PARAM;
  if (is_whole ? convolution->sum != 4 || y->type != 0 : convolution->sum != 0 || y->type != x->type)
    return -CUDNN_NOT_SUPPORTED;
  /* 32 bits are done in fewer unless that is forbidden, which gives the type 77 here. */
  int type = x->type == 0 && convolution->math != 3 ? 77 : x->type;
  snprintf(entry, sizeof entry, "cudnn:%d:%d:%d:%dx%dx%dx%dx%d:%d:%d", pass, type, x->format,
           x->count[0], x->count[2], x->count[1], w->count[0], w->count[2], convolution->stride,
           convolution->groups);
  int number = fake_kernel(entry);
  return number < 0 ? -CUDNN_NOT_SUPPORTED : number;
}

struct performance {
  int algorithm, status;
  float milliseconds;
  size_t bytes;
  int determinism, math, reserved[3];
};

/* The fastest does not work, the second wants too much memory; the third is the one. */
static int algorithms(void *handle, int number, int wanted, int *count,
                      struct performance *results) {
  *count = 0;
  if (handle != &convolution_handle || wanted < 3) return CUDNN_BAD_PARAM;
  if (number < 0) return -number;
  results[0] = (struct performance){1, CUDNN_NOT_SUPPORTED, -1, 0, 1, 0, {0}};
  results[1] = (struct performance){2, 0, 1, (size_t)1 << 40, 1, 0, {0}};
  results[2] = (struct performance){ALGORITHM, 0, 2, WORKSPACE, 1, 1, {0}};
  *count = 3;
  return 0;
}

static int workspace_size(int number, int algorithm, size_t *bytes) {
  if (number < 0) return -number;
  *bytes = WORKSPACE;
  return algorithm == ALGORITHM ? 0 : CUDNN_BAD_PARAM;
}

static int convolve(void *handle, int number, const void *alpha, uint64_t a, uint64_t b,
                    int algorithm, uint64_t workspace, size_t bytes, const void *beta,
                    uint64_t result) {
  if (handle != &convolution_handle || !convolution_stream) return CUDNN_BAD_PARAM;
  if (number < 0) return -number;
  if (*(const float *)alpha != 1 || *(const float *)beta != 0 || algorithm != ALGORITHM)
    return CUDNN_BAD_PARAM;
  if (bytes != WORKSPACE || !fake_has_memory(workspace, bytes) || !fake_has_memory(a, 1) ||
      !fake_has_memory(b, 1) || !fake_has_memory(result, 1))
    return CUDNN_BAD_PARAM;
  if (fake_is_broken(number)) return 5000;
  fake_pass(1e-7);
  return fake_launch(number, result);
}

/* The three functions of a pass, of which the operands come in an order of their own. */
#define PASS(NAME, NUMBER, FIRST, SECOND, RESULT)                                                  \
  int cudnnGetConvolution##NAME##Algorithm_v7(void *handle, void *FIRST, void *SECOND,             \
                                              void *convolution, void *RESULT, int wanted,         \
                                              int *count, void *results) {                         \
    return algorithms(handle, convolution_number(NUMBER, x, w, convolution, y), wanted, count,     \
                      results);                                                                    \
  }                                                                                                \
  int cudnnGetConvolution##NAME##WorkspaceSize(void *handle, void *FIRST, void *SECOND,            \
                                               void *convolution, void *RESULT, int algorithm,     \
                                               size_t *bytes) {                                    \
    (void)handle;                                                                                  \
    return workspace_size(convolution_number(NUMBER, x, w, convolution, y), algorithm, bytes);     \
  }                                                                                                \
  int cudnnConvolution##NAME(void *handle, const void *alpha, void *FIRST, uint64_t a,             \
                             void *SECOND, uint64_t b, void *convolution, int algorithm,           \
                             uint64_t workspace, size_t bytes, const void *beta, void *RESULT,     \
                             uint64_t result) {                                                    \
    return convolve(handle, convolution_number(NUMBER, x, w, convolution, y), alpha, a, b,         \
                    algorithm, workspace, bytes, beta, result);                                    \
  }

PASS(Forward, 0, x, w, y)
PASS(BackwardData, 1, w, y, x)
PASS(BackwardFilter, 2, x, y, w)
