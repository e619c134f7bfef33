// SPDX-License-Identifier: GPL-3.0-or-later
// What a step of a model takes: bytes to read and multiply-adds to make, by layer. Plain values from the
// model's tensors; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/model.h"

namespace vitrine::engine {

struct PartWork
{
    double bytes = 0.0;        ///< of weights, as they are packed for this machine
    double expertBytes = 0.0;  ///< of them, those of experts: a step reads those that somebody chose
    double multiplyAdds = 0.0; ///< of one token
};

struct ModelWork
{
    std::vector<PartWork> layers;
    PartWork head;                ///< the output matrix, for each row of logits
    double kvBytesPerToken = 0.0; ///< of all layers, two bytes a value
    std::uint32_t hidden = 0;
    ExpertConfig experts;

    /// Of a part that a step of `tokens` tokens reads; of experts on average, each token choosing for itself.
    double bytesRead(const PartWork& part, double tokens) const;
    double layerMultiplyAdds() const; ///< of one token in all layers
    double bytes() const;             ///< of all weights
};

ModelWork workOf(const Model& model);

} // namespace vitrine::engine
