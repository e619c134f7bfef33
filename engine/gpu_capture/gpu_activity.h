// SPDX-License-Identifier: GPL-3.0-or-later
// What a GPU did and who asked for it, as a driver's records say it: values. Any thread.
#pragma once

#include <array>
#include <cstdint>

namespace vitrine::engine {

enum class GpuWork : std::uint8_t {
    Kernel,
    Copy,
    Set,
    Call ///< of the runtime or the driver, on the host
};

struct GpuActivity
{
    GpuWork work = GpuWork::Kernel;
    std::uint8_t copyKind = 0; ///< CUpti_ActivityMemcpyKind
    std::uint32_t name = 0;    ///< of a kernel, of a call: a number of the log's
    std::uint32_t device = 0, context = 0, stream = 0;
    std::uint32_t thread = 0;      ///< of a call: the system's number
    std::uint32_t correlation = 0; ///< of a call and what it asked for the same
    std::uint32_t result = 0;      ///< of a call; 0: it went well
    std::uint32_t graph = 0;       ///< the launched graph that it is a node of; 0: none
    std::int64_t startNs = 0, endNs = 0;
    std::uint64_t bytes = 0;              ///< of a copy, and of memory that is set
    std::uint32_t value = 0;              ///< that memory is set to
    std::array<std::uint32_t, 3> grid{};  ///< of a kernel, in blocks
    std::array<std::uint32_t, 3> block{}; ///< likewise, in threads
    std::uint32_t registers = 0;          ///< of a thread
    std::uint64_t sharedBytes = 0;        ///< of a block
};

} // namespace vitrine::engine
