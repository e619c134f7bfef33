// SPDX-License-Identifier: GPL-3.0-or-later
// One recorded step as bytes and back.
#pragma once

#include <cstdint>

#include "engine/telemetry/recorder.h"
#include "engine/trace/trace_codec.h"

namespace vitrine::engine {

/// Behind what `out` holds: its length, then its fields. Times are written as distances from `base`, which
/// keeps them short; the decoder is given the same.
void encodeStep(TraceBytes& out, const RecordedStep& step, std::int64_t base);

/// The decoder is not ok afterwards when the bytes are no step. Bytes behind the fields that are known, from
/// a newer writer, are passed over.
RecordedStep decodeStep(TraceDecoder& in, std::int64_t base);

/// The base for the step after this one.
std::int64_t baseAfter(const RecordedStep& step, std::int64_t base);

} // namespace vitrine::engine
