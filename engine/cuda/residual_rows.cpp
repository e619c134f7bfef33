// SPDX-License-Identifier: GPL-3.0-or-later
// Biases and rounding are kernels of their own: within the norm, which few models need them beside, they
// would cost it registers that it has not.
#include "engine/cuda/residual_rows.h"

#include "kernels/cuda/round_rows.h"
#include "kernels/cuda/row_bias.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::Status;

Status ResidualRows::toInput(const Delta& delta, const float* weight, float* exact) const
{
    cuda::NormStep norm = step(delta, weight);
    norm.exact = exact;
    Status status = addBias(delta);
    if (status)
        status = cuda::addAndNormalize(norm, m_stream);
    if (status && !m_config.preNorms)
        status = cuda::roundRows(m_work.residual(), m_tokens * m_config.hidden, m_work.number(),
                                 m_work.normed(), m_stream);
    return status;
}

Status ResidualRows::add(const Delta& delta) const
{
    const Status status = addBias(delta);
    return status ? cuda::addAndNormalize(step(delta, nullptr), m_stream) : status;
}

Status ResidualRows::toHead(const Delta& delta, const float* weight, const std::int32_t* rows,
                            std::int64_t count) const
{
    cuda::NormStep last = step(delta, weight);
    last.rows = rows;
    last.count = count;
    last.out = m_work.headInput();
    const Status status = addBias(delta);
    return status ? cuda::addAndNormalize(last, m_stream) : status;
}

Status ResidualRows::addBias(const Delta& delta) const
{
    if (!delta.there || delta.bias == nullptr)
        return {};
    const std::int64_t hidden = m_config.hidden;
    return cuda::addRowBias(
        {m_work.projected(), m_work.number(), m_tokens, hidden, hidden, delta.bias, nullptr}, m_stream);
}

cuda::NormStep ResidualRows::step(const Delta& delta, const float* weight) const
{
    cuda::NormStep step;
    step.residual = m_work.residual();
    step.delta = delta.there ? m_work.projected() : nullptr;
    step.postWeight = delta.norm;
    step.weight = weight;
    step.out = m_work.normed();
    step.count = m_tokens;
    step.columns = m_config.hidden;
    step.epsilon = m_config.normEpsilon;
    step.number = m_work.number();
    return step;
}

} // namespace vitrine::engine
