// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/comparison_panel.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/profiler/latency/comparison_table.h"
#include "ui/profiler/recordings/recording_dialogs.h"
#include "ui/profiler/recordings/recording_shelf.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/shell/combo_box.h"

namespace vitrine::ui {
namespace {

constexpr int kBoxWidth = 220;
constexpr int kTableWidth = 430;
constexpr int kChartWidth = 150; // at least

} // namespace

ComparisonPanel::ComparisonPanel(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_heading(new QLabel), m_nameA(new QLabel), m_nameB(new QLabel),
      m_boxA(new ComboBox(theme)), m_boxB(new ComboBox(theme)), m_note(new QLabel), m_save(new QPushButton),
      m_hint(new QLabel), m_body(new QWidget), m_table(new ComparisonTable(theme))
{
    setProperty("role", "card");
    build();
    connect(m_save, &QPushButton::clicked, this, &ComparisonPanel::chooseReport);
    connect(&m_report, &ComparisonReport::saved, this, [this](const QString& path, const QString& error) {
        refresh();
        emit reportSaved(path, error);
    });
    connect(&m_comparer, &RunComparer::ready, this, &ComparisonPanel::setComparison);
    for (ComboBox* box : {m_boxA, m_boxB})
        connect(box, &QComboBox::activated, this, &ComparisonPanel::compare);
    retranslate();
}

void ComparisonPanel::build()
{
    m_heading->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_note->setProperty("role", "small");
    m_hint->setProperty("role", "secondary");
    m_hint->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace2);
    head->addWidget(m_heading);
    head->addSpacing(kSpace2);
    for (const auto& [name, box] : {std::pair(m_nameA, m_boxA), std::pair(m_nameB, m_boxB)}) {
        name->setFont(m_theme.font(TextSize::Body, QFont::Medium));
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        head->addWidget(name);
        head->addWidget(box, 100);
        head->addSpacing(kSpace2);
    }
    head->addStretch(1);
    head->addWidget(m_note);
    m_save->setProperty("small", true);
    m_save->setIcon(m_theme.icon(QStringLiteral("export")));
    head->addWidget(m_save);
    m_grid = new QGridLayout(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kSpace3);
    for (ComparisonChart*& chart : m_charts)
        chart = new ComparisonChart(m_theme);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace3);
    column->addLayout(head);
    column->addWidget(m_hint);
    column->addWidget(m_body);
    m_theme.follow(this, [this] {
        arrange();
        for (ComboBox* box : {m_boxA, m_boxB}) {
            box->setMinimumWidth(m_theme.scaledColumn(kBoxWidth) / 2);
            box->setMaximumWidth(m_theme.scaledColumn(kBoxWidth));
        }
    });
    m_body->hide();
}

/// The table beside the charts where there is room, else below; in a narrow window two charts in a row.
void ComparisonPanel::arrange()
{
    const int table = m_theme.scaledColumn(kTableWidth), chart = m_theme.scaledColumn(kChartWidth);
    const int count = int(m_charts.size()), room = width() - 2 * kSpace4;
    const bool beside = room >= count * (chart + kSpace3) + table;
    const int perRow = beside || room >= count * (chart + kSpace3) ? count : (count + 1) / 2;
    m_table->setMinimumWidth(beside ? table : 0);
    for (int i = 0; i < count; ++i) {
        m_grid->removeWidget(m_charts[std::size_t(i)]);
        m_grid->addWidget(m_charts[std::size_t(i)], i / perRow, i % perRow);
        m_grid->setColumnStretch(i, i < perRow ? 1 : 0);
    }
    m_grid->removeWidget(m_table);
    if (beside)
        m_grid->addWidget(m_table, 0, count);
    else
        m_grid->addWidget(m_table, count, 0, 1, perRow);
}

void ComparisonPanel::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    arrange();
}

void ComparisonPanel::setShelf(RecordingShelf* shelf)
{
    m_shelf = shelf;
    connect(shelf, &RecordingShelf::filesChanged, this, &ComparisonPanel::fillBoxes);
    connect(shelf, &RecordingShelf::failed, this, &ComparisonPanel::refresh);
    fillBoxes();
}

void ComparisonPanel::fill(ComboBox& box, const QString& chosen)
{
    const QSignalBlocker quiet(box);
    box.clear();
    box.addItem(tr("Choose a recording"), QString());
    box.addItem(tr("Running engine"), kLive);
    if (m_shelf != nullptr)
        for (const RecordingFile& file : m_shelf->files())
            if (file.problem.isEmpty() && !file.isNsightReport)
                box.addItem(file.name, file.path);
    if (box.findData(chosen) < 0 && m_shelf != nullptr && m_shelf->find(chosen) != nullptr)
        box.addItem(QFileInfo(chosen).completeBaseName(), chosen); // the list is older than it
    box.setCurrentIndex(std::max(0, box.findData(chosen)));
}

void ComparisonPanel::fillBoxes()
{
    fill(*m_boxA, m_boxA->currentData().toString());
    fill(*m_boxB, m_boxB->currentData().toString());
    refresh();
}

/// One that is in no list yet, because the folder is still being read, is added.
void ComparisonPanel::choose(const QString& a, const QString& b)
{
    for (const auto& [box, path] : {std::pair(m_boxA, a), std::pair(m_boxB, b)}) {
        if (box->findData(path) < 0)
            box->addItem(QFileInfo(path).completeBaseName(), path);
        box->setCurrentIndex(box->findData(path));
    }
    compare();
}

RecordingSession* ComparisonPanel::sessionOf(const ComboBox& box)
{
    const QString path = box.currentData().toString();
    if (m_shelf == nullptr || path.isEmpty())
        return nullptr;
    return path == kLive ? &m_shelf->live() : &m_shelf->open(path);
}

void ComparisonPanel::compare()
{
    m_comparison.reset();
    m_comparer.compare(sessionOf(*m_boxA), sessionOf(*m_boxB));
    refresh();
}

void ComparisonPanel::chooseReport()
{
    QFileDialog* dialog = makeReportDialog(QDir::homePath(), m_boxB->currentText(), window());
    connect(dialog, &QFileDialog::fileSelected, this, &ComparisonPanel::saveReport);
    dialog->open();
}

void ComparisonPanel::saveReport(const QString& path)
{
    m_report.save(sessionOf(*m_boxA), sessionOf(*m_boxB), m_boxA->currentText(), m_boxB->currentText(), path);
    refresh();
}

void ComparisonPanel::setComparison(const SharedComparison& comparison)
{
    m_comparison = comparison;
    refresh();
}

/// How the two were aligned, and of what: of long recordings the end is compared.
QString ComparisonPanel::noteText() const
{
    const QString pairing = ComparisonTexts::pairing(m_comparison->comparison);
    const quint64 seen = m_comparison->stepsA + m_comparison->stepsB;
    const quint64 all = m_comparison->allA + m_comparison->allB;
    return seen >= all ? pairing
                       : tr("%1; the newest %2 of %3 steps").arg(pairing, countText(seen), countText(all));
}

void ComparisonPanel::refresh()
{
    const bool shown = m_comparison && !m_comparison->comparison.rows.empty();
    m_body->setVisible(shown);
    m_hint->setVisible(!shown);
    m_note->setVisible(shown);
    m_save->setVisible(shown);
    m_save->setEnabled(!m_report.isBusy());
    m_save->setText(m_report.isBusy() ? tr("Writing…") : tr("Save report…"));
    if (shown) {
        const auto charts = ComparisonTexts::charts(m_comparison->comparison);
        for (std::size_t i = 0; i < m_charts.size(); ++i)
            m_charts[i]->setLines(charts[i]);
        m_table->setRows(m_comparison->comparison.rows);
        m_note->setText(noteText());
        return;
    }
    const QString a = m_boxA->currentData().toString(), b = m_boxB->currentData().toString();
    if (m_comparison)
        m_hint->setText(tr("There is nothing in these two recordings that can be compared."));
    else if (m_comparer.isBusy())
        m_hint->setText(tr("Comparing…"));
    else if (!a.isEmpty() && a == b)
        m_hint->setText(tr("A and B are the same recording: choose another one."));
    else
        m_hint->setText(tr("Choose two recordings to see what changed from A to B: before and after a "
                           "setting, a model or a machine."));
}

void ComparisonPanel::retranslate()
{
    m_heading->setText(tr("A/B"));
    m_nameA->setText(tr("A"));
    m_nameB->setText(tr("B"));
    m_boxA->setAccessibleName(tr("Recording A"));
    m_boxB->setAccessibleName(tr("Recording B"));
    fillBoxes();
}

/// Files may have come since.
void ComparisonPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    if (m_shelf != nullptr)
        m_shelf->rescan();
}

void ComparisonPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
