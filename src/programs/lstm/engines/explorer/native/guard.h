/*
 * Under AddressSanitizer a product may touch its operands and nothing else: the rest of the memory, which belongs to no allocator that
 * the sanitizer knows, is poisoned while the product is computed. Without the sanitizer all of this is nothing.
 */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define GUARD(memory, bytes) __asan_poison_memory_region(memory, bytes)
#define UNGUARD(memory, bytes) __asan_unpoison_memory_region(memory, bytes)
#else
#define GUARD(memory, bytes) ((void)(memory), (void)(bytes))
#define UNGUARD(memory, bytes) ((void)(memory), (void)(bytes))
#endif

/* Lets `bytes` bytes of each of `panels` panels be touched. */
static inline void allow(const char *at, size_t panel, size_t panels, size_t bytes) {
  for (size_t p = 0; p < panels; p++) UNGUARD(at + p * panel, bytes);
}
