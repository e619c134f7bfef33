// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/comparison_table.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/profiler/latency/comparison_texts.h"

namespace vitrine::ui {
namespace {

enum Column { Metric, A, B, Change, Interval };
constexpr int kColumns = 5;

} // namespace

ComparisonTable::ComparisonTable(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addStretch(1);
    connect(&theme, &Theme::changed, this, &ComparisonTable::fill);
}

void ComparisonTable::setRows(const std::vector<engine::CompareRow>& rows)
{
    m_rows.clear();
    for (const engine::CompareRow& row : rows) // medians and tails say more of waits than means do
        if (m_rows.size() < kMostRows &&
            (row.statistic != engine::Statistic::Mean || row.unit != engine::MetricUnit::Seconds))
            m_rows.push_back(row);
    fill();
}

void ComparisonTable::addCell(int row, int column, const QString& text, const QColor& colour, bool strong)
{
    auto* label = new QLabel(text, this);
    label->setTextFormat(Qt::PlainText);
    label->setFont(m_theme.font(TextSize::Small, strong ? QFont::DemiBold : QFont::Normal));
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, colour);
    label->setPalette(palette);
    label->setAlignment((column == Metric ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    m_grid->addWidget(label, row, column);
}

void ComparisonTable::fill()
{
    qDeleteAll(findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly));
    delete m_grid;
    m_grid = new QGridLayout;
    m_grid->setHorizontalSpacing(kSpace4);
    m_grid->setVerticalSpacing(kSpace1);
    m_grid->setColumnStretch(Metric, 1);
    static_cast<QVBoxLayout*>(layout())->insertLayout(0, m_grid);
    const Tokens& t = m_theme.tokens();
    const QString heads[kColumns] = {tr("Metric"), tr("A"), tr("B"), tr("Change"), tr("95 % sure")};
    for (int column = 0; column < kColumns; ++column)
        addCell(0, column, heads[column], t.secondary, true);
    int at = 1;
    for (const engine::CompareRow& row : m_rows) {
        const QColor& verdict = row.verdict == engine::Verdict::Better  ? t.ok
                                : row.verdict == engine::Verdict::Worse ? t.warning
                                                                        : t.secondary;
        addCell(at, Metric, ComparisonTexts::metric(row), t.text);
        addCell(at, A, ComparisonTexts::value(row, row.a), t.secondary);
        addCell(at, B, ComparisonTexts::value(row, row.b), t.text);
        addCell(at, Change, ComparisonTexts::change(row), verdict,
                row.verdict == engine::Verdict::Better || row.verdict == engine::Verdict::Worse);
        addCell(at, Interval, ComparisonTexts::interval(row), t.secondary);
        ++at;
    }
}

QString ComparisonTable::text() const
{
    QStringList lines;
    for (int row = 0; m_grid != nullptr && row < m_grid->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < kColumns; ++column)
            if (QLayoutItem* item = m_grid->itemAtPosition(row, column))
                cells << static_cast<QLabel*>(item->widget())->text();
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

void ComparisonTable::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        fill();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
