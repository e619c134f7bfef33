// SPDX-License-Identifier: GPL-3.0-or-later
// What the Profiler's inspector says about a preemption, a request and a step of a recording.
#pragma once

#include "ui/recording/request_names.h"

namespace vitrine::ui {

PreemptionDetails preemptionOf(const engine::PreemptionLog& log, const engine::Session& session,
                               RequestNames& names, const PreemptionQuery& query);
RequestDetails requestOf(const engine::Session& session, RequestNames& names, engine::RequestId request);
/// When step `number`, or the first one after it, began; the end of the recording when there is none.
qint64 timeOf(const engine::Session& session, quint64 number);
StepDetails stepAt(const engine::Session& session, RequestNames& names, qint64 ns);

} // namespace vitrine::ui
