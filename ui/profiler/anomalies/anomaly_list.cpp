// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/anomalies/anomaly_list.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/profiler/anomalies/anomaly_text.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kPlaceStep = 1e7; // hundredths of a second
constexpr int kLine = 18;
constexpr int kMostHeight = 320; // without scrolling
constexpr int kMark = 3;

bool isSame(const AnomalyPicture::Entry& a, const AnomalyPicture::Entry& b)
{
    return a.anomaly.kind == b.anomaly.kind && a.anomaly.firstStep == b.anomaly.firstStep;
}

/// How many of the first entries of both are the same.
qsizetype commonBeginning(const SharedAnomalies& a, const SharedAnomalies& b)
{
    qsizetype same = 0;
    if (a && b)
        while (same < std::min(a->entries.size(), b->entries.size()) &&
               isSame(a->entries[same], b->entries[same]))
            ++same;
    return same;
}

} // namespace

/// Newest first: what came since is above what was there.
void AnomalyModel::setPicture(const SharedAnomalies& picture)
{
    const qsizetype before = rowCount(), now = picture ? picture->entries.size() : 0;
    if (commonBeginning(m_picture, picture) < before) {
        beginResetModel();
        m_picture = picture;
        endResetModel();
        return;
    }
    if (now > before)
        beginInsertRows({}, 0, int(now - before) - 1);
    m_picture = picture;
    if (now > before)
        endInsertRows();
    if (before > 0)
        emit dataChanged(index(int(now - before)), index(int(now) - 1));
}

const AnomalyPicture::Entry* AnomalyModel::entry(int row) const
{
    const qsizetype count = rowCount();
    return row >= 0 && row < count ? &m_picture->entries[count - 1 - row] : nullptr;
}

int AnomalyModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_picture ? 0 : int(m_picture->entries.size());
}

QVariant AnomalyModel::data(const QModelIndex& index, int role) const
{
    const AnomalyPicture::Entry* about = entry(index.row());
    if (about == nullptr)
        return {};
    const engine::Anomaly& anomaly = about->anomaly;
    const auto place = [&] {
        const QString at = placeText(engine::saneNs(anomaly.startNs) - m_picture->startNs, kPlaceStep);
        return about->open && m_picture->live ? tr("since %1").arg(at) : at;
    };
    switch (role) {
    case TitleRole:
        return AnomalyText::title(anomaly.kind);
    case PlaceRole:
        return place();
    case SentenceRole:
        return AnomalyText::sentence(anomaly);
    case DistanceRole:
        return AnomalyText::distance(anomaly);
    case OpenRole:
        return about->open && m_picture->live;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return tr("%1, at %2: %3 %4")
            .arg(AnomalyText::title(anomaly.kind), place(), AnomalyText::sentence(anomaly),
                 AnomalyText::distance(anomaly))
            .trimmed();
    default:
        return {};
    }
}

QString AnomalyDelegate::textOf(const QModelIndex& index)
{
    const QString distance = index.data(AnomalyModel::DistanceRole).toString();
    return index.data(AnomalyModel::SentenceRole).toString() +
           (distance.isEmpty() ? QString() : QLatin1Char('\n') + distance);
}

/// As high as its text in the width that there is.
QSize AnomalyDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* view = qobject_cast<const QListView*>(option.widget);
    const int width = view != nullptr ? view->viewport()->width() : option.rect.width();
    const QRect room(0, 0, std::max(1, width - 3 * kSpace2 - kMark), QWIDGETSIZE_MAX);
    const QFontMetrics small(m_theme.font(TextSize::Small));
    const int text = small.boundingRect(room, Qt::AlignLeft | Qt::TextWordWrap, textOf(index)).height();
    return {width, m_theme.scaled(kLine) + text + 2 * kSpace2};
}

void AnomalyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Tokens& t = m_theme.tokens();
    painter->save();
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    if (chosen || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(chosen ? t.select : t.hover);
        painter->drawRoundedRect(option.rect, kRadius, kRadius);
    }
    const QRect inner = option.rect.adjusted(kSpace2, kSpace2, -kSpace2, -kSpace2);
    const int line = m_theme.scaled(kLine);
    painter->fillRect(QRect(inner.left(), inner.top() + 2, kMark, line - 4),
                      index.data(AnomalyModel::OpenRole).toBool() ? t.warning : t.queued);
    const QRect head(inner.left() + kMark + kSpace2, inner.top(), inner.width() - kMark - kSpace2, line);
    const QFont small = m_theme.font(TextSize::Small), strong = m_theme.font(TextSize::Body, QFont::Medium);
    const QString place = index.data(AnomalyModel::PlaceRole).toString();
    const int wide = QFontMetrics(small).horizontalAdvance(place) + 1;
    painter->setFont(small);
    painter->setPen(t.secondary);
    painter->drawText(head, Qt::AlignRight | Qt::AlignVCenter, place);
    painter->setFont(strong);
    painter->setPen(t.text);
    painter->drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetrics(strong).elidedText(index.data(AnomalyModel::TitleRole).toString(),
                                                      Qt::ElideRight, head.width() - wide - kSpace2));
    painter->setFont(small);
    painter->setPen(t.secondary);
    painter->drawText(QRect(head.left(), head.bottom() + 1, head.width(), inner.bottom() - head.bottom()),
                      Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, textOf(index));
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(t.accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), kRadius, kRadius);
    }
    painter->restore();
}

AnomalyList::AnomalyList(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_heading(new QLabel), m_count(new QLabel), m_none(new QLabel),
      m_view(new QListView)
{
    setProperty("role", "card");
    m_heading->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    m_count->setProperty("role", "small");
    m_none->setProperty("role", "secondary");
    m_none->setWordWrap(true);
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new AnomalyDelegate(theme, m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setMouseTracking(true);
    m_view->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace2);
    head->addWidget(m_heading);
    head->addWidget(m_count);
    head->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addLayout(head);
    column->addWidget(m_none);
    column->addWidget(m_view);
    const auto pick = [this](const QModelIndex& index) {
        if (const AnomalyPicture::Entry* entry = m_model.entry(index.row()))
            emit rangePicked(AnomalyText::range(entry->anomaly));
    };
    connect(m_view, &QListView::clicked, this, pick);
    connect(m_view, &QListView::activated, this, pick);
    theme.follow(this, [this] { refresh(); });
}

void AnomalyList::setPicture(const SharedAnomalies& picture)
{
    m_picture = picture;
    m_model.setPicture(picture);
    refresh();
}

void AnomalyList::refresh()
{
    const int rows = m_model.rowCount();
    m_heading->setText(tr("Unusual"));
    m_heading->setToolTip(tr("What was far from what the last hundred or so steps made usual. It is looked "
                             "for all the time; the first steps go by unjudged."));
    m_view->setAccessibleName(m_heading->text());
    m_count->setText(countText(m_picture ? m_picture->count : 0));
    m_count->setVisible(rows > 0);
    m_none->setText(tr("Nothing so far: steps, queue and cache behave as usual."));
    m_none->setVisible(rows == 0);
    m_view->setVisible(rows > 0);
    fit();
}

/// Higher with more to say, up to a point.
void AnomalyList::fit()
{
    const int most = m_theme.scaled(kMostHeight);
    int height = 2;
    for (int row = 0; row < m_model.rowCount() && height < most; ++row)
        height += m_view->sizeHintForRow(row);
    m_view->setFixedHeight(std::min(height, most));
}

void AnomalyList::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    m_view->doItemsLayout(); // texts break elsewhere
    fit();
}

QString AnomalyList::text() const
{
    QStringList all{m_heading->text()};
    if (m_model.rowCount() == 0)
        all << m_none->text();
    for (int row = 0; row < m_model.rowCount(); ++row)
        all << m_model.index(row).data(Qt::AccessibleTextRole).toString();
    return all.join(QLatin1Char('\n'));
}

void AnomalyList::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        m_view->doItemsLayout();
        refresh();
    }
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
