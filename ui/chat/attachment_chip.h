// SPDX-License-Identifier: GPL-3.0-or-later
// One attachment above the text field: name, size, about how many tokens, a cross to take it away again.
// Delete and Backspace do the same. Thread: UI.
#pragma once

#include <QFrame>

class QToolButton;

namespace vitrine::ui {

class ElidedLabel;
class Theme;

class AttachmentChip : public QFrame
{
    Q_OBJECT

public:
    AttachmentChip(const QString& name, const Theme& theme, QWidget* parent = nullptr);

    void setDetail(const QString& detail);

signals:
    void removeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_name;
    ElidedLabel* m_detail = nullptr;
};

} // namespace vitrine::ui
