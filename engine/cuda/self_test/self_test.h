// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a GPU computes right: kernels beside sums in double on ragged shapes, a whole small model beside
// the CPU, graphs beside single launches; and how fast its memory and its matrix products are.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/cuda_plugin.h"

namespace vitrine::engine {

struct SelfTestSettings
{
    std::uint64_t copiedBytes = 512ULL << 20U; ///< for the bandwidth; 0: neither speed is measured
    std::int64_t matrixSide = 4096;            ///< for matrix products
    /// Sees what the device gave before it is judged, and may change it: for tests of the test.
    std::function<void(std::string_view check, std::span<float> values)> onResult = {};
};

/// Makes the GPU the calling thread's. An error only where nothing can be tested: no such GPU.
Result<std::vector<GpuCheck>> selfTest(std::int32_t gpu, const SelfTestSettings& settings);

// The parts of it, on the calling thread's GPU.
std::vector<GpuCheck> checkRows(const SelfTestSettings& settings);      // norm, gate, best token
std::vector<GpuCheck> checkProducts(const SelfTestSettings& settings);  // matrices of every type
std::vector<GpuCheck> checkExperts(const SelfTestSettings& settings);   // mixtures of them
std::vector<GpuCheck> checkPages(const SelfTestSettings& settings);     // rotation, writes, copies of pages
std::vector<GpuCheck> checkAttention(const SelfTestSettings& settings); // prefill and decode
std::vector<GpuCheck> checkTokens(const SelfTestSettings& settings);    // embedding, sampling
std::vector<GpuCheck> checkChoices(const SelfTestSettings& settings);   // penalties, alternatives
std::vector<GpuCheck> checkModel(std::int32_t gpu, const SelfTestSettings& settings);
/// Of this GPU with the next one, where there is one and NCCL: else no checks.
std::vector<GpuCheck> checkRanks(std::int32_t gpu, const SelfTestSettings& settings);
std::vector<GpuCheck> measureSpeeds(const SelfTestSettings& settings);

} // namespace vitrine::engine
