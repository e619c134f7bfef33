// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/metrics/metric_model.h"

#include <algorithm>

#include "ui/profiler/metrics/metric_text.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kMedian = 0.5, kHigh = 0.99;

const engine::Histogram* histogramOf(const engine::MetricValue& value)
{
    return value.histogram.empty() ? nullptr : &value.histogram.front();
}

/// Buckets from the first to the last with something in it.
std::pair<std::size_t, std::size_t> filled(const engine::Histogram& histogram)
{
    const auto& counts = histogram.counts();
    const auto holds = [](std::uint64_t count) { return count > 0; };
    const auto first = std::find_if(counts.begin(), counts.end(), holds);
    const auto last = std::find_if(counts.rbegin(), counts.rend(), holds).base();
    return first < last ? std::pair(std::size_t(first - counts.begin()), std::size_t(last - counts.begin()))
                        : std::pair(std::size_t(0), std::size_t(0));
}

/// Of a counter the growth from one moment to the next.
QList<double> growth(const QList<double>& values)
{
    QList<double> steps;
    for (qsizetype i = 1; i < values.size(); ++i)
        steps.append(std::max(values[i] - values[i - 1], 0.0));
    return steps;
}

} // namespace

void MetricModel::setPicture(const SharedMetrics& picture)
{
    std::vector<Row> rows;
    for (std::size_t family = 0; picture && family < picture->families.size(); ++family)
        for (std::size_t value = 0; value < picture->families[family].values.size(); ++value)
            rows.push_back({family, value});
    if (rows == m_rows && !rows.empty()) {
        m_picture = picture;
        emit dataChanged(index(0, 0), index(int(rows.size()) - 1, kColumns - 1));
        return;
    }
    beginResetModel();
    m_picture = picture;
    m_rows = std::move(rows);
    endResetModel();
}

void MetricModel::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, kColumns - 1);
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, kColumns - 1));
}

int MetricModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int MetricModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QString MetricModel::said(const Row& row, int column) const
{
    const engine::MetricFamily& family = familyOf(row);
    const engine::Histogram* histogram = histogramOf(valueOf(row));
    const bool known = histogram != nullptr && histogram->count() > 0;
    switch (column) {
    case Name:
        return QString::fromStdString(family.name);
    case Value:
        return histogram == nullptr ? MetricText::value(family, valueOf(row).value)
                                    : countText(histogram->count());
    case Median:
        return known ? MetricText::value(family, histogram->quantile(kMedian)) : QString();
    case High:
        return known ? MetricText::value(family, histogram->quantile(kHigh)) : QString();
    default:
        return {};
    }
}

QString MetricModel::meaning(const Row& row) const
{
    const QString labels = MetricText::labels(valueOf(row));
    const QString meaning = MetricText::meaning(familyOf(row));
    return labels.isEmpty() ? meaning : tr("%1 %2").arg(meaning, labels);
}

QList<double> MetricModel::points(const Row& row) const
{
    const engine::MetricFamily& family = familyOf(row);
    if (const engine::Histogram* histogram = histogramOf(valueOf(row))) {
        const auto [first, last] = filled(*histogram);
        QList<double> counts;
        for (std::size_t i = first; i < last; ++i)
            counts.append(double(histogram->counts()[i]));
        return counts;
    }
    if (family.values.size() > 1)
        return {}; // its course is of all of them together
    const QList<double> values = m_picture->courses.value(QString::fromStdString(family.name));
    return family.kind == engine::MetricKind::Counter ? growth(values) : values;
}

QString MetricModel::tip(const Row& row, int column) const
{
    const engine::MetricFamily& family = familyOf(row);
    const engine::Histogram* histogram = histogramOf(valueOf(row));
    if (column != Course || (histogram == nullptr && points(row).isEmpty()))
        return meaning(row);
    if (histogram == nullptr)
        return family.kind == engine::MetricKind::Counter
                   ? tr("How much it grew, over %1")
                         .arg(durationText(double(m_picture->toNs - m_picture->fromNs)))
                   : tr("Its value, over %1").arg(durationText(double(m_picture->toNs - m_picture->fromNs)));
    const auto [first, last] = filled(*histogram);
    QStringList lines;
    for (std::size_t i = first; i < last; ++i)
        lines << (i < histogram->bounds().size() ? tr("up to %1: %2")
                                                       .arg(MetricText::value(family, histogram->bounds()[i]),
                                                            countText(histogram->counts()[i]))
                                                 : tr("more: %1").arg(countText(histogram->counts()[i])));
    return lines.join(QLatin1Char('\n'));
}

QVariant MetricModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || std::size_t(index.row()) >= m_rows.size())
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return said(row, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == Name ? said(row, Name) + QLatin1String(", ") + meaning(row)
                                      : said(row, index.column());
    case Qt::ToolTipRole:
        return tip(row, index.column());
    case Qt::TextAlignmentRole:
        return int((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case MeaningRole:
        return index.column() == Name ? meaning(row) : QVariant();
    case PointsRole:
        return index.column() == Course ? QVariant::fromValue(points(row)) : QVariant();
    case BarsRole:
        return histogramOf(valueOf(row)) != nullptr;
    default:
        return {};
    }
}

QVariant MetricModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Name || section == Course ? Qt::AlignLeft : Qt::AlignRight) |
                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Metric");
    case Value:
        return tr("Now");
    case Course:
        return tr("Course or distribution");
    case Median:
        return tr("p50");
    case High:
        return tr("p99");
    default:
        return {};
    }
}

} // namespace vitrine::ui
