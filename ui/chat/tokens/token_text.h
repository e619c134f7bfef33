// SPDX-License-Identifier: GPL-3.0-or-later
// A reply as plain text, each token tinted by how improbable it was. One token is the current one: the mouse
// and the keys (Tab, arrows, Home, End) go from one to the next. As wide as its place, as high as its text.
// Only what was appended is laid out anew. Thread: UI.
//
// Invariant: every token has at least one mark, so that each can be reached.
#pragma once

#include <memory>
#include <vector>

#include <QTextLayout>
#include <QWidget>

#include "ui/bridge/token_detail.h"

namespace vitrine::ui {

class Theme;

class TokenText : public QWidget
{
    Q_OBJECT

public:
    explicit TokenText(const Theme& theme, QWidget* parent = nullptr);

    /// `more`: the first ones are those that are shown already.
    void setTokens(const QList<TokenDetail>& tokens, bool more);
    int count() const { return int(m_tokens.size()); }
    int current() const { return m_current; } ///< -1: none
    void setCurrent(int token);
    /// Where it begins, in this widget.
    QRect tokenRect(int token) const;

signals:
    void currentChanged(int token);
    /// What else could have come is wanted: a click, Enter, Down.
    void activated(int token);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool event(QEvent* event) override;

private:
    struct Token
    {
        QString text;
        float probability = 0;
        std::size_t paragraph = 0; ///< where it begins
    };
    struct Piece
    {
        int token = 0;
        int start = 0, length = 0; ///< in the paragraph's text
    };
    struct Mark
    {
        QRectF rect; ///< from the paragraph's top
        int token = 0;
    };
    struct Paragraph
    {
        QString text;
        std::vector<Piece> pieces;
        std::vector<Mark> marks;
        QTextLayout layout;
        qreal top = 0, height = 0;
    };

    void add(const TokenDetail& token);
    void layOutFrom(std::size_t paragraph);
    void layOut(Paragraph& paragraph);
    void placeMarks(Paragraph& paragraph);
    void paintMarks(QPainter& painter, const Paragraph& paragraph) const;
    int tokenAt(const QPointF& point) const;
    void setHovered(int token);
    QString describe(int token) const;

    const Theme& m_theme;
    std::vector<Token> m_tokens;
    std::vector<std::unique_ptr<Paragraph>> m_paragraphs;
    int m_current = -1;
    int m_hovered = -1;
    int m_laidOutWidth = 0;
};

} // namespace vitrine::ui
