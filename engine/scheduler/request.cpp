// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/request.h"

namespace vitrine::engine {

const char* finishReasonName(FinishReason reason)
{
    switch (reason) {
    case FinishReason::None:
        return "none";
    case FinishReason::Stop:
        return "stop";
    case FinishReason::Length:
        return "length";
    case FinishReason::Cancelled:
        return "cancelled";
    case FinishReason::Error:
        return "error";
    }
    return "none";
}

} // namespace vitrine::engine
