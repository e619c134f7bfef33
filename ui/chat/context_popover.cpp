// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/context_popover.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QRadioButton>
#include <QScreen>

#include "ui/chat/context_bar.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kWidth = 360;
constexpr int kDot = 8;

QString count(quint32 value)
{
    return QLocale().toString(value);
}

} // namespace

QString forecast(const ContextUse& use)
{
    QString text;
    if (use.leftOut > 0)
        text =
            use.whenFull == WhenFull::KeepStartAndLatest
                ? ContextPopover::tr("%1 turns after the first are no longer read. ").arg(count(use.leftOut))
                : ContextPopover::tr("The %1 oldest turns are no longer read. ").arg(count(use.leftOut));
    if (use.free() >= use.reply)
        return text + ContextPopover::tr("The longest reply (%1 tokens) still fits.").arg(count(use.reply));
    switch (use.whenFull) {
    case WhenFull::Stop:
        return text + ContextPopover::tr("The next reply ends after %1 tokens at most, and says so.")
                          .arg(count(use.free()));
    case WhenFull::KeepStartAndLatest:
        return text + ContextPopover::tr(
                          "With the next reply turns in the middle are no longer read; it goes on past the "
                          "context.");
    case WhenFull::LeaveOutOldest:
        break;
    }
    return text + ContextPopover::tr("With the next reply the oldest turns are no longer read.");
}

ContextPopover::ContextPopover(const Theme& theme, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_theme(theme)
{
    setAttribute(Qt::WA_NoMouseReplay); // a click on the gauge closes it, and no more
    setFixedWidth(theme.scaled(kWidth));
    setAccessibleName(tr("Context"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace2);
    auto* title = new QLabel(tr("Context"));
    title->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    column->addWidget(title);
    m_bar = new ContextBar(theme);
    column->addWidget(m_bar);
    const Tokens& tokens = theme.tokens();
    addFigure(*column, tr("Turns, found in the cache"), m_cached, tokens.cached);
    addFigure(*column, tr("Turns, computed for the last reply"), m_computed, tokens.prefill);
    addFigure(*column, tr("Free"), m_free, tokens.freeLine);
    m_forecast = new QLabel;
    m_forecast->setObjectName("contextForecast");
    m_forecast->setProperty("role", "small");
    m_forecast->setWordWrap(true);
    column->addWidget(m_forecast);
    auto* heading = new QLabel(tr("When the context is full"));
    heading->setFont(theme.font(TextSize::Small, QFont::DemiBold));
    heading->setProperty("role", "secondary");
    column->addSpacing(kSpace2);
    column->addWidget(heading);
    addChoice(*column, WhenFull::Stop, tr("Stop and say so"),
              tr("Nothing is lost; begin a new chat to go on."));
    addChoice(*column, WhenFull::KeepStartAndLatest, tr("Keep the start and the latest"),
              tr("Turns in the middle are no longer read, and a reply may go on past the context."));
    addChoice(*column, WhenFull::LeaveOutOldest, tr("Leave out the oldest turns"),
              tr("They stay in the chat, but the model no longer reads them."));
}

void ContextPopover::addFigure(QVBoxLayout& column, const QString& name, QLabel*& figure,
                               const QColor& colour)
{
    const int side = m_theme.scaled(kDot);
    QPixmap dot(QSize(side, side) * devicePixelRatio());
    dot.setDevicePixelRatio(devicePixelRatio());
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, side, side), 2, 2);
    painter.end();
    auto* mark = new QLabel;
    mark->setPixmap(dot);
    figure = new QLabel;
    figure->setFont(m_theme.font(TextSize::Body, QFont::Medium));
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace2);
    row->addWidget(mark);
    row->addWidget(new QLabel(name));
    row->addStretch(1);
    row->addWidget(figure);
    column.addLayout(row);
}

void ContextPopover::addChoice(QVBoxLayout& column, WhenFull choice, const QString& name, const QString& help)
{
    auto* button = new QRadioButton(name);
    button->setAccessibleDescription(help);
    auto* note = new QLabel(help);
    note->setProperty("role", "small");
    note->setWordWrap(true);
    note->setIndent(kSpace5);
    auto* pair = new QVBoxLayout; // what belongs together stands together
    pair->setSpacing(0);
    pair->addWidget(button);
    pair->addWidget(note);
    column.addLayout(pair);
    m_choices.append(button);
    connect(button, &QRadioButton::clicked, this, [this, choice] { emit whenFullChosen(choice); });
}

void ContextPopover::setUse(const ContextUse& use)
{
    m_use = use;
    const quint32 cached = std::min(use.cached, use.used);
    m_bar->setShares(cached, use.used, use.total);
    m_cached->setText(count(cached));
    m_computed->setText(count(use.used - cached));
    m_free->setText(count(use.free()));
    m_forecast->setText(forecast(use));
    m_choices[int(use.whenFull)]->setChecked(true);
}

void ContextPopover::openBelow(const QWidget& anchor)
{
    setFixedHeight(layout()->heightForWidth(width()));
    QPoint corner = anchor.mapToGlobal(QPoint(anchor.width() - width(), anchor.height() + kSpace1));
    const QRect screen = anchor.screen()->availableGeometry();
    corner.setX(std::clamp(corner.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    corner.setY(std::max(screen.top(), std::min(corner.y(), screen.bottom() - height())));
    move(corner);
    show();
    m_choices[int(m_use.whenFull)]->setFocus();
}

void ContextPopover::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this); // square like the menus: round corners need a compositor
    painter.setPen(tokens.borderStrong);
    painter.setBrush(tokens.raised);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace vitrine::ui
