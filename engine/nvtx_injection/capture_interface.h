// SPDX-License-Identifier: GPL-3.0-or-later
// What libvitrine_nvtx.so offers the program that loaded it: plain C, found by name (kCaptureSymbol). Any
// thread but where it is said otherwise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine {

enum class NvtxRawKind : std::uint8_t { Range, Mark, SpanStart, SpanEnd };
enum class NvtxRawPayload : std::uint8_t { None, Unsigned, Signed, Real };

/// Texts are numbers here (CaptureInterface::text); 0 is no text.
struct NvtxRawEvent
{
    std::int64_t startNs, endNs; ///< of the monotonic clock; equal but for ranges
    std::uint64_t payload;       ///< bits of an integer or of a double
    std::uint64_t span;          ///< who belongs together: start and end of a span
    std::uint32_t thread;        ///< the system's number
    std::uint32_t domain;        ///< 0: the default one
    std::uint32_t category;      ///< 0: none
    std::uint32_t message;       ///< a text
    NvtxRawKind kind;
    NvtxRawPayload payloadKind;
};

extern "C" {
struct CaptureInterface
{
    std::uint32_t version; ///< kCaptureVersion

    std::uint32_t (*units)(); ///< programs and libraries whose NVTX calls come here
    int (*chained)();         ///< another tool gets every call as well

    /// Forgets what was not drained. Each thread that speaks from now on keeps this many events, of which
    /// those that find no room are counted.
    void (*start)(std::size_t eventsOfThread);
    void (*stop)();
    /// Hands out what has come; one thread at a time. A thread's events come in the order of their ends.
    std::size_t (*drain)(void* context, void (*take)(void*, const NvtxRawEvent*));
    std::uint64_t (*dropped)(); ///< since start()

    const char* (*text)(std::uint32_t id); ///< lives as long as the process
    std::uint32_t (*domainText)(std::uint32_t domain);
    std::uint32_t (*categoryText)(std::uint32_t domain, std::uint32_t category); ///< 0: it has no name
    std::uint32_t (*threadText)(std::uint32_t thread);                           ///< likewise
};
}

inline constexpr std::uint32_t kCaptureVersion = 1;
inline constexpr const char* kCaptureSymbol = "vitrineNvtxCapture"; ///< const CaptureInterface* (*)()
/// Names the injection that was there before, for this one to call; its value is a path.
inline constexpr const char* kNextInjectionVariable = "VITRINE_NVTX_NEXT";

} // namespace vitrine::engine
