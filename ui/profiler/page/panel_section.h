// SPDX-License-Identifier: GPL-3.0-or-later
// A panel with its heading: title, figures, legend, what belongs to it. The chevron folds it, dragging the
// heading moves it among the others, its menu does the same and closes it. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace vitrine::ui {

class LegendRow;

class PanelSection : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kHeader = 36;

    /// What it does with height: no more than it needs, what a person gives it, all that is left.
    enum class Height { Fixed, Free, Greedy };

    /// `key` is what it is kept under. Takes `content` over.
    PanelSection(const QString& key, QWidget* content, Height height, const Theme& theme,
                 QWidget* parent = nullptr);

    const QString& key() const { return m_key; }
    QString title() const;
    bool isGreedy() const { return m_height == Height::Greedy; }
    QWidget& content() const { return *m_content; }
    LegendRow& legend() const { return *m_legend; }
    void setTitle(const QString& title);
    void setNote(const QString& note);
    QString note() const;
    /// At the right end of the heading.
    void addControl(QWidget* control);

    /// Shown or not, whether or not the page is.
    bool isClosed() const { return m_closed; }
    void setClosed(bool closed);
    /// Takes the height its content wants now.
    void fit() { arrange(); }
    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);

signals:
    void changed(); ///< folded or unfolded
    void closeRequested();
    void moveRequested(int places);
    void dragged(const QPoint& global);

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void buildHeader();
    void arrange();
    void retranslate();
    void openMenu(const QPoint& global);

    const Theme& m_theme;
    QString m_key;
    QWidget* m_content;
    Height m_height;
    bool m_folded = false, m_closed = false;
    bool m_pressed = false, m_dragging = false;
    QPoint m_pressedAt;
    QWidget* m_header = nullptr;
    QHBoxLayout* m_row = nullptr;
    QToolButton* m_chevron = nullptr;
    QToolButton* m_more = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_note = nullptr;
    LegendRow* m_legend = nullptr;
};

} // namespace vitrine::ui
