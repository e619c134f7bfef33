// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/composer.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>

#include "ui/chat/composer_edit.h"
#include "ui/chat/menu_button.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

QPushButton* smallButton(const QString& text, const char* kind, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setProperty("small", true);
    if (kind != nullptr)
        button->setProperty("kind", kind);
    button->setIconSize({kIconSize, kIconSize});
    return button;
}

} // namespace

Composer::Composer(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_edit(new ComposerEdit(this))
{
    m_edit->setObjectName("composerText");
    m_edit->setAccessibleName(tr("Message"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace2, kSpace3, kSpace2, kSpace2);
    column->setSpacing(kSpace2);
    auto* writing = new QHBoxLayout; // its edge stands under the preset's icon
    writing->setContentsMargins(kSpace2, 0, kSpace1, 0);
    writing->addWidget(m_edit);
    column->addLayout(writing);
    auto* bar = new QHBoxLayout;
    buildBar(*bar);
    column->addLayout(bar);

    connect(m_edit, &ComposerEdit::submitted, this, &Composer::submit);
    connect(m_edit, &ComposerEdit::recallRequested, this, &Composer::recallRequested);
    connect(m_edit, &ComposerEdit::escapePressed, this, [this] {
        if (m_generating)
            emit stopRequested();
        else
            emit escapePressed();
    });
    connect(m_edit, &ComposerEdit::focusChanged, this, [this](bool focused) {
        m_focused = focused;
        update();
    });
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        refresh();
        emit textEdited(text());
    });
    connect(&m_theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    applyFont();
    refresh();
}

void Composer::buildBar(QHBoxLayout& bar)
{
    m_preset = new MenuButton(m_theme, this);
    m_preset->setIcon(m_theme.icon("settings"));
    m_preset->setAccessibleName(tr("How freely replies are worded"));
    buildPresetMenu();
    m_hint = new QLabel(this);
    m_hint->setProperty("role", "small");
    m_send = smallButton(tr("Send"), "primary", this);
    m_send->setObjectName("sendButton");
    m_stop = smallButton(tr("Stop"), nullptr, this);
    m_stop->setObjectName("stopButton");
    m_stop->setIcon(m_theme.icon("stop", IconTone::Text));
    m_stop->setToolTip(tr("Stop and keep the text (Esc)"));
    connect(m_send, &QPushButton::clicked, this, &Composer::submit);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        emit stopRequested();
        m_edit->setFocus();
    });
    bar.addWidget(m_preset);
    bar.addStretch();
    bar.addWidget(m_hint);
    bar.addSpacing(kSpace3);
    bar.addWidget(m_send);
    bar.addWidget(m_stop);
}

void Composer::buildPresetMenu()
{
    auto* menu = new QMenu(m_preset);
    menu->setToolTipsVisible(true);
    auto* group = new QActionGroup(menu);
    for (const SamplingPreset preset : kSamplingPresets) {
        QAction* action = menu->addAction(presetLabel(preset));
        action->setCheckable(true);
        action->setToolTip(presetHint(preset));
        action->setData(int(preset));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, preset] { emit presetChosen(preset); });
    }
    connect(menu, &QMenu::aboutToShow, this, [this, group] {
        for (QAction* action : group->actions())
            action->setChecked(action->data().toInt() == int(m_chosen));
    });
    connect(m_preset, &QPushButton::clicked, this, [this, menu] {
        const int height = menu->sizeHint().height();
        menu->popup(m_preset->mapToGlobal(QPoint(0, -height - kSpace1)));
    });
}

QString Composer::text() const
{
    return m_edit->toPlainText();
}

void Composer::setText(const QString& text)
{
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
}

void Composer::setGenerating(bool generating)
{
    const bool hadFocus = m_send->hasFocus() || m_stop->hasFocus();
    m_generating = generating;
    refresh();
    if (hadFocus)
        m_edit->setFocus();
}

void Composer::setReasonNotToSend(const QString& reason)
{
    m_reason = reason;
    refresh();
}

void Composer::setPreset(SamplingPreset preset)
{
    m_chosen = preset;
    refresh();
}

void Composer::setPlaceholder(const QString& text)
{
    m_edit->setPlaceholderText(text);
}

void Composer::setNarrow(bool narrow)
{
    if (narrow == m_narrow)
        return;
    m_narrow = narrow;
    applyFont();
    refresh();
}

/// Not by setFont(): a style sheet in force would win over it when the widget is polished again.
void Composer::applyFont()
{
    m_edit->setStyleSheet(QStringLiteral("background: transparent; font-size: %1pt")
                              .arg(pointSize(m_narrow ? TextSize::Body : TextSize::Reading)));
}

void Composer::focusText()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}

void Composer::submit()
{
    if (!m_generating && m_reason.isEmpty() && !text().trimmed().isEmpty())
        emit sendRequested(text());
}

void Composer::refresh()
{
    const bool empty = text().trimmed().isEmpty();
    m_send->setVisible(!m_generating);
    m_stop->setVisible(m_generating);
    m_send->setEnabled(m_reason.isEmpty() && !empty);
    m_send->setIcon(m_theme.icon("up", m_send->isEnabled() ? IconTone::OnAccent : IconTone::Secondary));
    m_send->setToolTip(!m_reason.isEmpty() ? m_reason
                       : empty             ? tr("Write a message first.")
                                           : tr("Send (Enter)"));
    m_hint->setVisible(!m_narrow);
    m_hint->setText(m_generating          ? tr("Esc stops and keeps the text")
                    : !m_reason.isEmpty() ? m_reason
                                          : tr("Enter sends, Shift+Enter breaks the line"));
    m_preset->setText(presetLabel(m_chosen));
}

void Composer::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    const qreal pen = m_focused ? 2 : 1;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_focused ? tokens.accent : tokens.borderStrong, pen));
    painter.setBrush(tokens.raised);
    const qreal inset = pen / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
}

void Composer::mousePressEvent(QMouseEvent* event)
{
    m_edit->setFocus();
    event->accept();
}

} // namespace vitrine::ui
