// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/workspace.h"

#include <algorithm>
#include <string>

#include "engine/execution/attention_plan.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

std::size_t qkvColumns(const ModelConfig& config)
{
    return static_cast<std::size_t>(config.heads + 2 * config.kvHeads) * config.headDim;
}

constexpr std::int64_t kBestFloats = 32 * 1024; ///< logits looked at together: they stay in cache
constexpr std::int64_t kFewestBestPanels = 2;   ///< or products of many rows would take one panel at a time

/// Grows in steps, so that a prompt that gets longer does not move everything each time.
std::size_t roundedCapacity(std::size_t wanted)
{
    return (wanted + 31) / 32 * 32;
}

/// Of the widest layer without experts; 0: there is none.
std::size_t gatedColumns(const ModelConfig& config)
{
    const bool dense = std::any_of(config.layers.begin(), config.layers.end(),
                                   [](const LayerConfig& layer) { return !layer.hasExperts; });
    return dense ? config.ffn : 0;
}

} // namespace

/// Cuts one buffer into 64-byte aligned pieces. Run twice: without memory to measure, then to hand out.
class Workspace::Cutter
{
public:
    explicit Cutter(std::uint8_t* memory) : m_memory(memory) {}

    std::uint8_t* bytes(std::size_t count)
    {
        std::uint8_t* piece = m_memory == nullptr ? nullptr : m_memory + m_used;
        m_used += (count + 63) / 64 * 64;
        return piece;
    }
    float* floats(std::size_t count) { return array<float>(count); }
    template<class T>
    T* array(std::size_t count)
    {
        return reinterpret_cast<T*>(bytes(count * sizeof(T)));
    }
    Activations activations(std::size_t rows, std::size_t columns)
    {
        float* values = floats(rows * columns);
        Activations result = converted(rows, columns);
        result.values = values;
        return result;
    }
    /// Without float32.
    Activations converted(std::size_t rows, std::size_t columns)
    {
        Activations result;
        const auto signedRows = static_cast<std::int64_t>(rows);
        result.columns = static_cast<std::int64_t>(columns);
        if (columns % cpu::kActivationGroup != 0)
            return result;
        std::uint8_t* memory = bytes(std::max(cpu::activationBytes(signedRows, result.columns),
                                              cpu::activationTileBytes(signedRows, result.columns)));
        result.tiles = {result.columns, memory};
        if (memory != nullptr)
            result.quantized = cpu::activationRows(memory, signedRows, result.columns);
        return result;
    }
    std::size_t used() const { return m_used; }

private:
    std::uint8_t* m_memory;
    std::size_t m_used = 0;
};

std::int64_t bestPanels(std::int64_t rows)
{
    const std::int64_t panels = kBestFloats / (std::max<std::int64_t>(rows, 32) * cpu::kPanelRows);
    return std::max(panels / kFewestBestPanels * kFewestBestPanels, kFewestBestPanels);
}

Workspace::Workspace(const ModelConfig& config, std::uint32_t threads, std::size_t ropeKinds, bool shares)
    : m_config(config), m_threads(threads), m_ropeKinds(ropeKinds), m_shares(shares), m_scratch(threads)
{}

/// Measures with `lay`, allocates, lays out for good.
template<class Lay>
Result<void> Workspace::allocate(HugeBuffer& buffer, const char* what, Lay lay)
{
    Cutter measure(nullptr);
    lay(measure);
    if (m_counting) {
        m_counted += measure.used();
        return {};
    }
    buffer = HugeBuffer();
    buffer = HugeBuffer::allocate(measure.used());
    if (!buffer)
        return outOfResources("the system does not give " + std::to_string(measure.used() >> 20U) +
                              " MiB for " + what + "; take a smaller token budget");
    Cutter cut(buffer.data());
    lay(cut);
    return {};
}

std::uint64_t Workspace::bytes() const
{
    std::uint64_t sum = 0;
    for (const HugeBuffer* buffer :
         {&m_tokenMemory, &m_headMemory, &m_logitsMemory, &m_stateMemory, &m_scratchMemory})
        sum += buffer->size();
    return sum;
}

std::uint64_t Workspace::bytesFor(const ModelConfig& config, std::uint32_t threads, std::size_t ropeKinds,
                                  const StepSize& step)
{
    Workspace counting(config, threads, ropeKinds);
    counting.m_counting = true;
    static_cast<void>(counting.ensure(step.tokens, step.stateRows));
    static_cast<void>(counting.ensureHead(step.headRows, false));
    return counting.m_counted;
}

Result<void> Workspace::ensure(std::size_t tokens, std::size_t stateRows)
{
    if (!m_scratchMemory)
        if (Result<void> made = makeScratch(); !made)
            return made;
    if (tokens > m_tokens)
        if (Result<void> grown = growTokens(roundedCapacity(tokens)); !grown)
            return grown;
    return stateRows > m_stateRows ? growStates(roundedCapacity(stateRows)) : Result<void>();
}

Result<void> Workspace::ensureHead(std::size_t rows, bool bestOnly)
{
    if (rows > m_headRows)
        if (Result<void> grown = growHead(rows); !grown)
            return grown;
    return bestOnly || rows <= m_logitsRows ? Result<void>() : growLogits(rows);
}

void Workspace::chooseForms(const cpu::ManyRowOperations* manyRows, std::int64_t tokens,
                            std::int64_t logitsRows)
{
    const auto many = [manyRows](std::int64_t rows) {
        return manyRows != nullptr && rows >= manyRows->fewest;
    };
    normed.inTiles = attended.inTiles = gated.inTiles = many(tokens);
    headInput.inTiles = many(logitsRows);
    if (const ExpertConfig& config = m_config.experts; config.count > 0) // by the rows of a mean expert
        experts.input.inTiles = experts.inner.inTiles = many(tokens * config.perToken / config.count);
}

Result<void> Workspace::growTokens(std::size_t tokens)
{
    m_tokens = 0;
    Result<void> result = allocate(m_tokenMemory, "the activations of a step", [&](Cutter& cut) {
        residual = cut.floats(tokens * m_config.hidden);
        projected = m_config.sandwichNorms || m_shares ? cut.floats(tokens * m_config.hidden) : nullptr;
        qkv = cut.floats(tokens * qkvColumns(m_config));
        rope = cut.floats(m_ropeKinds * tokens * 2 * m_config.headDim);
        normed = cut.activations(tokens, m_config.hidden);
        attended = cut.activations(tokens, static_cast<std::size_t>(m_config.heads) * m_config.headDim);
        gated = cut.activations(tokens, gatedColumns(m_config));
        if (m_config.experts.count > 0)
            cutExperts(cut, tokens);
    });
    if (result)
        m_tokens = tokens;
    return result;
}

void Workspace::cutExperts(Cutter& cut, std::size_t tokens)
{
    const ExpertConfig& config = m_config.experts;
    const auto count = static_cast<std::int64_t>(tokens);
    const auto rows = static_cast<std::size_t>(expertRowsFor(config, count, cpu::kTileTokens));
    experts.logits = cut.floats(tokens * config.count);
    experts.choices = cut.array<ExpertChoice>(tokens * config.perToken);
    experts.firstRows = cut.array<std::int64_t>(config.count);
    experts.rows = cut.array<ExpertRow>(rows);
    experts.runs = cut.array<ExpertRun>(static_cast<std::size_t>(expertRunsFor(config, count)));
    experts.input = cut.converted(rows, m_config.hidden);
    experts.inner = cut.activations(rows, config.ffn);
}

Result<void> Workspace::growHead(std::size_t rows)
{
    m_headRows = 0;
    const auto columns =
        static_cast<std::size_t>(bestPanels(static_cast<std::int64_t>(rows)) * cpu::kPanelRows);
    Result<void> result = allocate(m_headMemory, "the vocabulary of a step", [&](Cutter& cut) {
        headInput = cut.activations(rows, m_config.hidden);
        best = cut.array<BestLogit>(m_threads * rows);
        for (ThreadScratch& scratch : m_scratch)
            scratch.head = cut.floats(std::max<std::size_t>(kBestFloats, rows * columns));
    });
    if (result)
        m_headRows = rows;
    return result;
}

Result<void> Workspace::growLogits(std::size_t rows)
{
    m_logitsRows = 0;
    Result<void> result = allocate(m_logitsMemory, "the logits of a step",
                                   [&](Cutter& cut) { logits = cut.floats(rows * m_config.vocab); });
    if (result)
        m_logitsRows = rows;
    return result;
}

Result<void> Workspace::growStates(std::size_t rows)
{
    m_stateRows = 0;
    Result<void> result = allocate(m_stateMemory, "the attention of a step", [&](Cutter& cut) {
        states.maxima = cut.floats(rows);
        states.sums = cut.floats(rows);
        states.outputs = cut.floats(rows * static_cast<std::size_t>(cpu::paddedDim(m_config.headDim)));
    });
    if (result)
        m_stateRows = rows;
    return result;
}

Result<void> Workspace::makeScratch()
{
    const std::size_t longest =
        std::max({m_config.hidden, m_config.ffn, m_config.experts.ffn, m_config.heads * m_config.headDim});
    const std::int64_t rows = std::max<std::int64_t>(kAttentionRows, m_config.heads / m_config.kvHeads);
    return allocate(m_scratchMemory, "the compute threads", [&](Cutter& cut) {
        for (ThreadScratch& scratch : m_scratch) {
            scratch.gate = cut.floats(kFfnTileRows * kFfnColumns);
            scratch.up = cut.floats(kFfnTileRows * kFfnColumns);
            scratch.weightRow = cut.floats(longest);
            if (m_config.experts.count > 0)
                scratch.expertInput = cut.floats(std::size_t{kFfnRows} * m_config.hidden);
            scratch.attention = cut.floats(cpu::AttentionScratch::floats(rows, m_config.headDim));
        }
    });
}

} // namespace vitrine::engine
