// SPDX-License-Identifier: GPL-3.0-or-later
// A panel with its heading: title, figures, legend, what belongs to it. The chevron folds it, dragging the
// heading moves it among the others or out of the page, its menu does the same and closes it. The legend has
// a line of its own where the heading is too narrow for both. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;
class QToolButton;

namespace vitrine::ui {

class ElidedLabel;
class Heading;
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
    LegendRow& legend() const;
    /// `meaning`: its tooltip.
    void setTitle(const QString& title, const QString& meaning = {});
    void setNote(const QString& note);
    QString note() const;
    /// At the right end of the heading.
    void addControl(QWidget* control);

    /// Shown or not, whether or not the page is.
    bool isClosed() const { return m_closed; }
    void setClosed(bool closed);
    /// In a window of its own: unfolded, as high as that is.
    bool isFloating() const { return m_floating; }
    void setFloating(bool floating);
    /// Takes the height its content wants now.
    void fit() { arrange(); }
    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);

signals:
    void changed(); ///< folded or unfolded
    void closeRequested();
    void moveRequested(int places);
    void dragged(const QPoint& global);
    void dropped(const QPoint& global); ///< after it was dragged
    void floatRequested(bool floating);

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void buildHeader();
    void buildButtons();
    void arrange();
    void retranslate();
    void openMenu(const QPoint& global);

    const Theme& m_theme;
    QString m_key;
    QWidget* m_content;
    Height m_height;
    bool m_folded = false, m_closed = false, m_floating = false;
    bool m_pressed = false, m_dragging = false;
    QPoint m_pressedAt;
    Heading* m_header = nullptr;
    QToolButton* m_chevron = nullptr;
    QToolButton* m_float = nullptr;
    QToolButton* m_more = nullptr;
    QLabel* m_title = nullptr;
    ElidedLabel* m_note = nullptr;
};

} // namespace vitrine::ui
