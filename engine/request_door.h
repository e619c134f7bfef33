// SPDX-License-Identifier: GPL-3.0-or-later
// Where a client's requests go in: one engine, or the front of several. Thread: of whoever owns the door.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/result.h"
#include "engine/generation_request.h"
#include "engine/scheduler/length_predictor.h"

namespace vitrine::engine {

/// How far off the predictions are that requests are scheduled by.
struct PredictionErrors
{
    double stepTime = 0.0; ///< mean of |predicted - measured| / measured, recent steps
    LengthPredictor::Error length;
};

class RequestDoor
{
public:
    virtual ~RequestDoor() = default;

    /// `samples` replies to one prompt that is computed once; each has its own id, stream and random numbers.
    /// What is wrong with a request is said here or, where others have to be asked, by RequestFinished.
    virtual Result<std::vector<RequestId>> submitSamples(GenerationRequest request,
                                                         std::uint32_t samples) = 0;
    /// RequestFinished follows, once.
    virtual void cancel(RequestId id) = 0;
    virtual PredictionErrors predictionErrors() const = 0;
};

} // namespace vitrine::engine
