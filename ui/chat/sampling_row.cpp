// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/sampling_row.h"

#include <algorithm>
#include <cmath>

#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include "ui/chat/sampling_preset.h"
#include "ui/chat/value_slider.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kBoxWidth = 76;

double defaultOf(SamplingField field)
{
    return samplingOf(SamplingPreset::Balanced)[field];
}

} // namespace

QString nameOf(SamplingField field)
{
    switch (field) {
    case SamplingField::Temperature:
        return SamplingRow::tr("Temperature");
    case SamplingField::TopK:
        return SamplingRow::tr("Top-k");
    case SamplingField::TopP:
        return SamplingRow::tr("Top-p");
    case SamplingField::MinP:
        return SamplingRow::tr("Min-p");
    case SamplingField::TypicalP:
        return SamplingRow::tr("Typical-p");
    case SamplingField::Repetition:
        return SamplingRow::tr("Repetition");
    case SamplingField::Presence:
        return SamplingRow::tr("Presence");
    case SamplingField::Frequency:
        return SamplingRow::tr("Frequency");
    case SamplingField::MaxTokens:
        return SamplingRow::tr("Longest reply");
    }
    return {};
}

QString helpOf(SamplingField field)
{
    switch (field) {
    case SamplingField::Temperature:
        return SamplingRow::tr("How freely words are chosen: 0 always takes the likeliest, 0.7 suits most "
                               "questions, above 1.2 replies fall apart.");
    case SamplingField::TopK:
        return SamplingRow::tr("Chooses among so many of the likeliest words. 0: among all.");
    case SamplingField::TopP:
        return SamplingRow::tr("Chooses among the likeliest words that together have this share of the "
                               "probability. 1: among all.");
    case SamplingField::MinP:
        return SamplingRow::tr("Leaves out words that are less likely than this share of the likeliest one. "
                               "0: none.");
    case SamplingField::TypicalP:
        return SamplingRow::tr(
            "Prefers words that are about as surprising as is usual at this place. 1: off.");
    case SamplingField::Repetition:
        return SamplingRow::tr("Makes words that were said already, also in your question, less likely. "
                               "1: off, 1.1 is gentle.");
    case SamplingField::Presence:
        return SamplingRow::tr("Makes words that the reply has used once less likely, for new subjects. "
                               "0: off.");
    case SamplingField::Frequency:
        return SamplingRow::tr("Makes words less likely each time the reply uses them, against loops. "
                               "0: off.");
    case SamplingField::MaxTokens:
        return SamplingRow::tr("A reply ends here at the latest, in tokens. A token is about three quarters "
                               "of an English word.");
    }
    return {};
}

SamplingRow::SamplingRow(SamplingField field, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_field(field), m_slider(new ValueSlider(theme)), m_box(new QDoubleSpinBox),
      m_reset(new QToolButton)
{
    const SamplingRange& range = rangeOf(field);
    auto* name = new QLabel(nameOf(field));
    theme.follow(name, [name, &theme] { name->setFixedWidth(theme.scaled(kNameWidth)); });
    m_slider->setRange(0, qRound((range.sliderHigh - range.sliderLow) / range.step));
    m_slider->setPageStep(std::max(1, m_slider->maximum() / 10));
    m_slider->setAccessibleName(nameOf(field));
    m_slider->setAccessibleDescription(helpOf(field));
    m_box->setRange(range.low, range.high);
    m_box->setDecimals(range.decimals);
    m_box->setGroupSeparatorShown(true);
    m_box->setSingleStep(range.step);
    m_box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_box->setAlignment(Qt::AlignRight);
    theme.follow(m_box, [box = m_box, &theme] { box->setFixedWidth(theme.scaled(kBoxWidth)); });
    m_box->setProperty("small", true);
    m_box->setKeyboardTracking(false); // half a number is none
    m_box->setAccessibleName(nameOf(field));
    m_box->setAccessibleDescription(helpOf(field));
    m_reset->setIcon(theme.icon("undo"));
    m_reset->setFocusPolicy(Qt::TabFocus);
    m_reset->setToolTip(tr("Back to %1").arg(m_box->textFromValue(defaultOf(field))));
    m_reset->setAccessibleName(tr("Reset %1").arg(nameOf(field)));
    for (QWidget* each : std::initializer_list<QWidget*>{m_slider, m_box}) {
        each->setFocusPolicy(Qt::StrongFocus); // a wheel that scrolls past must not change it
        each->installEventFilter(this);
    }
    setToolTip(helpOf(field));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace2);
    row->addWidget(name);
    row->addWidget(m_slider, 1);
    row->addWidget(m_box);
    row->addWidget(m_reset);
    connect(m_slider, &QSlider::valueChanged, this, [this, &range](int step) {
        takeFromBox(std::clamp(range.sliderLow + step * range.step, range.low, range.high));
    });
    connect(m_box, &QDoubleSpinBox::valueChanged, this, &SamplingRow::takeFromBox);
    connect(m_reset, &QToolButton::clicked, this, [this] {
        m_box->setFocus(); // the button goes off
        takeFromBox(defaultOf(m_field));
    });
    display(defaultOf(field));
}

double SamplingRow::value() const
{
    return m_box->value();
}

void SamplingRow::setValue(double value)
{
    if (std::abs(value - m_box->value()) > 1e-9)
        display(value);
}

void SamplingRow::takeFromBox(double value)
{
    display(value);
    emit edited(m_field, m_box->value());
}

void SamplingRow::display(double value)
{
    const SamplingRange& range = rangeOf(m_field);
    const QSignalBlocker quietSlider(m_slider), quietBox(m_box);
    m_box->setValue(value);
    m_slider->setValue(qRound((m_box->value() - range.sliderLow) / range.step));
    m_reset->setEnabled(std::abs(m_box->value() - defaultOf(m_field)) > 1e-9);
}

bool SamplingRow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace vitrine::ui
