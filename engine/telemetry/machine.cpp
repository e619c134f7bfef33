// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/machine.h"

#include <algorithm>
#include <barrier>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/mman.h>

#include "engine/base/clock.h"
#include "kernels/cpu/vector_operations.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

std::uint64_t meminfoBytes(const std::string& wanted)
{
    std::ifstream file("/proc/meminfo");
    std::string key, unit;
    std::uint64_t kib = 0;
    while (file >> key >> kib) {
        if (key == wanted)
            return kib * 1024;
        std::getline(file, unit);
    }
    return 0;
}

/// A number in a control-group file; `missing` when there is none ("max", no such file).
std::uint64_t groupBytes(const char* path, std::uint64_t missing)
{
    std::ifstream file(path);
    std::uint64_t value = 0;
    return file >> value ? value : missing;
}

/// Anonymous memory on huge pages where the system gives them; unmapped by the destructor.
class Mapping
{
public:
    explicit Mapping(std::size_t bytes) : m_bytes(bytes)
    {
        void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            return;
        m_data = static_cast<float*>(memory);
        madvise(memory, bytes, MADV_HUGEPAGE);
    }
    ~Mapping()
    {
        if (m_data != nullptr)
            munmap(m_data, m_bytes);
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    float* data() const { return m_data; }

private:
    float* m_data = nullptr;
    std::size_t m_bytes;
};

constexpr std::size_t kPasses = 9;

/// Seconds that each of kPasses passes took, all threads together.
std::vector<double> timePasses(float* data, std::size_t floatsEach, std::uint32_t threads)
{
    const auto read = cpu::vectorOperations(cpu::selectedIsa()).readThrough;
    std::vector<double> seconds;
    std::int64_t startNs = 0;
    const auto stamp = [&]() noexcept {
        const std::int64_t now = nowNs();
        if (startNs != 0 && seconds.size() < seconds.capacity())
            seconds.push_back(static_cast<double>(now - startNs) * 1e-9);
        startNs = now;
    };
    seconds.reserve(kPasses);
    std::barrier sync(static_cast<std::ptrdiff_t>(threads), stamp);
    const auto work = [&](std::uint32_t thread) {
        float* part = data + thread * floatsEach;
        std::memset(part, 1, floatsEach * sizeof(float)); // the first touch, on its own core
        volatile float sink = 0;
        for (std::size_t pass = 0; pass <= kPasses; ++pass) {
            sync.arrive_and_wait();
            if (pass < kPasses)
                sink = sink + read(part, static_cast<std::int64_t>(floatsEach));
        }
    };
    std::vector<std::jthread> others;
    for (std::uint32_t thread = 1; thread < threads; ++thread)
        others.emplace_back(work, thread);
    work(0);
    return seconds;
}

} // namespace

MemoryInfo machineMemory()
{
    MemoryInfo info{meminfoBytes("MemTotal:"), meminfoBytes("MemAvailable:")};
    const std::uint64_t limit = groupBytes("/sys/fs/cgroup/memory.max", info.totalBytes);
    if (limit < info.totalBytes) {
        const std::uint64_t used = groupBytes("/sys/fs/cgroup/memory.current", 0);
        info.totalBytes = limit;
        info.availableBytes = std::min(info.availableBytes, limit - std::min(used, limit));
    }
    return info;
}

double measureReadBandwidth(std::uint64_t bytes, std::uint32_t threads)
{
    constexpr std::size_t kSlack = 16384; // the prefetch runs past the end
    threads = std::clamp(threads, 1U, 256U);
    const std::size_t floatsEach = bytes / sizeof(float) / threads / 128 * 128;
    const Mapping mapping(floatsEach * threads * sizeof(float) + kSlack);
    if (floatsEach == 0 || mapping.data() == nullptr)
        return 0.0;
    std::vector<double> seconds = timePasses(mapping.data(), floatsEach, threads);
    std::sort(seconds.begin(), seconds.end());
    const double median = seconds[seconds.size() / 2];
    return median > 0 ? static_cast<double>(floatsEach * threads * sizeof(float)) / median : 0.0;
}

} // namespace vitrine::engine
