// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a model goes into the memory that is free. Thread: any; the texts are the window's.
#pragma once

#include <QColor>
#include <QCoreApplication>

#include "ui/models/model_entry.h"
#include "ui/models/model_records.h"

namespace vitrine::ui {

struct Tokens;

/// Memory that a model may take, in bytes.
struct MemoryRoom
{
    quint64 free = 0; ///< 0: unknown, then everything fits
    quint64 margin = 0;

    static MemoryRoom now();
    static MemoryRoom of(quint64 freeBytes);
    quint64 usable() const { return free > margin ? free - margin : 0; }
    bool known() const { return free > 0; }
};

enum class Verdict { InUse, Loading, Asleep, Fits, FitsInInt8, DoesNotFit, NotSupported, Unreadable };

/// Tokens of KV to reserve where nobody chose, and the most that can be chosen.
quint32 usualContext(const engine::MemoryPlan& plan);
quint32 mostContext(const engine::MemoryPlan& plan);

/// What is chosen, with the usual context where none is.
LoadOptions resolved(const ModelChoice& choice, const engine::MemoryPlan& plan);

Verdict verdictOf(const ModelEntry& entry, const LoadOptions& options, const MemoryRoom& room);

class VerdictText
{
    Q_DECLARE_TR_FUNCTIONS(VerdictText)

public:
    static QString word(Verdict verdict);
    static QColor colour(Verdict verdict, const Tokens& tokens);
};

} // namespace vitrine::ui
