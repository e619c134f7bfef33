// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/welcome_view.h"

#include <QBoxLayout>
#include <QLabel>
#include <QResizeEvent>

#include "ui/bridge/engine_bridge.h"
#include "ui/chat/model_line.h"
#include "ui/chat/prompt_card.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kStackBelow = 640;
constexpr int kStackModelBelow = 560;
constexpr int kLogoSize = 32;
constexpr int kContentWidth = 712;

} // namespace

WelcomeView::WelcomeView(EngineBridge& bridge, const Theme& theme, QWidget* parent)
    : QScrollArea(parent), m_theme(theme)
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAutoFillBackground(false);
    QWidget* content = makeContent(bridge);
    content->setAutoFillBackground(false);
    setWidget(content);
    refreshLogo();
    connect(&theme, &Theme::changed, this, [this] {
        refreshLogo();
        arrange();
    });
}

int WelcomeView::contentWidth(const Theme& theme)
{
    return theme.scaled(kContentWidth);
}

QWidget* WelcomeView::makeContent(EngineBridge& bridge)
{
    m_column = new QWidget;
    m_column->setMaximumWidth(contentWidth(m_theme));
    auto* column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, kSpace5, 0, kSpace5);
    column->setSpacing(kSpace1);
    m_logo = new QLabel;
    auto* title = new QLabel(tr("What shall we talk about?"));
    title->setProperty("role", "title");
    auto* subtitle = new QLabel(tr("The model runs on your computer. Your text stays on this machine."));
    subtitle->setProperty("role", "secondary");
    subtitle->setWordWrap(true);
    column->addWidget(m_logo);
    column->addSpacing(kSpace2);
    column->addWidget(title);
    column->addWidget(subtitle);
    column->addSpacing(kSpace4);

    m_cards = new QBoxLayout(QBoxLayout::LeftToRight);
    m_cards->setSpacing(kSpace3);
    const std::array cards{
        new PromptCard(m_theme, "code", tr("Write some code"),
                       tr("Write a Python function that reads a CSV file and adds up a column by month.")),
        new PromptCard(m_theme, "doc", tr("Reword a text"),
                       tr("Make this friendlier: \"Your order is late. Wait for news.\"")),
        new PromptCard(m_theme, "bulb", tr("Explain an idea"),
                       tr("Explain what a cache is with an example from daily life.")),
    };
    for (PromptCard* card : cards) {
        m_cards->addWidget(card, 1);
        connect(card, &PromptCard::clicked, this, [this, card] { emit promptChosen(card->prompt()); });
    }
    column->addLayout(m_cards);
    column->addSpacing(kSpace3);
    m_model = new ModelLine(bridge, m_theme);
    connect(m_model, &ModelLine::openModelRequested, this, &WelcomeView::openModelRequested);
    connect(m_model, &ModelLine::modelDetailsRequested, this, &WelcomeView::modelDetailsRequested);
    column->addWidget(m_model);

    auto* content = new QWidget;
    auto* centred = new QGridLayout(content);
    centred->setContentsMargins(kSpace4, 0, kSpace4, 0);
    centred->setColumnStretch(0, 1);
    centred->setColumnStretch(1, 1000);
    centred->setColumnStretch(2, 1);
    centred->setRowStretch(0, 1);
    centred->setRowStretch(2, 1);
    centred->addWidget(m_column, 1, 1);
    return content;
}

void WelcomeView::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    arrange();
}

void WelcomeView::arrange()
{
    const int room = viewport()->width();
    const bool stacked = room < m_theme.scaled(kStackBelow);
    m_cards->setDirection(stacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_model->setStacked(room < m_theme.scaled(kStackModelBelow));
    m_column->setMaximumWidth(contentWidth(m_theme));
}

void WelcomeView::refreshLogo()
{
    m_logo->setPixmap(
        iconPixmap("logo", m_theme.tokens().accent, m_theme.scaled(kLogoSize), m_logo->devicePixelRatioF()));
}

} // namespace vitrine::ui
