// MODRT_API marks what a shared build of the runtime shows to programs; everything else is hidden.
#pragma once

#if defined(_WIN32)
#if defined(MODRT_BUILDING)
#define MODRT_API __declspec(dllexport)
#else
#define MODRT_API
#endif
#else
#define MODRT_API __attribute__((visibility("default")))
#endif
