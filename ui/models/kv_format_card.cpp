// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/kv_format_card.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/models/memory_text.h"

namespace vitrine::ui {
namespace {

constexpr qreal kRing = 7;
constexpr int kRowOfFormats = 28;
constexpr std::array kOffered{engine::KvFormat::BF16, engine::KvFormat::F16, engine::KvFormat::Int8};

} // namespace

FormatRow::FormatRow(engine::KvFormat format, const Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_format(format)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setText(formatName(format));
    theme.follow(this, [this] {
        setFixedHeight(m_theme.scaled(kRowOfFormats));
        update();
    });
}

QSize FormatRow::sizeHint() const
{
    return {m_theme.scaled(KvFormatCard::kFittingWidth + KvFormatCard::kPerThousandWidth + 80),
            m_theme.scaled(kRowOfFormats)};
}

void FormatRow::setTexts(const QString& perThousand, const QString& fitting)
{
    m_perThousand = perThousand;
    m_fitting = fitting;
    setAccessibleName(QStringLiteral("%1, %2, %3").arg(text(), perThousand, fitting));
    update();
}

void FormatRow::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal ring = kRing * m_theme.factor();
    const QPointF centre(ring + 1, height() / 2.0);
    painter.setBrush(tokens.raised);
    painter.setPen(QPen(isChecked()    ? tokens.accentFill
                        : underMouse() ? tokens.accent
                                       : tokens.borderStrong,
                        isChecked() ? 5 * m_theme.factor() : 1.5));
    const qreal radius = ring - (isChecked() ? 2.5 * m_theme.factor() : 0.75);
    painter.drawEllipse(centre, radius, radius);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.accent, 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(-1 + 1, 2, -1, -2), kRadiusChip, kRadiusChip);
    }
    painter.setFont(m_theme.font(TextSize::Body));
    painter.setPen(tokens.text);
    const QRect row = rect().adjusted(0, 0, -kSpace1, 0);
    painter.drawText(row.adjusted(int(2 * ring) + kSpace2 + 2, 0, 0, 0), Qt::AlignVCenter, text());
    painter.drawText(row, Qt::AlignVCenter | Qt::AlignRight, m_fitting);
    painter.setPen(tokens.secondary);
    painter.drawText(row.adjusted(0, 0, -m_theme.scaled(KvFormatCard::kFittingWidth), 0),
                     Qt::AlignVCenter | Qt::AlignRight, m_perThousand);
}

KvFormatCard::KvFormatCard(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setProperty("role", "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4 - kSpace1, kSpace3);
    column->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setSpacing(0);
    head->setContentsMargins(0, 0, kSpace1, kSpace2);
    m_title = new QLabel;
    m_title->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    m_perThousand = new QLabel;
    m_fitting = new QLabel;
    for (QLabel* label : {m_perThousand, m_fitting}) {
        label->setProperty("role", "small");
        label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    theme.follow(m_fitting, [this] { m_fitting->setFixedWidth(m_theme.scaled(kFittingWidth)); });
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_perThousand);
    head->addWidget(m_fitting);
    column->addLayout(head);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i] = new FormatRow(kOffered[i], theme);
        column->addWidget(m_rows[i]);
        connect(m_rows[i], &QAbstractButton::clicked, this, [this, i] { emit formatChosen(kOffered[i]); });
    }
    column->addStretch(1);
    retranslate();
}

void KvFormatCard::setPlan(const engine::MemoryPlan& plan, const MemoryRoom& room)
{
    m_plan = plan;
    m_room = room;
    retranslate();
}

void KvFormatCard::setFormat(engine::KvFormat format)
{
    row(format).setChecked(true);
}

engine::KvFormat KvFormatCard::format() const
{
    const auto checked =
        std::find_if(m_rows.begin(), m_rows.end(), [](const FormatRow* row) { return row->isChecked(); });
    return checked == m_rows.end() ? engine::KvFormat::BF16 : (*checked)->format();
}

FormatRow& KvFormatCard::row(engine::KvFormat format) const
{
    for (FormatRow* row : m_rows)
        if (row->format() == format)
            return *row;
    return *m_rows.front();
}

void KvFormatCard::retranslate()
{
    m_title->setText(tr("KV format"));
    m_perThousand->setText(tr("per 1 k tokens"));
    m_fitting->setText(tr("fits up to"));
    for (FormatRow* row : m_rows) {
        const quint64 most = mostContext(m_plan);
        const quint64 tokens =
            m_room.known() ? std::min<quint64>(most, m_plan.tokensIn(row->format(), m_room.usable())) : most;
        row->setTexts(sizeText(m_plan.kvFor(row->format(), 1024)),
                      tokens == 0 ? tr("nothing") : tr("%1 tokens").arg(tokensText(tokens / 16 * 16)));
    }
}

void KvFormatCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
