// SPDX-License-Identifier: GPL-3.0-or-later
// The text field of the composer: grows with its text. Its keys submit, break the line, stop and recall;
// Enter that none of them has breaks the line. What an input method is still composing is never submitted.
// Thread: UI.
#pragma once

#include <QPlainTextEdit>

#include "ui/keys/input_keys.h"

namespace vitrine::ui {

class ComposerEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit ComposerEdit(QWidget* parent = nullptr);

    void setKeys(const ComposerKeys& keys) { m_keys = keys; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static constexpr qsizetype kLongPaste = 4000; ///< characters; more become an attachment

signals:
    void longTextPasted(const QString& text); ///< and not inserted
    void filesPasted(const QStringList& paths);
    void picturePasted();
    void submitted();
    void stopPressed();
    void recallRequested(); ///< in an empty field
    void focusChanged(bool focused);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool canInsertFromMimeData(const QMimeData* source) const override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    void fitHeight();
    bool isComposing() const;
    bool handleKey(const QKeyEvent& event);

    ComposerKeys m_keys;
};

} // namespace vitrine::ui
