// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/habits_card.h"

#include <algorithm>
#include <iterator>

#include <QCheckBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>

#include "ui/shell/combo_box.h"

namespace vitrine::ui {
namespace {

constexpr int kIdleMinutes[] = {0, 5, 15, 60};
constexpr int kBoxWidth = 200;

} // namespace

HabitsCard::HabitsCard(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setProperty("role", "card");
    build();
    retranslate();
    connect(m_preset, &QComboBox::activated, this, [this](int index) {
        emit presetChosen(index == 0 ? std::nullopt
                                     : std::optional(kSamplingPresets[std::size_t(index - 1)]));
    });
    connect(m_idle, &QComboBox::activated, this,
            [this](int index) { emit idleMinutesChosen(kIdleMinutes[index]); });
    connect(m_keep, &QCheckBox::toggled, this, &HabitsCard::keepLoadedChosen);
}

void HabitsCard::build()
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    grid->setHorizontalSpacing(kSpace4);
    grid->setVerticalSpacing(kSpace2);
    m_presetLabel = new QLabel;
    m_preset = new ComboBox(m_theme);
    for (std::size_t i = 0; i <= kSamplingPresets.size(); ++i)
        m_preset->addItem(QString());
    m_idleLabel = new QLabel;
    m_idle = new ComboBox(m_theme);
    for ([[maybe_unused]] const int minutes : kIdleMinutes)
        m_idle->addItem(QString());
    for (QComboBox* box : {m_preset, m_idle}) {
        m_theme.follow(box, [this, box] { box->setFixedWidth(m_theme.scaledColumn(kBoxWidth)); });
        box->installEventFilter(this);
    }
    for (QLabel* label : {m_presetLabel, m_idleLabel})
        label->setWordWrap(true);
    m_keep = new QCheckBox;
    grid->addWidget(m_presetLabel, 0, 0);
    grid->addWidget(m_preset, 0, 1);
    grid->addWidget(m_idleLabel, 1, 0);
    grid->addWidget(m_idle, 1, 1);
    grid->addWidget(m_keep, 2, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    m_presetLabel->setBuddy(m_preset);
    m_idleLabel->setBuddy(m_idle);
}

void HabitsCard::setChoice(const ModelChoice& choice, int idleMinutes)
{
    const QSignalBlocker quiet(m_keep);
    m_preset->setCurrentIndex(choice.preset ? int(*choice.preset) + 1 : 0);
    const auto* found = std::find(std::begin(kIdleMinutes), std::end(kIdleMinutes), idleMinutes);
    m_idle->setCurrentIndex(found == std::end(kIdleMinutes) ? 0 : int(found - std::begin(kIdleMinutes)));
    m_keep->setChecked(choice.keepLoaded);
    m_keep->setEnabled(idleMinutes > 0);
}

void HabitsCard::retranslate()
{
    m_presetLabel->setText(tr("New chats with this model are worded"));
    m_preset->setItemText(0, tr("As usual"));
    for (std::size_t i = 0; i < kSamplingPresets.size(); ++i)
        m_preset->setItemText(int(i) + 1, presetName(kSamplingPresets[i]));
    m_preset->setAccessibleName(m_presetLabel->text());
    m_idleLabel->setText(tr("Give memory back when no model is used for"));
    m_idle->setItemText(0, tr("Never"));
    for (int i = 1; i < m_idle->count(); ++i)
        m_idle->setItemText(i, tr("%n minutes", nullptr, kIdleMinutes[i]));
    m_idle->setAccessibleName(m_idleLabel->text());
    m_keep->setText(tr("Keep this model loaded all the same"));
}

/// The wheel scrolls the page; it changes nothing by the way.
bool HabitsCard::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel)
        return QFrame::eventFilter(watched, event);
    event->ignore();
    return true;
}

void HabitsCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
