// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/composer_edit.h"

#include <algorithm>

#include <QKeyEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>
#include <QUrl>

namespace vitrine::ui {

namespace {

constexpr int kMaxLines = 9;

bool isEnter(const QKeyEvent& event)
{
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

QStringList filesIn(const QMimeData& data)
{
    QStringList paths;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    return paths;
}

} // namespace

ComposerEdit::ComposerEdit(QWidget* parent) : QPlainTextEdit(parent)
{
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setAcceptDrops(false); // files go to the window
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    connect(this, &QPlainTextEdit::textChanged, this, &ComposerEdit::fitHeight);
    // Lines wrap, yet a space at the end of one would push the text a few pixels to the left.
    QScrollBar* sideways = horizontalScrollBar();
    connect(sideways, &QScrollBar::valueChanged, sideways, [sideways] { sideways->setValue(0); });
    fitHeight();
}

QSize ComposerEdit::sizeHint() const
{
    const int lines = std::clamp(qRound(document()->size().height()), 1, kMaxLines);
    return {200, lines * fontMetrics().lineSpacing() + 2};
}

QSize ComposerEdit::minimumSizeHint() const
{
    return {80, fontMetrics().lineSpacing() + 2};
}

void ComposerEdit::fitHeight()
{
    const bool scrolls = document()->size().height() > kMaxLines;
    setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    if (height() != sizeHint().height())
        setFixedHeight(sizeHint().height());
}

bool ComposerEdit::isComposing() const
{
    const QTextLayout* layout = textCursor().block().layout();
    return layout != nullptr && !layout->preeditAreaText().isEmpty();
}

bool ComposerEdit::handleKey(const QKeyEvent& event)
{
    const QKeySequence pressed = pressedKeys(event.key(), event.modifiers());
    if (pressed.isEmpty() || (isEnter(event) && isComposing()))
        return false;
    const bool loose = isEnter(event) && !(event.modifiers() & (Qt::ControlModifier | Qt::AltModifier));
    if (m_keys.send.contains(pressed)) {
        emit submitted();
    } else if (m_keys.stop.contains(pressed)) {
        emit stopPressed();
    } else if (m_keys.recall.contains(pressed) && document()->isEmpty()) {
        emit recallRequested();
    } else if (m_keys.newLine.contains(pressed) || loose) {
        textCursor().insertBlock(); // Qt's own Shift+Enter puts a line separator into the text
        ensureCursorVisible();
    } else {
        return false;
    }
    return true;
}

void ComposerEdit::keyPressEvent(QKeyEvent* event)
{
    if (handleKey(*event))
        event->accept();
    else
        QPlainTextEdit::keyPressEvent(event);
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData* source) const
{
    return source->hasUrls() || source->hasImage() || QPlainTextEdit::canInsertFromMimeData(source);
}

void ComposerEdit::insertFromMimeData(const QMimeData* source)
{
    const QStringList files = filesIn(*source);
    const QString text = files.isEmpty() ? source->text() : QString();
    if (!files.isEmpty())
        emit filesPasted(files);
    else if (text.size() > kLongPaste)
        emit longTextPasted(text);
    else if (text.isEmpty() && source->hasImage())
        emit picturePasted();
    else
        QPlainTextEdit::insertFromMimeData(source);
}

void ComposerEdit::focusInEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusInEvent(event);
    emit focusChanged(true);
}

void ComposerEdit::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    emit focusChanged(false);
}

void ComposerEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void ComposerEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitHeight();
}

} // namespace vitrine::ui
