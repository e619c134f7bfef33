// SPDX-License-Identifier: GPL-3.0-or-later
// What libvitrine_nvtx.so offers the program that loaded it: plain C, found by name (kCaptureSymbol). Any
// thread but where it is said otherwise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine {

enum class NvtxRawKind : std::uint8_t { Range, Mark, SpanStart, SpanEnd, Counter };
enum class NvtxRawPayload : std::uint8_t { None, Unsigned, Signed, Real };

/// Texts are numbers here (CaptureInterface::text); 0 is no text.
struct NvtxRawEvent
{
    std::int64_t startNs, endNs; ///< of the monotonic clock; equal but for ranges
    std::uint64_t payload;       ///< bits of an integer or of a double
    std::uint64_t span;     ///< who belongs together: start and end of a span; of a counter a text, its unit
    std::uint32_t thread;   ///< the system's number
    std::uint32_t domain;   ///< 0: the default one
    std::uint32_t category; ///< 0: none
    std::uint32_t message;  ///< a text; of a counter its name
    std::uint32_t detail;   ///< inside the library: the extended payload; 0: none
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
    /// `detail`: an extended payload as text, for as long as the call; empty: there is none.
    std::size_t (*drain)(void* context, void (*take)(void*, const NvtxRawEvent*, const char* detail));
    std::uint64_t (*dropped)(); ///< since start()

    const char* (*text)(std::uint32_t id); ///< lives as long as the process
    std::uint32_t (*domainText)(std::uint32_t domain);
    std::uint32_t (*categoryText)(std::uint32_t domain, std::uint32_t category); ///< 0: it has no name
    std::uint32_t (*threadText)(std::uint32_t thread);                           ///< likewise
};
}

inline constexpr std::uint32_t kCaptureVersion = 2;
inline constexpr const char* kCaptureSymbol = "vitrineNvtxCapture"; ///< const CaptureInterface* (*)()
/// Names the injection that was there before, for this one to call; its value is a path.
inline constexpr const char* kNextInjectionVariable = "VITRINE_NVTX_NEXT";

} // namespace vitrine::engine
