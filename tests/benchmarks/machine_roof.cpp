// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/machine_roof.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace vitrine::benchmarks {

namespace {

std::uint64_t readAll(const std::uint64_t* from, std::size_t count)
{
    std::uint64_t sums[8] = {};
    for (std::size_t i = 0; i + 8 <= count; i += 8) {
        __builtin_prefetch(from + i + 1024, 0, 2);
        for (std::size_t j = 0; j < 8; ++j)
            sums[j] ^= from[i + j];
    }
    std::uint64_t all = 0;
    for (const std::uint64_t sum : sums)
        all ^= sum;
    return all;
}

} // namespace

double readBandwidth(int threads, std::size_t bytes)
{
    const std::size_t part = bytes / static_cast<std::size_t>(threads) / 8;
    std::vector<std::uint64_t> set(part * static_cast<std::size_t>(threads), 1);
    std::vector<double> rates;
    std::uint64_t sink = 0;
    for (int pass = 0; pass < 7; ++pass) {
        std::vector<std::uint64_t> results(static_cast<std::size_t>(threads) * 8);
        const auto start = std::chrono::steady_clock::now();
        std::vector<std::thread> others;
        for (std::size_t t = 1; t < static_cast<std::size_t>(threads); ++t)
            others.emplace_back([&, t] { results[8 * t] = readAll(set.data() + t * part, part); });
        results[0] = readAll(set.data(), part);
        for (std::thread& other : others)
            other.join();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        rates.push_back(static_cast<double>(set.size() * 8) / seconds.count());
        sink ^= results[0];
    }
    std::sort(rates.begin(), rates.end());
    return sink == 42 ? 0.0 : rates[rates.size() / 2];
}

} // namespace vitrine::benchmarks
