// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/inspect/inspector_form.h"

#include <algorithm>

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextLayout>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/chat/hue_dot.h"
#include "ui/profiler/inspect/link_button.h"
#include "ui/profiler/inspect/part_bar.h"

namespace vitrine::ui {
namespace {

void setInk(QLabel* label, const QColor& colour)
{
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, colour);
    label->setPalette(palette);
}

/// Of a line of it: another script has another font, with other heights.
double ascentOf(const QString& text, const QFont& font)
{
    QTextLayout layout(text, font);
    layout.beginLayout();
    const QTextLine line = layout.createLine();
    layout.endLayout();
    return line.isValid() ? line.ascent() : 0;
}

} // namespace

InspectorForm::InspectorForm(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
}

void InspectorForm::clear()
{
    m_section = nullptr;
    while (QLayoutItem* item = m_column->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->setParent(nullptr); // its button may be what was pressed: it goes later
            widget->deleteLater();
        }
        delete item;
    }
}

QVBoxLayout* InspectorForm::body()
{
    if (m_section == nullptr)
        addSection({});
    return m_section;
}

void InspectorForm::addSection(const QString& title, const QString& note)
{
    if (m_column->count() > 0) {
        auto* line = new QFrame;
        line->setProperty("role", "line");
        m_column->addWidget(line);
    }
    auto* box = new QWidget;
    m_section = new QVBoxLayout(box);
    m_section->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    m_section->setSpacing(kSpace2);
    m_column->addWidget(box);
    if (title.isEmpty())
        return;
    QHBoxLayout* line = addLine();
    auto* name = new QLabel(title);
    name->setFont(m_theme.font(TextSize::Small, QFont::DemiBold));
    name->setProperty("role", "secondary");
    line->addWidget(name, 1);
    if (note.isEmpty())
        return;
    auto* beside = new QLabel(note);
    beside->setProperty("role", "small");
    line->addWidget(beside);
}

QHBoxLayout* InspectorForm::addLine()
{
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace2);
    body()->addWidget(line);
    return row;
}

void InspectorForm::addHeader(const QString& icon, QColor Tokens::*tone, const QString& title,
                              const QString& subtitle, QWidget* trailing)
{
    QHBoxLayout* line = addLine();
    auto* mark = new QLabel;
    mark->setPixmap(iconPixmap(icon, m_theme.tokens().*tone, m_theme.scaled(kIconSize), devicePixelRatioF()));
    line->addWidget(mark);
    auto* name = new ElidedLabel;
    name->setProperty("role", "heading");
    name->setFullText(title);
    line->addWidget(name, 1);
    if (trailing != nullptr)
        line->addWidget(trailing);
    auto* below = addText(subtitle);
    below->setProperty("role", "small");
}

void InspectorForm::addHeader(const RequestName& name, const QString& subtitle)
{
    QHBoxLayout* line = addLine();
    auto* dot = new HueDot(m_theme);
    dot->setNumber(name.hue);
    line->addWidget(dot);
    auto* title = new ElidedLabel;
    title->setProperty("role", "heading");
    title->setFullText(name.title);
    line->addWidget(title, 1);
    auto* below = addText(subtitle);
    below->setProperty("role", "small");
}

QLabel* InspectorForm::addText(const QString& text)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    body()->addWidget(label);
    return label;
}

void InspectorForm::addFigure(const QString& name, const QString& value, const QString& explanation,
                              QColor Tokens::*ink)
{
    QHBoxLayout* line = addLine();
    auto* left = new QLabel(name);
    left->setProperty("role", "small");
    left->setWordWrap(true);
    auto* right = new QLabel(value);
    right->setTextFormat(Qt::PlainText);
    right->setFont(m_theme.font(TextSize::Small, QFont::DemiBold));
    right->setAlignment(Qt::AlignRight | Qt::AlignTop);
    if (ink != nullptr)
        setInk(right, m_theme.tokens().*ink);
    for (QLabel* label : {left, right})
        label->setToolTip(explanation);
    const int lower = qRound(ascentOf(name, m_theme.font(TextSize::Small)) - ascentOf(value, right->font()));
    right->setContentsMargins(0, std::max(0, lower), 0, 0); // one line of writing, whatever the scripts
    left->setContentsMargins(0, std::max(0, -lower), 0, 0);
    line->addWidget(left, 1);
    line->addWidget(right);
}

void InspectorForm::addRequest(const QString& label, const RequestName& name, const QString& value)
{
    QHBoxLayout* line = addLine();
    if (!label.isEmpty()) {
        auto* left = new QLabel(label);
        left->setFont(m_theme.font(TextSize::Small, QFont::DemiBold));
        left->setProperty("role", "secondary");
        line->addWidget(left);
        line->addStretch(1);
    }
    auto* dot = new HueDot(m_theme);
    dot->setNumber(name.hue);
    line->addWidget(dot);
    auto* button = new LinkButton(name.title, m_theme);
    line->addWidget(button);
    const engine::RequestId request = name.request;
    connect(button, &LinkButton::clicked, this, [this, request] { emit requestPicked(request); });
    if (label.isEmpty())
        line->addStretch(1);
    if (value.isEmpty())
        return;
    auto* right = new QLabel(value);
    right->setProperty("role", "small");
    line->addWidget(right);
}

void InspectorForm::addLink(const QString& text, const QString& explanation, std::function<void()> lead,
                            const QString& value)
{
    QHBoxLayout* line = addLine();
    line->setContentsMargins(-kSpace1, 0, 0, 0); // its text is flush with the others'
    auto* button = new LinkButton(text, m_theme);
    button->setToolTip(explanation);
    line->addWidget(button);
    line->addStretch(1);
    connect(button, &LinkButton::clicked, this, std::move(lead));
    if (value.isEmpty())
        return;
    auto* right = new ElidedLabel;
    right->setProperty("role", "small");
    right->setFullText(value);
    right->setToolTip(value);
    line->addWidget(right);
}

void InspectorForm::addMoment(const QString& text, qint64 ns, const QString& value)
{
    addLink(
        text, tr("Goes to this time"), [this, ns] { emit momentPicked(ns); }, value);
}

void InspectorForm::addBar(std::vector<BarPart> parts, const QString& left, const QString& right)
{
    body()->addWidget(new PartBar(std::move(parts), m_theme));
    if (left.isEmpty() && right.isEmpty())
        return;
    QHBoxLayout* line = addLine();
    for (const QString& text : {left, right}) {
        auto* label = new QLabel(text);
        label->setProperty("role", "small");
        line->addWidget(label, text == left ? 1 : 0);
    }
}

void InspectorForm::addWidget(QWidget* widget)
{
    body()->addWidget(widget);
}

QString InspectorForm::text() const
{
    QStringList all;
    for (const QLabel* label : findChildren<QLabel*>())
        all << label->text();
    for (const auto* button : findChildren<QAbstractButton*>())
        all << button->accessibleName() << button->text();
    return all.join(QLatin1Char('\n'));
}

} // namespace vitrine::ui
