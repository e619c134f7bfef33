// SPDX-License-Identifier: GPL-3.0-or-later
// The line to search in, with a magnifier and, while it is empty, the keys that lead to it. Thread: UI.
#pragma once

#include <QLineEdit>

class QToolButton;

namespace vitrine::ui {

class Theme;

class SearchField : public QLineEdit
{
    Q_OBJECT

public:
    explicit SearchField(const Theme& theme, QWidget* parent = nullptr);

    /// "Ctrl K"; empty: none.
    void setKeys(const QString& keys);
    const QString& keys() const { return m_keys; }

signals:
    void leftDownwards();
    void left(); ///< Esc in the empty line

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();

    const Theme& m_theme;
    QString m_keys;
    QToolButton* m_clear = nullptr;
};

} // namespace vitrine::ui
