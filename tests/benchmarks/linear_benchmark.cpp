// SPDX-License-Identifier: GPL-3.0-or-later
// Every matrix of a model, packed and multiplied as in one forward pass, without attention and without
// waiting between matrices: GB/s of weights for one row, multiply-adds a second for many, beside the roof.
//
// linear_benchmark [--model smollm2|gemma3] [--isa NAME] [--threads N] [--rows 1,8,32,512]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <vector>

#include "kernels/cpu/linear.h"
#include "tests/benchmarks/machine_roof.h"

using namespace vitrine;
using namespace vitrine::kernels;
using namespace vitrine::kernels::cpu;

namespace {

struct Shape
{
    const char* name;
    QuantType type;
    std::int64_t rows, columns;
    int copies;
};

const std::vector<Shape> kSmolLm2 = {
    {"qkv", QuantType::Q4_1, 960, 576, 30},       {"output", QuantType::Q4_1, 576, 576, 30},
    {"gate, up", QuantType::Q4_1, 3072, 576, 30}, {"down", QuantType::Q4_1, 576, 1536, 30},
    {"head", QuantType::Q8_0, 49152, 576, 1},
};
const std::vector<Shape> kGemma3 = {
    {"qk", QuantType::Q5_0, 1280, 640, 18},        {"v", QuantType::Q8_0, 256, 640, 18},
    {"output", QuantType::Q4_K, 640, 1024, 18},    {"gate, up", QuantType::Q5_0, 4096, 640, 18},
    {"down 6 bit", QuantType::Q6_K, 640, 2048, 9}, {"down 4 bit", QuantType::Q4_K, 640, 2048, 9},
    {"head", QuantType::Q8_0, 262144, 640, 1},
};

struct Options
{
    std::vector<Shape> shapes = kSmolLm2;
    Isa isa = selectedIsa();
    int threads = 2;
    std::vector<int> rows = {1, 4, 8, 32, 512};
};

/// One packed matrix in huge pages where the system gives them.
struct Weights
{
    PackedMatrix matrix;
    std::size_t bytes;
};

std::uint8_t* hugeMemory(std::size_t bytes)
{
    void* memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        std::perror("mmap");
        std::exit(1);
    }
    madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<std::uint8_t*>(memory);
}

/// Random levels with small positive scales: any bytes do, but for the float16 ones.
std::vector<std::uint8_t> randomTensor(const Shape& shape)
{
    const QuantInfo info = quantInfo(shape.type);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(shape.rows * shape.columns / info.blockValues) *
                                    info.blockBytes);
    std::mt19937 random(7);
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    const std::size_t half = shape.type == QuantType::Q6_K ? 208 : 0;
    for (std::size_t block = 0; block < bytes.size(); block += info.blockBytes) {
        bytes[block + half + 1] = 0x20;
        if (half == 0)
            bytes[block + 3] = 0x20;
    }
    return bytes;
}

template<class Work>
void onThreads(int threads, const Work& work)
{
    std::vector<std::thread> others;
    for (int t = 1; t < threads; ++t)
        others.emplace_back([&work, t] { work(t); });
    work(0);
    for (std::thread& other : others)
        other.join();
}

std::int64_t panelsOf(const PackedMatrix& matrix)
{
    return (matrix.rows + kPanelRows - 1) / kPanelRows;
}

double secondsOf(const std::chrono::steady_clock::time_point& start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class Benchmark
{
public:
    explicit Benchmark(const Options& options)
        : m_options(options), m_operations(linearOperations(options.isa))
    {
        for (const Shape& shape : options.shapes)
            addShape(shape);
        std::int64_t columns = 0;
        std::int64_t rows = 0;
        for (const Shape& shape : options.shapes) {
            columns = std::max(columns, shape.columns);
            rows = std::max(rows, shape.rows);
        }
        m_most = *std::max_element(options.rows.begin(), options.rows.end());
        m_input.assign(static_cast<std::size_t>(m_most * columns), 0.5F);
        std::mt19937 random(11);
        for (float& value : m_input)
            value = static_cast<float>(random() % 2001) / 1000.0F - 1.0F;
        m_activations = hugeMemory(activationBytes(m_most, columns));
        m_output.resize(static_cast<std::size_t>(std::min<std::int64_t>(m_most, 64) * rows));
        std::printf("%s: %.1f MB packed in %.3f s\n", isaName(m_operations.isa),
                    static_cast<double>(m_bytes) / 1e6, m_packSeconds);
    }

    /// Each pass goes through the whole model, as a token does, so that no matrix is still in cache.
    void run(int count)
    {
        std::vector<std::vector<double>> times(m_options.shapes.size());
        std::vector<double> totals;
        for (int pass = 0; pass < (count > 64 ? 5 : 15); ++pass) {
            double total = 0.0;
            std::size_t from = 0;
            for (std::size_t i = 0; i < times.size(); ++i) {
                times[i].push_back(timeShape(m_options.shapes[i], from, count));
                total += times[i].back();
                from += static_cast<std::size_t>(m_options.shapes[i].copies);
            }
            totals.push_back(total);
        }
        std::size_t from = 0;
        for (std::size_t i = 0; i < times.size(); ++i) {
            report(m_options.shapes[i], from, count, times[i]);
            from += static_cast<std::size_t>(m_options.shapes[i].copies);
        }
        std::sort(totals.begin(), totals.end());
        const double median = totals[totals.size() / 2];
        std::printf("%4d rows  all matrices %8.3f ms (best %8.3f), %8.1f tokens/s\n\n", count, median * 1e3,
                    totals[0] * 1e3, count / median);
    }

private:
    void addShape(const Shape& shape)
    {
        const std::vector<std::uint8_t> source = randomTensor(shape);
        for (int copy = 0; copy < shape.copies; ++copy) {
            Weights weights{};
            weights.bytes = m_operations.describe(shape.type, shape.rows, shape.columns, &weights.matrix);
            std::uint8_t* memory = hugeMemory(weights.bytes);
            weights.matrix.data = memory;
            const auto start = std::chrono::steady_clock::now();
            const std::int64_t panels = panelsOf(weights.matrix);
            onThreads(m_options.threads, [&](int t) {
                m_operations.pack(shape.type, source.data(), weights.matrix, panels * t / m_options.threads,
                                  panels * (t + 1) / m_options.threads, memory);
            });
            m_packSeconds += secondsOf(start);
            m_bytes += weights.bytes;
            m_weights.push_back(weights);
        }
    }

    void multiplyAll(const Shape& shape, std::size_t from, int count, int thread)
    {
        const ActivationRows rows = activationRows(m_activations, m_most, shape.columns);
        for (std::size_t i = from; i < from + static_cast<std::size_t>(shape.copies); ++i) {
            const PackedMatrix& matrix = m_weights[i].matrix;
            const std::int64_t panels = panelsOf(matrix);
            // Head logits are wanted of few rows: 64 at a time.
            for (int m = 0; m < count; m += 64)
                m_operations.multiply(
                    matrix, rows, m, std::min(64, count - m), panels * thread / m_options.threads,
                    panels * (thread + 1) / m_options.threads, m_output.data(), matrix.rows, false);
        }
    }

    double timeShape(const Shape& shape, std::size_t from, int count)
    {
        const ActivationRows rows = activationRows(m_activations, m_most, shape.columns);
        for (int m = 0; m < count; ++m)
            m_operations.quantize(m_input.data(), m, 0, shape.columns, rows);
        const auto start = std::chrono::steady_clock::now();
        onThreads(m_options.threads, [&](int t) { multiplyAll(shape, from, count, t); });
        return secondsOf(start);
    }

    void report(const Shape& shape, std::size_t from, int count, std::vector<double> times)
    {
        std::sort(times.begin(), times.end());
        const double median = times[times.size() / 2];
        const double bytes = static_cast<double>(m_weights[from].bytes) * shape.copies;
        const double work = static_cast<double>(shape.rows * shape.columns) * shape.copies * count;
        std::printf("%4d rows  %-11s %5s %6lld x %4lld  %8.3f ms (best %8.3f)  %6.1f GB/s  %7.1f GMAC/s\n",
                    count, shape.name, quantInfo(shape.type).name, static_cast<long long>(shape.rows),
                    static_cast<long long>(shape.columns), median * 1e3, times[0] * 1e3, bytes / median / 1e9,
                    work / median / 1e9);
    }

    Options m_options;
    const LinearOperations& m_operations;
    std::vector<Weights> m_weights;
    std::size_t m_bytes = 0;
    double m_packSeconds = 0.0;
    int m_most = 0;
    std::vector<float> m_input;
    std::uint8_t* m_activations = nullptr;
    std::vector<float> m_output;
};

std::vector<int> numbersOf(const char* list)
{
    std::vector<int> numbers;
    for (const char* at = list; at && *at; at = std::strchr(at, ',') ? std::strchr(at, ',') + 1 : nullptr)
        numbers.push_back(std::max(1, std::atoi(at)));
    return numbers;
}

bool parse(int argc, char** argv, Options* options)
{
    for (int i = 1; i < argc; i += 2) {
        const std::string flag = argv[i];
        if (i + 1 == argc)
            return false;
        const char* value = argv[i + 1];
        if (flag == "--model")
            options->shapes = std::strcmp(value, "gemma3") == 0 ? kGemma3 : kSmolLm2;
        else if (flag == "--isa" && (!isaFromName(value, &options->isa) || !supports(options->isa)))
            return false;
        else if (flag == "--threads")
            options->threads = std::max(1, std::atoi(value));
        else if (flag == "--rows")
            options->rows = numbersOf(value);
        else if (flag != "--isa")
            return false;
    }
    return !options->rows.empty();
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    if (!parse(argc, argv, &options)) {
        std::fprintf(
            stderr,
            "usage: linear_benchmark [--model smollm2|gemma3] [--isa NAME] [--threads N] [--rows LIST]\n");
        return 2;
    }
    std::printf("roof: %.1f GB/s (96 MB set), %.1f GB/s (512 MB set), %.0f GMAC/s with VNNI\n",
                benchmarks::readBandwidth(options.threads, std::size_t{96} << 20U) / 1e9,
                benchmarks::readBandwidth(options.threads, std::size_t{512} << 20U) / 1e9,
                benchmarks::vnniPeak() * options.threads / 1e9);
    Benchmark benchmark(options);
    for (const int count : options.rows)
        benchmark.run(count);
    return 0;
}
