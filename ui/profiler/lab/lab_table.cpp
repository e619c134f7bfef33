// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_table.h"

#include <QEvent>
#include <QHeaderView>

#include "ui/profiler/lab/lab_cell.h"
#include "ui/profiler/lab/lab_texts.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

QString stateOf(const LabRunner& runner, int row)
{
    const LabRunner::Row& known = runner.rows()[std::size_t(row)];
    if (!known.error.isEmpty())
        return known.error;
    if (runner.isRunning() && runner.row() == row) {
        const LabProgress& now = runner.progress();
        if (now.run == 0)
            return LabTable::tr("begins");
        return now.waits
                   ? LabTable::tr("waits until no reply is being written")
                   : LabTable::tr("%1 of %2 requests").arg(countText(now.finished), countText(now.total));
    }
    const std::size_t done = known.runs.size(), wanted = std::size_t(runner.plan().repeats);
    if (done == 0)
        return runner.isRunning() ? LabTable::tr("waits") : LabTable::tr("not run");
    quint64 errors = 0;
    bool disturbed = false;
    for (const LabEnd& run : known.runs) {
        errors += run.errors;
        disturbed = disturbed || run.disturbed;
    }
    if (errors > 0)
        return LabTable::tr("%1 requests refused").arg(countText(errors));
    if (disturbed)
        return LabTable::tr("beside replies in chats");
    return done == 1 && wanted == 1 ? LabTable::tr("run once")
                                    : LabTable::tr("%1 of %2 runs").arg(countText(done), countText(wanted));
}

} // namespace

LabTable::LabTable(const Theme& theme, QWidget* parent) : QTreeWidget(parent), m_theme(theme)
{
    setColumnCount(FirstFigure + int(engine::kLoadFigures));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new LabCell(theme, this));
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    header()->setMinimumSectionSize(0);
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(Settings, QHeaderView::Stretch);
    connect(this, &QTreeWidget::itemClicked, this,
            [this](QTreeWidgetItem* item) { emit rowPicked(indexOfTopLevelItem(item)); });
    connect(this, &QTreeWidget::itemActivated, this,
            [this](QTreeWidgetItem* item) { emit rowPicked(indexOfTopLevelItem(item)); });
    theme.follow(this, [this] { fit(); });
    retranslate();
}

void LabTable::show(const LabRunner& runner)
{
    m_runner = &runner;
    const auto wanted = int(runner.rows().size());
    while (topLevelItemCount() > wanted)
        delete takeTopLevelItem(topLevelItemCount() - 1);
    while (topLevelItemCount() < wanted)
        addTopLevelItem(new QTreeWidgetItem);
    const std::vector<engine::LoadRow> rows = comparedRows(runner.rows());
    for (int i = 0; i < wanted; ++i) {
        showState(*topLevelItem(i), runner, i);
        showFigures(*topLevelItem(i), rows[std::size_t(i)]);
    }
    fit();
}

void LabTable::showProgress(const LabRunner& runner)
{
    if (QTreeWidgetItem* item = topLevelItem(runner.row()); item != nullptr && runner.isRunning())
        showState(*item, runner, runner.row());
}

void LabTable::showState(QTreeWidgetItem& item, const LabRunner& runner, int row)
{
    const QString name = QStringLiteral("%1  %2").arg(row + 1).arg(LabTexts::row(runner.plan().rows[row]));
    const QString state = stateOf(runner, row);
    const LabRunner::Row& known = runner.rows()[std::size_t(row)];
    const bool running = runner.isRunning() && runner.row() == row;
    item.setText(Settings, name);
    item.setData(Settings, LabCell::NoteRole, state);
    item.setData(Settings, LabCell::ToneRole, known.error.isEmpty() ? 0 : -1);
    const LabProgress& now = runner.progress();
    item.setData(Settings, LabCell::ProgressRole,
                 running && now.total > 0 ? QVariant(double(now.finished) / double(now.total)) : QVariant());
    QString refusal;
    for (const LabEnd& run : known.runs)
        if (refusal.isEmpty())
            refusal = run.refusal;
    QStringList tip{name, state, refusal};
    if (!known.runs.empty())
        tip << tr("Click to see its last run on the timeline.");
    tip.removeAll(QString());
    item.setToolTip(Settings, tip.join(QLatin1Char('\n')));
    item.setData(Settings, Qt::AccessibleTextRole, name + QStringLiteral(", ") + state);
}

void LabTable::showFigures(QTreeWidgetItem& item, const engine::LoadRow& row)
{
    for (std::size_t i = 0; i < engine::kLoadFigures; ++i) {
        const auto figure = engine::LoadFigure(i);
        const engine::LoadCell& cell = row[i];
        const int column = FirstFigure + int(i);
        item.setText(column, cell.runs > 0 ? LabTexts::amount(figure, cell.median) : QStringLiteral("–"));
        item.setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        QString note = LabTexts::change(cell);
        if (note.isEmpty() && cell.least < cell.most)
            note = QStringLiteral("%1 – %2").arg(LabTexts::amount(figure, cell.least),
                                                 LabTexts::amount(figure, cell.most));
        item.setData(column, LabCell::NoteRole, note);
        item.setData(column, LabCell::BestRole, cell.best);
        item.setData(column, LabCell::ToneRole,
                     cell.difference == engine::Difference::Better  ? 1
                     : cell.difference == engine::Difference::Worse ? -1
                                                                    : 0);
        const QString told = LabTexts::told(figure, cell);
        item.setToolTip(column, told);
        item.setData(column, Qt::AccessibleTextRole, told);
    }
}

/// As high as its rows: the page scrolls, not the table.
void LabTable::fit()
{
    const int rows = topLevelItemCount() * LabCell::height(m_theme);
    setFixedHeight(header()->sizeHint().height() + rows + 2 * frameWidth());
}

QString LabTable::text(int row, int column) const
{
    const QTreeWidgetItem* item = topLevelItem(row);
    return item == nullptr
               ? QString()
               : item->text(column) + QLatin1Char('\n') + item->data(column, LabCell::NoteRole).toString();
}

void LabTable::retranslate()
{
    setAccessibleName(tr("Settings beside each other"));
    QStringList names{tr("Settings")};
    for (std::size_t i = 0; i < engine::kLoadFigures; ++i)
        names << LabTexts::figure(engine::LoadFigure(i));
    setHeaderLabels(names);
    for (std::size_t i = 0; i < engine::kLoadFigures; ++i) {
        headerItem()->setToolTip(FirstFigure + int(i), LabTexts::figureExplanation(engine::LoadFigure(i)));
        headerItem()->setTextAlignment(FirstFigure + int(i), Qt::AlignRight | Qt::AlignVCenter);
    }
    if (m_runner != nullptr)
        show(*m_runner);
}

void LabTable::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QTreeWidget::changeEvent(event);
}

} // namespace vitrine::ui
