/* What the libraries ask of the board they run on. */
#include <stddef.h>
#include <stdint.h>

/* The number of the kernel that the board's file has under a name, or -1. */
int fake_kernel(const char *entry);
/* Puts a kernel into the queue; its result will be read at an address. */
int fake_launch(int number, uint64_t result);
/* Whether a library offers the kernel and does not do it. */
int fake_is_broken(int number);
int fake_has_memory(uint64_t address, size_t size);
int fake_is_stream(void *stream);
int fake_has_context(void);
/* Lets time pass. */
void fake_pass(double seconds);
