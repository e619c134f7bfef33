// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/step_room.h"

#include <algorithm>

#include "engine/cuda/cuda_linear.h"
#include "kernels/cuda/attention.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

constexpr std::size_t kScratchBytes = std::size_t{64} << 20U;
constexpr std::uint32_t kFewestTokens = 16; // below this a prompt would take for ever

/// For a part of a dequantised matrix: no more than the largest takes.
std::size_t scratchFor(const ModelConfig& config, cuda::Number number)
{
    const std::uint64_t widest = std::max({std::uint64_t{config.ffn}, std::uint64_t{config.vocab},
                                           std::uint64_t{config.heads} * config.headDim});
    const std::uint64_t bytes =
        widest * std::max<std::uint64_t>(config.hidden, 1) * cuda::numberBytes(number);
    return static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kScratchBytes));
}

cuda::Number numberOf(const StepRoomOptions& options)
{
    return options.precise ? cuda::Number::F32 : cuda::Number::BF16;
}

std::int64_t pagesOf(const StepLimits& limits)
{
    return (std::int64_t{limits.context} + limits.blockSize - 1) / limits.blockSize;
}

} // namespace

StepRoom::StepRoom(const ModelConfig& config, const StepRoomOptions& options)
    : m_heads(config.heads), m_kvHeads(config.kvHeads), m_headDim(config.headDim), m_options(options),
      m_work(config, options.shard, numberOf(options), options.ropeKinds,
             scratchFor(config, numberOf(options))),
      m_results(options.shard.rank == 0 ? config.vocab : 0, config.hidden) // others have nothing to tell
{}

WorkShape StepRoom::workFor(const StepPlan& plan, bool onePath) const
{
    WorkShape shape;
    shape.tokens = plan.shape.tokens;
    shape.rows = plan.shape.rows;
    shape.quantizedRows = CudaLinear::quantizedRows(plan.shape.tokens, m_options.precise, onePath);
    shape.attentionBytes = cuda::decodeWorkspaceBytes(plan.way.decoding, m_heads, m_headDim, plan.way.splits);
    return shape;
}

/// Decode steps are padded; one path for all may be asked for later.
WorkShape StepRoom::workFor(const StepLimits& limits) const
{
    const StepShape inputs = inputsFor(limits);
    WorkShape shape;
    shape.tokens = inputs.tokens;
    shape.rows = inputs.rows;
    for (const bool onePath : {false, true})
        shape.quantizedRows = std::max(shape.quantizedRows,
                                       CudaLinear::quantizedRows(inputs.tokens, m_options.precise, onePath));
    shape.attentionBytes = attentionBytesFor(limits);
    return shape;
}

/// The longest context is cut most often; of the counts of replies any may be the worst.
std::size_t StepRoom::attentionBytesFor(const StepLimits& limits) const
{
    const std::int64_t context = tableBucket(pagesOf(limits)) * limits.blockSize;
    const std::int64_t most = decodeBucket(limits.sequences);
    std::size_t bytes = 0;
    for (std::int64_t count = 1; count <= most; ++count)
        bytes = std::max(bytes, cuda::decodeWorkspaceBytes(count, m_heads, m_headDim,
                                                           cuda::decodeSplits(count, m_kvHeads, context,
                                                                              m_options.multiprocessors)));
    return bytes;
}

StepShape StepRoom::inputsFor(const StepLimits& limits) const
{
    const std::int64_t sequences = decodeBucket(std::max<std::int64_t>(limits.sequences, 1));
    StepShape shape;
    shape.tokens = std::max<std::int64_t>(limits.tokens, sequences);
    shape.sequences = sequences;
    shape.rows = shape.choices = m_options.head ? sequences : 0;
    shape.adjustments = m_options.head ? static_cast<std::int64_t>(kMostAdjustments) : 0;
    shape.hidden = m_options.hiddenIn;
    shape.tableRow = tableBucket(std::max<std::int64_t>(pagesOf(limits), 1));
    shape.columns = m_options.columns;
    return shape;
}

bool StepRoom::fits(const ForwardBatch& batch, const StepPlan& plan, bool onePath) const
{
    return m_work.fits(workFor(plan, onePath)) && m_inputs.fits(plan.shape) && m_results.fits(batch, plan);
}

bool StepRoom::holds(const StepPlan& plan, bool onePath) const
{
    return m_work.fits(workFor(plan, onePath)) && m_inputs.fits(plan.shape) && m_results.holds(plan);
}

bool StepRoom::fits(const StepLimits& limits) const
{
    return m_work.fits(workFor(limits)) && m_inputs.fits(inputsFor(limits));
}

Result<void> StepRoom::ensure(const ForwardBatch& batch, const StepPlan& plan, bool onePath)
{
    if (Result<void> made = m_work.ensure(workFor(plan, onePath)); !made)
        return made;
    if (Result<void> made = m_inputs.ensure(plan.shape); !made)
        return made;
    return m_results.ensure(batch, plan);
}

std::uint64_t StepRoom::bytesFor(const StepLimits& limits) const
{
    return m_work.bytesFor(workFor(limits)) + StepInputs::bytesFor(inputsFor(limits));
}

StepLimits StepRoom::within(StepLimits limits, std::uint64_t most) const
{
    limits.tokens = std::max(limits.tokens, 1U);
    limits.sequences = std::clamp(limits.sequences, 1U, limits.tokens);
    while (limits.tokens > kFewestTokens && bytesFor(limits) > most) {
        limits.tokens = std::max(kFewestTokens, limits.tokens / 2);
        limits.sequences = std::min(limits.sequences, limits.tokens);
    }
    return limits;
}

Result<void> StepRoom::reserve(const StepLimits& limits)
{
    if (Result<void> made = m_work.ensure(workFor(limits)); !made)
        return made;
    const StepShape inputs = inputsFor(limits);
    if (Result<void> made = m_inputs.ensure(inputs); !made)
        return made;
    return m_options.head ? m_results.ensureRows(inputs.rows) : m_results.ensureHidden(inputs.tokens);
}

} // namespace vitrine::engine
