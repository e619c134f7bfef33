// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/cuda_experts.h"

#include "engine/cuda/gate_kind.h"
#include "kernels/cuda/expert_routing.h"
#include "kernels/cuda/expert_share.h"
#include "kernels/cuda/gate.h"
#include "kernels/cuda/row_bias.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::Status;

namespace {

/// Until there are half as many pairs as experts, few of them share an expert, and grouping them costs more
/// than reading its matrix twice.
std::int64_t tilePairsFor(const ExpertStep& step, std::int64_t pairs)
{
    const std::int64_t experts = step.config.experts.count;
    if (step.onePath || step.tokens == 1 || 2 * pairs <= experts)
        return 0;
    return pairs >= experts * cuda::kFewGroupPairs ? cuda::kManyGroupPairs : cuda::kFewGroupPairs;
}

} // namespace

CudaExperts::CudaExperts(const ExpertStep& step, cuda::Stream stream)
    : m_step(step), m_experts(step.config.experts), m_work(step.work), m_stream(stream),
      m_pairs(step.tokens * m_experts.perToken), m_tilePairs(tilePairsFor(step, m_pairs))
{}

float* CudaExperts::routerInput(const CudaWorkspace& work)
{
    return work.number() == cuda::Number::BF16 ? work.routerInput() : nullptr;
}

bool CudaExperts::quantized(const ExpertMatrices& matrices) const
{
    return cuda::canMultiplyQuantized(matrices.type, matrices.columns);
}

CudaExperts::Way CudaExperts::wayOf(const ExpertMatrices& matrices) const
{
    const bool together = m_tilePairs > 0;
    if (quantized(matrices))
        return together ? Way::Groups : Way::Pairs;
    const bool grouped = together && m_work.number() == cuda::Number::BF16 &&
                         cuda::canGroupPlain(matrices.type, matrices.columns);
    return grouped ? Way::PlainGroups : Way::PlainPairs;
}

Status CudaExperts::route()
{
    const float* exact = routerInput(m_work);
    const float* rows = exact != nullptr ? exact : static_cast<const float*>(m_work.normed());
    const std::int64_t experts = m_experts.count;
    Status status = cuda::routerLogits({m_step.layer.router, rows, m_work.routerLogits(), m_step.tokens,
                                        experts, std::int64_t{m_step.config.hidden}},
                                       m_stream);
    if (status && m_step.layer.routerBias != nullptr)
        status = cuda::addRowBias({m_work.routerLogits(), cuda::Number::F32, m_step.tokens, experts, experts,
                                   m_step.layer.routerBias, nullptr},
                                  m_stream);
    cuda::ExpertChoice choice;
    choice.logits = m_work.routerLogits();
    choice.slots = m_step.slots;
    choice.tokens = m_step.tokens;
    choice.experts = experts;
    choice.perToken = m_experts.perToken;
    choice.normalized = m_experts.normalized;
    choice.scale = m_experts.weightScale;
    choice.chosen = m_work.chosen();
    choice.weights = m_work.pairWeights();
    if (status)
        status = cuda::chooseExperts(choice, m_stream);
    const ShardRange own = m_step.own;
    if (status && own.count > 0)
        status = cuda::keepExperts(m_work.chosen(), m_pairs, own.first, own.count, m_stream);
    if (status && m_tilePairs > 0)
        status = cuda::groupPairs(m_work.chosen(), m_pairs, own.count > 0 ? own.count : experts,
                                  m_work.groups(m_tilePairs), m_stream);
    return status;
}

Status CudaExperts::multiply(const ExpertMatrices& matrices, const void* rows, std::int64_t perRow,
                             const cuda::ProductOut& out)
{
    const cuda::ExpertPairs pairs{m_work.chosen(), m_pairs, perRow, std::int64_t{m_experts.perToken}};
    const cuda::QuantizedRows x = m_work.quantized(matrices.columns);
    switch (wayOf(matrices)) {
    case Way::Pairs:
        return cuda::multiplyExperts(matrices, x, pairs, out, m_stream);
    case Way::Groups:
        return cuda::multiplyExpertGroups(matrices, x, pairs, m_work.groups(m_tilePairs), out, m_stream);
    case Way::PlainPairs:
        return cuda::multiplyExpertsPlain(matrices, m_work.number(), rows, pairs, out, m_stream);
    case Way::PlainGroups:
        return cuda::multiplyExpertGroupsPlain(matrices, rows, pairs, m_work.groups(m_tilePairs), out,
                                               m_stream);
    }
    return {};
}

Status CudaExperts::addBias(const float* bias, void* rows, std::int64_t columns, std::int64_t stride)
{
    if (bias == nullptr)
        return {};
    return cuda::addRowBias({rows, m_work.number(), m_pairs, columns, stride, bias, m_work.chosen()},
                            m_stream);
}

Status CudaExperts::gateUp()
{
    const DeviceLayer& layer = m_step.layer;
    const cuda::Number number = m_work.number();
    const std::int64_t ffn = m_experts.ffn;
    Status status = route();
    if (status && (quantized(layer.expertGate) || quantized(layer.expertUp)))
        status = cuda::quantizeRows(number, m_work.normed(), m_step.tokens,
                                    m_work.quantized(m_step.config.hidden), m_stream);
    auto* gate = static_cast<std::uint8_t*>(m_work.gateUp());
    std::uint8_t* up = gate + static_cast<std::size_t>(ffn) * cuda::numberBytes(number);
    const std::int64_t perRow = m_experts.perToken;
    if (status)
        status = multiply(layer.expertGate, m_work.normed(), perRow, {number, gate, 2 * ffn});
    if (status)
        status = multiply(layer.expertUp, m_work.normed(), perRow, {number, up, 2 * ffn});
    if (status)
        status = addBias(layer.expertGateBias, gate, ffn, 2 * ffn);
    if (status)
        status = addBias(layer.expertUpBias, up, ffn, 2 * ffn);
    return status ? cuda::gate(gateKindOf(m_step.config.activation), number, m_work.gateUp(), m_pairs, ffn,
                               m_work.gated(), m_stream)
                  : status;
}

Status CudaExperts::down()
{
    const ExpertMatrices& matrices = m_step.layer.expertDown;
    const cuda::Number number = m_work.number();
    const std::int64_t hidden = m_step.config.hidden;
    Status status;
    if (quantized(matrices))
        status =
            cuda::quantizeRows(number, m_work.gated(), m_pairs, m_work.quantized(matrices.columns), m_stream);
    if (status)
        status = multiply(matrices, m_work.gated(), 1, {number, m_work.expertOut(), hidden});
    if (status)
        status = addBias(m_step.layer.expertDownBias, m_work.expertOut(), hidden, hidden);
    if (status)
        status =
            cuda::sumExperts({m_work.expertOut(), m_work.chosen(), m_work.pairWeights(), m_work.projected(),
                              m_step.tokens, std::int64_t{m_experts.perToken}, hidden, number},
                             m_stream);
    return status;
}

} // namespace vitrine::engine
