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

} // namespace

QString blockEventText(engine::BlockEventKind kind)
{
    using Kind = engine::BlockEventKind;
    switch (kind) {
    case Kind::Take:
        return BlockMoments::tr("taken");
    case Kind::Share:
        return BlockMoments::tr("found and shared");
    case Kind::Fork:
        return BlockMoments::tr("shared by a fork");
    case Kind::CopyOnWrite:
        return BlockMoments::tr("copied to be written");
    case Kind::Fill:
        return BlockMoments::tr("full, findable");
    case Kind::Drop:
        return BlockMoments::tr("given back early");
    case Kind::Release:
        return BlockMoments::tr("given back");
    case Kind::Close:
        return BlockMoments::tr("request closed");
    case Kind::Evict:
        return BlockMoments::tr("evicted");
    case Kind::Move:
        return BlockMoments::tr("moved");
    case Kind::Resize:
        return BlockMoments::tr("pool resized");
    case Kind::SwapOut:
        return BlockMoments::tr("swapped out");
    case Kind::SwapIn:
        return BlockMoments::tr("swapped in");
    case Kind::HostFree:
        return BlockMoments::tr("host copy gone");
    case Kind::WindowTake:
        return BlockMoments::tr("got window pages");
    case Kind::Look:
        return BlockMoments::tr("window in sight");
    case Kind::Leave:
        return BlockMoments::tr("window passed");
    case Kind::WindowDrop:
        return BlockMoments::tr("window pages gone");
    }
    return {};
}

void addBlockMoments(InspectorForm& form, const BlockDetails& details, qint64 originNs)
{
    if (details.history.isEmpty())
        return;
    form.addSection(BlockMoments::tr("History"),
                    BlockMoments::tr("%1 in all").arg(countText(details.moments)));
    for (qsizetype i = 0; i < std::min(details.history.size(), kMostLines); ++i) {
        const BlockMoment& moment = details.history[i];
        form.addMoment(BlockMoments::tr("%1 at %2")
                           .arg(blockEventText(moment.kind), placeText(moment.ns - originNs, kPlaceStep)),
                       moment.ns, moment.name.request.value != 0 ? moment.name.title : QString());
    }
    if (details.moments > quint64(std::min(details.history.size(), kMostLines)))
        form.addText(BlockMoments::tr("Earlier ones are left out."))->setProperty("role", "small");
}

} // namespace vitrine::ui
