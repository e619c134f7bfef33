// SPDX-License-Identifier: GPL-3.0-or-later
// One token and what else could have come. Left, Right and Tab go to the tokens beside it, Esc or a click
// elsewhere closes it. Thread: UI.
#pragma once

#include <QFrame>

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
    /// Below `anchor` (on the screen), or above it where there is no room.
    void openAt(const QRect& anchor);
    AlternativeList& alternatives() const { return *m_list; }

signals:
    void stepped(int by);
    void branchRequested(const vitrine::ui::TokenAlternative& alternative);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void say(const QString& note, bool aboutBlocks = false);

    const Theme& m_theme;
    QLabel* m_text = nullptr;
    QLabel* m_place = nullptr;
    QLabel* m_figures = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_mark = nullptr; ///< before what is said about KV blocks
    AlternativeList* m_list = nullptr;
};

} // namespace vitrine::ui
