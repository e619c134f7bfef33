// SPDX-License-Identifier: GPL-3.0-or-later
// The activation of a description as the kernels name it.
#pragma once

#include "engine/model/model_config.h"
#include "kernels/cuda/gate.h"

namespace vitrine::engine {

constexpr kernels::cuda::GateKind gateKindOf(Activation activation)
{
    switch (activation) {
    case Activation::SiluGated:
        return kernels::cuda::GateKind::Silu;
    case Activation::GeluTanhGated:
        return kernels::cuda::GateKind::GeluTanh;
    case Activation::ClampedSilu:
        break;
    }
    return kernels::cuda::GateKind::ClampedSilu;
}

} // namespace vitrine::engine
