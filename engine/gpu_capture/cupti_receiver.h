// SPDX-License-Identifier: GPL-3.0-or-later
// Gives CUPTI buffers and reads the records in those that come back. There is one, since CUPTI's callbacks
// carry no context, and it is there until the process ends, since they come on threads of CUPTI's.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/gpu_capture/activity_log.h"
#include "engine/gpu_capture/cupti_library.h"

namespace vitrine::engine {

class CuptiReceiver
{
public:
    static CuptiReceiver& instance();

    CUptiResult attach(const CuptiLibrary& library);
    /// What comes while nothing is recorded is thrown away.
    void record(bool on) { m_recording.store(on, std::memory_order_relaxed); }
    ActivityLog& log() { return m_log; }

private:
    static constexpr std::size_t kBuffer = std::size_t{1} << 20U; // bytes
    static constexpr int kMostBuffers = 64;                       // that CUPTI holds at a time

    static void CUPTIAPI requested(std::uint8_t** buffer, std::size_t* size, std::size_t* mostRecords);
    static void CUPTIAPI completed(CUcontext context, std::uint32_t stream, std::uint8_t* buffer,
                                   std::size_t size, std::size_t valid);
    void give(std::uint8_t*& buffer, std::size_t& size);
    void read(std::uint8_t* buffer, std::size_t valid);
    void countDropped(CUcontext context, std::uint32_t stream);
    void add(const CUpti_Activity& record);

    CuptiLibrary m_library; // set before the first callback
    std::atomic<bool> m_recording{false};
    std::atomic<int> m_buffers{0};
    ActivityLog m_log;
};

} // namespace vitrine::engine
