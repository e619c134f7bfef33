// SPDX-License-Identifier: GPL-3.0-or-later
// The text field of the composer: grows with its text. Enter submits and Shift+Enter breaks the line, or,
// where that is chosen, Ctrl+Enter submits and the others break the line.
// What an input method is still composing is never submitted. Thread: UI.
#pragma once

#include <QPlainTextEdit>

namespace vitrine::ui {

class ComposerEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit ComposerEdit(QWidget* parent = nullptr);

    void setCtrlEnterSends(bool sends) { m_ctrlEnterSends = sends; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void submitted();
    void escapePressed();
    void recallRequested(); ///< ↑ in an empty field
    void focusChanged(bool focused);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitHeight();
    bool isComposing() const;
    bool submits(const QKeyEvent& event) const;

    bool m_ctrlEnterSends = false;
};

} // namespace vitrine::ui
