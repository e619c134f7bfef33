// SPDX-License-Identifier: GPL-3.0-or-later
// One token and what else could have come, over the window that the token is in. It takes the focus only when
// it is given it: Left, Right and Tab go to the tokens beside it then, Esc asks to close it. Thread: UI.
#pragma once

#include <QFrame>
#include <QPointer>

#include "ui/bridge/token_detail.h"

class QLabel;

namespace vitrine::ui {

class AlternativeList;
class Theme;

class TokenPopover : public QFrame
{
    Q_OBJECT

public:
    explicit TokenPopover(const Theme& theme, QWidget* parent);

    /// `reason`: why no branch can begin now; empty: it can.
    void setToken(const TokenDetail& token, int index, int count, const QString& reason);
    /// What a branch from this token would cost now, once that is known.
    void setCost(quint32 reusedBlocks, quint32 computedTokens);
    /// Below `anchor` (on the viewport of `view`), or above it where there is no room; beside nothing but the
    /// view, where that is wide enough. It is a child of the view's window then.
    void openAt(const QRect& anchor, const QWidget& view);
    AlternativeList& alternatives() const { return *m_list; }

signals:
    void stepped(int by);
    void branchRequested(const vitrine::ui::TokenAlternative& alternative);
    void closeRequested();
    void left(); ///< by the pointer

protected:
    bool event(QEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void say(const QString& note, bool aboutBlocks = false);
    void place();

    const Theme& m_theme;
    QRect m_anchor;
    QPointer<const QWidget> m_view;
    QLabel* m_text = nullptr;
    QLabel* m_place = nullptr;
    QLabel* m_figures = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_mark = nullptr; ///< before what is said about KV blocks
    AlternativeList* m_list = nullptr;
};

} // namespace vitrine::ui
