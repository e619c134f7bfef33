// SPDX-License-Identifier: GPL-3.0-or-later
// TokenPanel: what it is made of.
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

#include "ui/chat/tokens/surprise_chart.h"
#include "ui/chat/tokens/tint_legend.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/tokens/uncertain_row.h"
#include "ui/theme/padded_label.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kLeastCertain = 10;

QLabel* sectionLabel(const QString& text, const Theme& theme)
{
    auto* label = new QLabel(text);
    label->setFont(theme.font(TextSize::Small, QFont::DemiBold));
    label->setProperty("role", "secondary");
    return label;
}

QFrame* rule()
{
    auto* line = new QFrame;
    line->setProperty("role", "line");
    line->setFixedHeight(1);
    return line;
}

} // namespace

TokenPanel::TokenPanel(ChatSession& session, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_session(session), m_theme(theme)
{
    setAccessibleName(tr("Token probabilities"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0); // the line at its left
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(makeNothing());
    column->addWidget(makeContents(), 1);
    column->addStretch();
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &TokenPanel::refresh);
    connect(m_chart, &SurpriseChart::chosen, this, [this](int token) { emit tokenChosen(m_reply, token); });
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QWidget* TokenPanel::makeHeader()
{
    auto* header = new QWidget;
    auto* title = new QLabel(tr("Token probabilities"));
    title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    auto* close = new QToolButton;
    close->setIcon(m_theme.icon("close"));
    close->setFocusPolicy(Qt::TabFocus);
    close->setAccessibleName(tr("Close (Esc)"));
    close->setToolTip(close->accessibleName());
    connect(close, &QToolButton::clicked, this, &TokenPanel::closeRequested);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(kSpace4, kSpace2, kSpace2, kSpace1);
    row->addWidget(title);
    row->addStretch(1);
    row->addWidget(close);
    return header;
}

QWidget* TokenPanel::makeNothing()
{
    m_nothing = new QWidget;
    auto* column = new QVBoxLayout(m_nothing);
    column->setContentsMargins(kSpace4, kSpace2, kSpace4, kSpace4);
    column->setSpacing(kSpace3);
    m_why = new QLabel;
    m_why->setObjectName("tokenWhy");
    m_why->setProperty("role", "secondary");
    m_why->setWordWrap(true);
    m_regenerate = new QPushButton(tr("Regenerate"));
    m_regenerate->setObjectName("tokenRegenerate");
    m_regenerate->setIcon(m_theme.icon("redo"));
    m_regenerate->setToolTip(tr("Another reply beside this one, recorded"));
    connect(m_regenerate, &QPushButton::clicked, this, [this] {
        if (m_conversation != nullptr) {
            m_chosen = {};
            m_session.regenerate(m_conversation->id(), m_reply);
        }
    });
    column->addWidget(m_why);
    column->addWidget(m_regenerate, 0, Qt::AlignLeft);
    return m_nothing;
}

QWidget* TokenPanel::makeContents()
{
    auto* contents = new QWidget;
    auto* column = new QVBoxLayout(contents);
    column->setContentsMargins(kSpace4, kSpace1, kSpace4, kSpace3);
    column->setSpacing(kSpace3);
    addFigures(*column);
    column->addWidget(rule());
    addChart(*column);
    column->addWidget(rule());
    addLeastCertain(*column);
    column->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(contents);
    area->viewport()->setAutoFillBackground(false);
    contents->setAutoFillBackground(false);
    m_contents = new QWidget;
    auto* whole = new QVBoxLayout(m_contents);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(area, 1);
    addHint(*whole);
    return m_contents;
}

void TokenPanel::addFigures(QVBoxLayout& column)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace5);
    const auto add = [&](QLabel*& figure, const QString& name) {
        figure = new QLabel;
        figure->setFont(m_theme.font(TextSize::Title, QFont::DemiBold));
        auto* label = new QLabel(name);
        label->setProperty("role", "small");
        auto* pair = new QVBoxLayout;
        pair->setSpacing(0);
        pair->addWidget(figure);
        pair->addWidget(label);
        row->addLayout(pair);
    };
    add(m_count, tr("tokens"));
    m_count->setObjectName("tokenCount");
    add(m_mean, tr("mean"));
    add(m_perplexity, tr("perplexity"));
    m_perplexity->setToolTip(
        tr("As if the model had chosen among so many equal tokens each time; 1: never in "
           "doubt"));
    row->addStretch(1);
    column.addLayout(row);
    column.addWidget(rule());
    column.addWidget(sectionLabel(tr("Tint"), m_theme));
    column.addWidget(new TintLegend(m_theme));
}

void TokenPanel::addChart(QVBoxLayout& column)
{
    auto* head = new QHBoxLayout;
    auto* unit = new QLabel(tr("bits"));
    unit->setProperty("role", "small");
    head->addWidget(sectionLabel(tr("Surprise along the reply"), m_theme));
    head->addStretch(1);
    head->addWidget(unit);
    m_chart = new SurpriseChart(m_theme);
    column.addLayout(head);
    column.addWidget(m_chart);
}

void TokenPanel::addLeastCertain(QVBoxLayout& column)
{
    column.addWidget(sectionLabel(tr("Least certain"), m_theme));
    auto* rows = new QVBoxLayout;
    rows->setSpacing(0);
    for (int i = 0; i < kLeastCertain; ++i) {
        auto* row = new UncertainRow(m_theme);
        connect(row, &UncertainRow::clicked, this, [this, row] { emit tokenChosen(m_reply, row->token()); });
        rows->addWidget(row);
        m_rows.push_back(row);
    }
    column.addLayout(rows);
}

void TokenPanel::addHint(QVBoxLayout& column)
{
    auto* hint = new PaddedLabel(
        {kSpace4, kSpace3, kSpace4, kSpace3},
        tr("Point at a token in the chat, or go there with Tab: Tab and Shift+Tab step through "
           "tokens, ↑ ↓ choose an alternative."));
    hint->setProperty("role", "small");
    hint->setWordWrap(true);
    column.addWidget(rule());
    column.addWidget(hint);
}

} // namespace vitrine::ui
