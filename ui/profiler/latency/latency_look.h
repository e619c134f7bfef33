// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a wait as they are painted and named, and marks of axes that the Latency tab's charts share.
// Thread: UI.
#pragma once

#include <array>

#include <QRectF>
#include <QString>

#include "engine/telemetry/latency_breakdown.h"
#include "ui/theme/theme.h"

class QPainter;

namespace vitrine::ui {

enum class WaitPart { Queued, Prefill, Interference, Host, Saved };
inline constexpr std::array kWaitParts{WaitPart::Queued, WaitPart::Prefill, WaitPart::Interference,
                                       WaitPart::Host, WaitPart::Saved};

/// Nanoseconds. All but Saved add up to the breakdown's total().
qint64 partOf(const engine::LatencyBreakdown& parts, WaitPart part);
QString partName(WaitPart part);
QString partMeaning(WaitPart part);
void paintPart(QPainter& painter, const Theme& theme, const QRectF& bar, WaitPart part);

/// A mark of an axis of durations, in the unit that fits `step`: "250", and with `unit` "250 ms".
QString markText(double ns, double step, bool unit);

} // namespace vitrine::ui
