// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/rail.h"

#include <QEvent>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace vitrine::ui {
namespace {

constexpr int kLogoSize = 22;
constexpr int kLogoRoom = 32; // from top to bottom

void name(QToolButton* button, const QString& text, const char* command)
{
    button->setAccessibleName(text);
    button->setToolTip(text);
    button->setProperty("command", QString::fromLatin1(command)); // its keys go with the tooltip
}

} // namespace

Rail::Rail(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    auto* column = new QVBoxLayout(this);
    theme.follow(this, [this, column] {
        setFixedWidth(m_theme.scaled(kWidth));
        column->setContentsMargins(kSpace2, m_theme.scaled(kSpace2 + kLogoRoom + kSpace3), kSpace2, kSpace2);
    });
    column->setSpacing(kSpace1);
    m_chat = addButton(QStringLiteral("chat"), true);
    m_chat->setChecked(true);
    m_profiler = addButton(QStringLiteral("profiler"), true);
    m_models = addButton(QStringLiteral("models"), true);
    column->addStretch(1);
    m_live = addButton(QStringLiteral("speed"), true);
    m_help = addButton(QStringLiteral("help"), false);
    m_settings = addButton(QStringLiteral("gear"), false);
    // They say where one is: a click on the page in view switches nothing off.
    connect(m_chat, &QToolButton::clicked, this, [this] {
        setPage(m_page);
        emit chatRequested();
    });
    connect(m_profiler, &QToolButton::clicked, this, [this] {
        setPage(m_page);
        emit profilerRequested();
    });
    connect(m_models, &QToolButton::clicked, this, [this] {
        setPage(m_page);
        emit modelsRequested();
    });
    connect(m_live, &QToolButton::clicked, this, &Rail::liveToggled);
    connect(m_help, &QToolButton::clicked, this, &Rail::shortcutsRequested);
    connect(m_settings, &QToolButton::clicked, this, &Rail::settingsRequested);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    retranslate();
}

QToolButton* Rail::addButton(const QString& icon, bool checkable)
{
    auto* button = new QToolButton(this);
    button->setProperty("kind", "rail");
    button->setIcon(m_theme.icon(icon));
    button->setCheckable(checkable);
    button->setFocusPolicy(Qt::TabFocus);
    static_cast<QVBoxLayout*>(layout())->addWidget(button, 0, Qt::AlignHCenter);
    return button;
}

void Rail::setLiveShown(bool shown)
{
    m_live->setChecked(shown);
}

void Rail::setPage(Page page)
{
    m_page = page;
    m_chat->setChecked(page == Page::Chat);
    m_profiler->setChecked(page == Page::Profiler);
    m_models->setChecked(page == Page::Models);
    update();
}

QToolButton* Rail::buttonOf(Page page) const
{
    return page == Page::Chat ? m_chat : page == Page::Profiler ? m_profiler : m_models;
}

void Rail::retranslate()
{
    name(m_chat, tr("Chat"), "page.chat");
    name(m_profiler, tr("Profiler"), "page.profiler");
    name(m_models, tr("Models"), "page.models");
    name(m_live, tr("Live view of the engine"), "window.live");
    name(m_help, tr("Keyboard shortcuts"), "window.shortcuts");
    name(m_settings, tr("Settings"), "window.settings");
}

void Rail::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void Rail::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.window);
    painter.fillRect(width() - 1, 0, 1, height(), tokens.border);
    const int side = m_theme.scaled(kLogoSize);
    const QPixmap logo = iconPixmap(QStringLiteral("logo"), tokens.accent, side, devicePixelRatioF());
    painter.drawPixmap((width() - side) / 2, m_theme.scaled(kSpace2) + (m_theme.scaled(kLogoRoom) - side) / 2,
                       logo);
    const QRect page = buttonOf(m_page)->geometry();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    painter.drawRoundedRect(QRect(0, page.top() + kSpace2, 2, page.height() - 2 * kSpace2), 1, 1);
}

} // namespace vitrine::ui
