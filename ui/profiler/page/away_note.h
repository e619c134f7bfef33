// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for a view that has a window of its own: says so, and brings it to the front or back.
// Thread: UI; the theme outlives it.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace vitrine::ui {

class AwayNote : public QWidget
{
    Q_OBJECT

public:
    explicit AwayNote(const Theme& theme, QWidget* parent = nullptr);

    /// What the view is called.
    void setTitle(const QString& title);

signals:
    void raiseRequested();
    void backRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();

    const Theme& m_theme;
    QString m_title;
    QLabel* m_text;
    QPushButton* m_raise;
    QPushButton* m_back;
};

} // namespace vitrine::ui
