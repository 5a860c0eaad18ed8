/*
 * Huge pages for a large memory, on Linux, where the system gives them to those that ask: a step at 400 units goes through 46 MB of
 * parameters and as much again, and where each 4 kB of it are a page of their own it waits for their addresses.
 */
#if defined(__linux__)
#include <sys/mman.h>
#endif

/* A memory below this fits into few pages as it is. */
#define HUGE_FROM ((size_t)16 << 20)

/* Asks for them; a memory that does not get them is as good, and slower. */
static void ask_huge_pages(void *memory, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (bytes >= HUGE_FROM) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)bytes;
#endif
}
