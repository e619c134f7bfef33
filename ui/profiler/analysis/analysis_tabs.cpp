// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/analysis_tabs.h"

#include "ui/profiler/analysis/block_life_page.h"
#include "ui/profiler/analysis/prefix_page.h"
#include "ui/profiler/analysis/rank_page.h"
#include "ui/profiler/metrics/metrics_page.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

void add(ProfilerPage& page, AnalysisTab* tab, const QString& key, std::function<QString()> title)
{
    page.addTab(key, std::move(title), tab);
    QObject::connect(&page, &ProfilerPage::sessionChanged, tab, &AnalysisTab::setSession);
    tab->setSession(page.session());
    const auto search = [&page](const QString& text) {
        page.showTab(QStringLiteral("timeline"));
        page.timeline().search(text);
    };
    QObject::connect(tab, &AnalysisTab::requestPicked, &page, [search](engine::RequestId request) {
        search(QStringLiteral("#%1").arg(request.value));
    });
    QObject::connect(tab, &AnalysisTab::momentPicked, &page, [&page](qint64 ns) {
        page.showTab(QStringLiteral("timeline"));
        page.view().setMoment(ns);
        page.view().reveal(ns);
    });
    QObject::connect(tab, &AnalysisTab::stepPicked, &page,
                     [search](quint64 step) { search(QString::number(step)); });
}

} // namespace

void addAnalysisTabs(ProfilerPage& page, const Theme& theme)
{
    add(page, new PrefixPage(page.view(), theme), QStringLiteral("prefixes"),
        [] { return AnalysisTab::tr("Prefix tree"); });
    add(page, new BlockLifePage(page.view(), theme), QStringLiteral("blocks"),
        [] { return AnalysisTab::tr("Block life"); });
    add(page, new RankPage(page.view(), theme), QStringLiteral("ranks"),
        [] { return AnalysisTab::tr("Ranks"); });
    add(page, new MetricsPage(page.view(), theme), QStringLiteral("metrics"),
        [] { return AnalysisTab::tr("Metrics"); });
}

} // namespace vitrine::ui
