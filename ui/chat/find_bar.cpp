// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/find_bar.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kLeastText = 64;
constexpr int kLeastCount = 72;
constexpr int kLongestText = 1000;

} // namespace

FindBar::FindBar(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setCursor(Qt::ArrowCursor);
    setLayout(new QHBoxLayout);
    layout()->setContentsMargins(kSpace2, kSpace1, kSpace1, kSpace1);
    layout()->setSpacing(kSpace1);
    m_text = new QLineEdit(this);
    m_text->setPlaceholderText(tr("Find in this chat"));
    m_text->setAccessibleName(tr("Find in this chat"));
    m_text->setMinimumWidth(kLeastText);
    m_text->setMaxLength(kLongestText);
    m_count = new QLabel(this);
    m_count->setProperty("role", "small");
    m_count->setMinimumWidth(kLeastCount);
    m_count->setAlignment(Qt::AlignCenter);
    layout()->addWidget(m_text);
    layout()->addWidget(m_count);
    m_previous = addButton("upc", tr("Previous match"));
    m_previous->setProperty("command", QStringLiteral("chat.findPrevious"));
    m_next = addButton("down", tr("Next match"));
    m_next->setProperty("command", QStringLiteral("chat.findNext"));
    m_case = addButton("case", tr("Match case"));
    m_case->setCheckable(true);
    QToolButton* close = addButton("close", tr("Close (Esc)"));
    connect(m_text, &QLineEdit::textChanged, this, &FindBar::emitPattern);
    connect(m_case, &QToolButton::toggled, this, &FindBar::emitPattern);
    connect(m_previous, &QToolButton::clicked, this, &FindBar::previousRequested);
    connect(m_next, &QToolButton::clicked, this, &FindBar::nextRequested);
    connect(close, &QToolButton::clicked, this, &FindBar::closeRequested);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    setCount(0, 0, false);
}

QToolButton* FindBar::addButton(const char* icon, const QString& name)
{
    auto* button = new QToolButton(this);
    button->setIcon(m_theme.icon(icon));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::TabFocus);
    layout()->addWidget(button);
    return button;
}

void FindBar::begin(const QString& text)
{
    const bool same = text.isEmpty() || text == m_text->text();
    if (!text.isEmpty())
        m_text->setText(text);
    m_text->selectAll();
    m_text->setFocus();
    if (same)
        emitPattern();
}

void FindBar::emitPattern()
{
    emit patternChanged({m_text->text(), m_case->isChecked()});
}

void FindBar::setCount(int current, int total, bool searching)
{
    const bool capped = total >= int(MessageFinder::kMaxMatches);
    const QString all = QLocale().toString(total) + (capped ? QStringLiteral("+") : QString());
    QString text;
    if (total > 0 && current > 0)
        text = tr("%1 of %2").arg(QLocale().toString(current), all);
    else if (searching)
        text = tr("Searching…");
    else if (!m_text->text().isEmpty())
        text = total > 0 ? all : tr("No match");
    m_count->setText(text);
    m_previous->setEnabled(total > 0);
    m_next->setEnabled(total > 0);
}

bool FindBar::hasFocusInside() const
{
    const QWidget* focused = QApplication::focusWidget();
    return focused != nullptr && isAncestorOf(focused);
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    const bool back = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (back)
            emit previousRequested();
        else
            emit nextRequested();
        break;
    case Qt::Key_Escape:
        emit closeRequested();
        break;
    default:
        QFrame::keyPressEvent(event);
    }
}

void FindBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.tokens().borderStrong);
    painter.setBrush(m_theme.tokens().raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

} // namespace vitrine::ui
