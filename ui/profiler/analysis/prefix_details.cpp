// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/prefix_details.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/profiler/analysis/prefix_model.h"
#include "ui/profiler/inspect/inspector_form.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {

PrefixDetails::PrefixDetails(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_form(new InspectorForm(theme))
{
    auto* scroll = new QScrollArea;
    scroll->setWidget(m_form);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_form->setAutoFillBackground(false); // the card's is seen
    scroll->viewport()->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    connect(m_form, &InspectorForm::requestPicked, this, &PrefixDetails::requestPicked);
    connect(&theme, &Theme::changed, this, &PrefixDetails::rebuild);
    rebuild();
}

void PrefixDetails::show(const SharedPrefixes& picture, quint32 node)
{
    m_picture = picture;
    m_node = node;
    rebuild();
}

QString PrefixDetails::text() const
{
    return m_form->text();
}

void PrefixDetails::rebuild()
{
    m_form->clear();
    if (m_picture && m_node > 0 && m_node < m_picture->tree.nodes.size()) {
        const engine::PrefixNode& node = m_picture->tree.nodes[m_node];
        addShared(node);
        if (node.hasDivergence)
            addDivergence(node);
        addRequests(node);
    } else {
        m_form->addText(tr("Choose a beginning to see who shares it and where it parts from the others."));
    }
    static_cast<QVBoxLayout*>(m_form->layout())->addStretch(1);
}

void PrefixDetails::addShared(const engine::PrefixNode& node)
{
    const QString title = node.requests == 1 ? tr("One request alone")
                                             : tr("Shared by %1 requests").arg(countText(node.requests));
    m_form->addHeader(
        QStringLiteral("blocks"), &Tokens::cachedInk, title,
        tr("Tokens %1 to %2 of the text")
            .arg(countText(quint64(node.firstToken) + 1), countText(quint64(node.firstToken) + node.tokens)));
    m_form->addWidget(makeText(node.text, {}, &Tokens::text));
    m_form->addSection(tr("Prefix cache"));
    m_form->addFigure(tr("Requests that hit"),
                      tr("%1 of %2").arg(countText(node.hits), countText(node.requests)));
    m_form->addFigure(tr("Tokens saved"), countText(node.savedTokens),
                      tr("They were found in the cache and not computed again."), &Tokens::cachedInk);
    m_form->addFigure(tr("Without sharing"), tr("%1 tokens").arg(countText(node.passedTokens)));
    m_form->addFigure(tr("Requests that end here"), countText(node.ends));
}

/// The common text pale, what follows it in ink.
QWidget* PrefixDetails::makeText(const std::string& before, const std::string& own, QColor Tokens::*ink) const
{
    auto* label = new QLabel;
    label->setFont(m_theme.fixedFont(TextSize::Small));
    label->setWordWrap(true);
    label->setTextFormat(Qt::RichText);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    const Tokens& tokens = m_theme.tokens();
    const auto part = [](const std::string& text, const QColor& colour) {
        return QStringLiteral("<span style=\"color:%1\">%2</span>")
            .arg(colour.name(), onOneLine(text).toHtmlEscaped());
    };
    label->setText(own.empty() ? part(before, tokens.*ink)
                               : part(before, tokens.secondary) + part(own, tokens.*ink));
    label->setAccessibleName(onOneLine(before + own));
    return label;
}

void PrefixDetails::addDivergence(const engine::PrefixNode& node)
{
    const engine::PrefixDivergence& parts = node.divergence;
    m_form->addSection(tr("First difference"), tr("token %1").arg(countText(quint64(parts.position) + 1)));
    auto* pair = new QWidget;
    auto* grid = new QGridLayout(pair);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kSpace4);
    grid->setVerticalSpacing(kSpace1);
    const std::string ended = tr("⟨ends⟩").toStdString();
    const auto add = [&](int column, const QString& name, const std::string& text, QColor Tokens::*ink) {
        auto* head = new QLabel(name);
        head->setProperty("role", "small");
        grid->addWidget(head, 0, column);
        grid->addWidget(makeText(parts.before, text.empty() ? ended : text, ink), 1, column, Qt::AlignTop);
        grid->setColumnStretch(column, 1);
    };
    add(0, tr("Here"), parts.own, &Tokens::accentText);
    add(1, tr("The others"), parts.other, &Tokens::preemptedInk);
    m_form->addWidget(pair);
    auto* other = new QPushButton(tr("Go to the others"));
    other->setProperty("small", true);
    connect(other, &QPushButton::clicked, this,
            [this, sibling = parts.sibling] { emit nodePicked(sibling); });
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(other);
    row->addStretch(1);
    m_form->addWidget(line);
}

void PrefixDetails::addRequests(const engine::PrefixNode& node)
{
    m_form->addSection(tr("Requests"), tr("on the timeline"));
    for (const engine::RequestId request : node.named)
        m_form->addRequest({}, m_picture->names.value(request.value),
                           QStringLiteral("#%1").arg(request.value));
    if (node.requests > node.named.size())
        m_form->addText(tr("and %1 more").arg(countText(node.requests - node.named.size())));
}

void PrefixDetails::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
