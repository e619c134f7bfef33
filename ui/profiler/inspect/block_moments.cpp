// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/inspect/block_moments.h"

#include <QCoreApplication>
#include <QLabel>

#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kPlaceStep = 1e6;
constexpr qsizetype kMostLines = 32;

struct BlockMoments
{
    Q_DECLARE_TR_FUNCTIONS(BlockMoments)
};
using T = BlockMoments;

} // namespace

QString blockEventText(engine::BlockEventKind kind)
{
    using Kind = engine::BlockEventKind;
    switch (kind) {
    case Kind::Take:
        return T::tr("taken");
    case Kind::Share:
        return T::tr("found and shared");
    case Kind::Fork:
        return T::tr("shared by a fork");
    case Kind::CopyOnWrite:
        return T::tr("copied to be written");
    case Kind::Fill:
        return T::tr("full, findable");
    case Kind::Drop:
        return T::tr("given back early");
    case Kind::Release:
        return T::tr("given back");
    case Kind::Close:
        return T::tr("request closed");
    case Kind::Evict:
        return T::tr("evicted");
    case Kind::Move:
        return T::tr("moved");
    case Kind::Resize:
        return T::tr("pool resized");
    case Kind::SwapOut:
        return T::tr("swapped out");
    case Kind::SwapIn:
        return T::tr("swapped in");
    case Kind::HostFree:
        return T::tr("host copy gone");
    case Kind::WindowTake:
        return T::tr("got window pages");
    case Kind::Look:
        return T::tr("window in sight");
    case Kind::Leave:
        return T::tr("window passed");
    case Kind::WindowDrop:
        return T::tr("window pages gone");
    }
    return {};
}

void addBlockMoments(InspectorForm& form, const BlockDetails& details, qint64 originNs)
{
    if (details.history.isEmpty())
        return;
    form.addSection(T::tr("History"),
                    T::tr("%n events", nullptr, int(std::min<quint64>(details.moments, INT_MAX))));
    for (qsizetype i = 0; i < std::min(details.history.size(), kMostLines); ++i) {
        const BlockMoment& moment = details.history[i];
        const QString who = moment.name.request.value != 0 ? moment.name.title : QString();
        form.addFigure(
            T::tr("%1 at %2").arg(blockEventText(moment.kind), placeText(moment.ns - originNs, kPlaceStep)),
            who.size() > 18 ? who.left(17) + QChar(0x2026) : who, who);
    }
    if (details.moments > quint64(std::min(details.history.size(), kMostLines)))
        form.addText(T::tr("Earlier ones are left out."))->setProperty("role", "small");
}

} // namespace vitrine::ui
