// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels' name of a KV format. Any thread.
#pragma once

#include "engine/execution/executor.h"
#include "kernels/cpu/kv_layout.h"

namespace vitrine::engine {

constexpr kernels::cpu::KvElement kvElementOf(KvFormat format)
{
    switch (format) {
    case KvFormat::F32:
        return kernels::cpu::KvElement::F32;
    case KvFormat::F16:
        return kernels::cpu::KvElement::F16;
    case KvFormat::Int8:
    case KvFormat::FP8: // that the CPU does not compute with; as large
        return kernels::cpu::KvElement::Int8;
    case KvFormat::BF16:
        break;
    }
    return kernels::cpu::KvElement::BF16;
}

} // namespace vitrine::engine
