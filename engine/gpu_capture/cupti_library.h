// SPDX-License-Identifier: GPL-3.0-or-later
// The functions of CUPTI that are used, of a library that is looked for when the program runs.
#pragma once

#include <string>

#include <cupti.h>

#include "engine/base/result.h"

namespace vitrine::engine {

struct CuptiLibrary
{
    decltype(&cuptiGetVersion) getVersion = nullptr;
    decltype(&cuptiGetResultString) getResultString = nullptr;
    decltype(&cuptiGetTimestamp) getTimestamp = nullptr;
    decltype(&cuptiActivityRegisterCallbacks) registerCallbacks = nullptr;
    decltype(&cuptiActivityEnable) enable = nullptr;
    decltype(&cuptiActivityDisable) disable = nullptr;
    decltype(&cuptiActivityFlushAll) flushAll = nullptr;
    decltype(&cuptiActivityGetNextRecord) getNextRecord = nullptr;
    decltype(&cuptiActivityGetNumDroppedRecords) getNumDroppedRecords = nullptr;
};

/// `path`: a file; empty: where CUDA's toolkit puts it. Stays loaded until the process ends. The error is a
/// sentence for people.
Result<CuptiLibrary> openCupti(const std::string& path);
/// "CUPTI_ERROR_UNKNOWN".
std::string nameOfResult(const CuptiLibrary& library, CUptiResult result);

} // namespace vitrine::engine
