// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the KV cache at a moment of a recording: all blocks, and one of them with its history.
#pragma once

#include <functional>
#include <string>

#include "ui/recording/request_names.h"

namespace vitrine::ui {

/// After the step that was under way at `ns`.
BlockMap blockMapAt(const engine::Session& session, RequestNames& names, qint64 ns);
BlockDetails blockAt(const engine::Session& session, RequestNames& names, quint32 block, qint64 ns);

} // namespace vitrine::ui
