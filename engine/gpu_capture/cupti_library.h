// SPDX-License-Identifier: GPL-3.0-or-later
// The functions of CUPTI that are used, of a library that is looked for when the program runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

    /// To choose which calls are recorded, of all that there are. Null, all four, in a library without.
    using ChooseCall = CUptiResult(CUPTIAPI*)(CUpti_CallbackId, std::uint8_t);
    ChooseCall chooseRuntimeCall = nullptr, chooseDriverCall = nullptr;
    decltype(&cuptiGetCallbackName) getCallName = nullptr;
    decltype(&cuptiSetThreadIdType) setThreadIdType = nullptr;
};

/// `path`: a file; empty: where CUDA's toolkit puts it. Stays loaded until the process ends. The error is a
/// sentence for people.
Result<CuptiLibrary> openCupti(const std::string& path);
/// Launches, copies and waiting: the calls that work of a GPU comes from, and where the host stands still.
/// `domain`: of the runtime or of the driver.
std::vector<CUpti_CallbackId> recordedCalls(const CuptiLibrary& library, CUpti_CallbackDomain domain);
/// "cudaGraphLaunch", without the suffixes of its versions; empty: it has no name.
std::string nameOfCall(const CuptiLibrary& library, CUpti_CallbackDomain domain, CUpti_CallbackId call);
/// "CUPTI_ERROR_UNKNOWN".
std::string nameOfResult(const CuptiLibrary& library, CUptiResult result);

} // namespace vitrine::engine
