// Processor features that upstream's probe of arm64 processors (ggml/src/ggml-cpu/arch/arm/cpu-feats.cpp)
// asks the kernel for, and that the headers of glibc 2.17 do not name. The values are the kernel's ABI:
// arch/arm64/include/uapi/asm/hwcap.h and include/uapi/linux/auxvec.h. Included before every C++ file.
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#ifndef AT_HWCAP2
#define AT_HWCAP2 26
#endif
#ifndef HWCAP_FPHP
#define HWCAP_FPHP (1 << 9)
#endif
#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif
#ifndef HWCAP_SVE
#define HWCAP_SVE (1 << 22)
#endif
#ifndef HWCAP2_SVE2
#define HWCAP2_SVE2 (1 << 1)
#endif
#endif
