// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notice_bar.h"

#include <utility>

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTimerEvent>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace vitrine::ui {

NoticeBar::NoticeBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    build();
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto act = m_notice.act;
        dismiss();
        if (act)
            act();
    });
    connect(m_close, &QToolButton::clicked, this, &NoticeBar::dismiss);
    connect(&theme, &Theme::changed, this, [this] {
        showIcon();
        update();
    });
    retranslate();
    hide();
}

void NoticeBar::build()
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace4, kSpace2, kSpace3, kSpace2 + 1);
    row->setSpacing(kSpace3);
    m_icon = new QLabel;
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::Medium));
    m_detail = new QLabel;
    m_detail->setProperty("role", "small");
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (QLabel* label : {m_title, m_detail})
        label->setTextFormat(Qt::PlainText);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_title);
    texts->addWidget(m_detail);
    m_action = new QPushButton;
    m_action->setProperty("small", true);
    m_action->setAutoDefault(false);
    m_close = new QToolButton;
    m_close->setIcon(m_theme.icon(QStringLiteral("close")));
    m_close->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_icon);
    row->addLayout(texts, 1);
    row->addWidget(m_action, 0, Qt::AlignVCenter);
    row->addWidget(m_close, 0, Qt::AlignVCenter);
}

void NoticeBar::show(const Notice& notice)
{
    const bool warns = !isHidden() && m_notice.tone == Notice::Tone::Warning;
    if (notice.tone == Notice::Tone::Warning)
        m_warning.reset();
    else if (warns)
        m_warning = m_notice;
    display(notice);
}

void NoticeBar::display(const Notice& notice)
{
    m_notice = notice;
    m_title->setText(notice.title);
    m_detail->setText(notice.detail);
    m_detail->setVisible(!notice.detail.isEmpty());
    m_action->setText(notice.action);
    m_action->setVisible(!notice.action.isEmpty());
    m_timer.stop();
    if (notice.milliseconds > 0)
        m_timer.start(notice.milliseconds, this);
    showIcon();
    setAccessibleName(notice.title + '\n' + notice.detail);
    QWidget::show();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void NoticeBar::showIcon()
{
    const bool warns = m_notice.tone == Notice::Tone::Warning;
    const Tokens& tokens = m_theme.tokens();
    m_icon->setPixmap(iconPixmap(warns ? QStringLiteral("warn") : QStringLiteral("info"),
                                 warns ? tokens.danger : tokens.secondary, m_theme.scaled(kIconSize + 2),
                                 devicePixelRatioF()));
}

void NoticeBar::dismiss()
{
    m_timer.stop();
    hide();
    if (m_warning)
        display(*std::exchange(m_warning, std::nullopt));
}

void NoticeBar::withdrawWarning()
{
    m_warning.reset();
    if (m_notice.tone == Notice::Tone::Warning)
        dismiss();
}

QString NoticeBar::message() const
{
    return isHidden() ? QString() : m_title->text() + '\n' + m_detail->text();
}

void NoticeBar::retranslate()
{
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));
}

void NoticeBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void NoticeBar::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_timer.timerId())
        dismiss();
    else
        QWidget::timerEvent(event);
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), m_notice.tone == Notice::Tone::Warning ? tokens.dangerTint : tokens.raised);
    painter.fillRect(0, height() - 1, width(), 1, tokens.border);
}

} // namespace vitrine::ui
