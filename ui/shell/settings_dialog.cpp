// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/settings_dialog.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QThread>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

#include "ui/models/memory_text.h"
#include "ui/shell/combo_box.h"
#include "ui/shell/commands/command_set.h"
#include "ui/shell/commands/send_keys.h"
#include "ui/shell/device_chooser.h"
#include "ui/shell/preferences.h"
#include "ui/shell/scheduling_values.h"
#include "ui/shell/scrolled_form.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

QComboBox* comboBox(const Theme& theme, int entries, int current)
{
    auto* box = new ComboBox(theme);
    for (int i = 0; i < entries; ++i)
        box->addItem(QString());
    box->setCurrentIndex(std::min(current, entries - 1));
    box->setMinimumWidth(200);
    return box;
}

constexpr engine::PolicyKind kPolicies[] = {engine::PolicyKind::Fcfs, engine::PolicyKind::Fair,
                                            engine::PolicyKind::Shortest};
constexpr int kZooms[] = {80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200};

constexpr quint32 kProcesses[] = {0, 1, 2, 3, 4, 6, 8}; // 0: automatic
constexpr int kOneProcess = 1;
constexpr engine::KvFormat kFormats[] = {engine::KvFormat::BF16, engine::KvFormat::F16,
                                         engine::KvFormat::Int8};

} // namespace

SettingsDialog::SettingsDialog(Preferences& preferences, Theme& theme, Language& language,
                               CommandSet& commands, QWidget* parent)
    : QDialog(parent), m_preferences(preferences), m_theme(theme), m_language(language), m_commands(commands)
{
    build();
    retranslate();
    for (QComboBox* box : {m_themeBox, m_languageBox, m_threadsBox, m_processesBox, m_arithmeticBox,
                           m_policyBox, m_targetBox, m_kvBox, m_formatBox})
        connect(box, &QComboBox::activated, this, &SettingsDialog::takeChoices);
    for (QComboBox* box : {m_zoomBox, m_sendBox, m_notifyBox})
        connect(box, &QComboBox::activated, this, &SettingsDialog::takeHabits);
    connect(&commands, &CommandSet::keysChanged, this, &SettingsDialog::showSendKeys);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
}

void SettingsDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace5, kSpace5, kSpace5, kSpace4);
    column->setSpacing(kSpace4);
    column->setSizeConstraint(QLayout::SetFixedSize);
    m_heading = new QLabel;
    m_heading->setProperty("role", "title");
    column->addWidget(m_heading);

    auto* form = new QFormLayout;
    form->setHorizontalSpacing(kSpace5);
    form->setVerticalSpacing(kSpace3);
    form->setLabelAlignment(Qt::AlignLeft);
    m_themeBox = comboBox(m_theme, 3, int(m_preferences.theme()));
    m_languageBox = comboBox(m_theme, 3, int(m_preferences.language()));
    m_threadsBox =
        comboBox(m_theme, QThread::idealThreadCount() + 1, int(m_preferences.scheduling().threads));
    m_arithmeticBox = comboBox(m_theme, 2, m_preferences.scheduling().deterministic ? 1 : 0);
    m_policyBox = comboBox(m_theme, int(std::size(kPolicies)), 0);
    m_targetBox = comboBox(m_theme, int(std::size(kTargetsMs)), 1);
    addRow(*form, m_themeLabel, m_themeBox);
    addRow(*form, m_languageLabel, m_languageBox);
    addDevices(*form);
    m_processesBox = comboBox(m_theme, int(std::size(kProcesses)), 0);
    addRow(*form, m_threadsLabel, m_threadsBox);
    addRow(*form, m_processesLabel, m_processesBox);
    addNote(*form, m_processesNote);
    addRow(*form, m_arithmeticLabel, m_arithmeticBox);
    addNote(*form, m_arithmeticNote);
    m_kvBox = comboBox(m_theme, int(std::size(kKvMebibytes)), 0);
    addRow(*form, m_policyLabel, m_policyBox);
    addRow(*form, m_targetLabel, m_targetBox);
    addNote(*form, m_targetNote);
    addRow(*form, m_kvLabel, m_kvBox);
    addNote(*form, m_kvNote);
    m_formatBox = comboBox(m_theme, int(std::size(kFormats)), 0);
    for (int i = 0; i < m_formatBox->count(); ++i)
        m_formatBox->setItemText(i, formatName(kFormats[i]));
    addRow(*form, m_formatLabel, m_formatBox);
    addNote(*form, m_formatNote);
    addHabits(*form);
    column->addWidget(new ScrolledForm(form), 1);
    showScheduling();

    m_close = new QPushButton;
    m_close->setProperty("kind", "primary");
    m_close->setDefault(true);
    column->addWidget(m_close, 0, Qt::AlignRight);
}

void SettingsDialog::addRow(QFormLayout& form, QLabel*& label, QComboBox* box)
{
    label = new QLabel;
    label->setMinimumHeight(m_theme.scaled(kButtonHeight)); // in line with its box
    label->setBuddy(box);
    form.addRow(label, box);
}

/// Its label has its own height, not a box's: beside a taller field the form gives it nearly twice as much.
void SettingsDialog::addDevices(QFormLayout& form)
{
    m_deviceLabel = new QLabel;
    m_devices = new DeviceChooser(m_preferences, m_theme);
    m_deviceLabel->setBuddy(&m_devices->box());
    form.addRow(m_deviceLabel, m_devices);
}

void SettingsDialog::addHabits(QFormLayout& form)
{
    const auto zoom = std::ranges::find(kZooms, m_theme.zoom());
    m_zoomBox = comboBox(m_theme, int(std::size(kZooms)), zoom == std::end(kZooms) ? 2 : int(zoom - kZooms));
    m_sendBox = comboBox(m_theme, 2, 0);
    m_notifyBox = comboBox(m_theme, 2, m_preferences.notifiesOfLongReplies() ? 0 : 1);
    addRow(form, m_zoomLabel, m_zoomBox);
    addRow(form, m_sendLabel, m_sendBox);
    addRow(form, m_notifyLabel, m_notifyBox);
}

void SettingsDialog::addNote(QFormLayout& form, QLabel*& note)
{
    note = new QLabel;
    note->setProperty("role", "small");
    form.addRow(nullptr, note);
}

void SettingsDialog::showScheduling()
{
    const SchedulingChoice choice = m_preferences.scheduling();
    const auto policy = std::find(std::begin(kPolicies), std::end(kPolicies), choice.policy);
    m_policyBox->setCurrentIndex(policy == std::end(kPolicies) ? 0 : int(policy - std::begin(kPolicies)));
    const auto target =
        std::find(std::begin(kTargetsMs), std::end(kTargetsMs), qRound(choice.itlTarget * 1000));
    const auto kv = std::find(std::begin(kKvMebibytes), std::end(kKvMebibytes), choice.kvMebibytes);
    const auto processes = std::find(std::begin(kProcesses), std::end(kProcesses), m_preferences.processes());
    m_processesBox->setCurrentIndex(
        processes == std::end(kProcesses) ? kOneProcess : int(processes - std::begin(kProcesses)));
    const auto format = std::find(std::begin(kFormats), std::end(kFormats), m_preferences.kvFormat());
    m_formatBox->setCurrentIndex(format == std::end(kFormats) ? 0 : int(format - std::begin(kFormats)));
    m_kvBox->setCurrentIndex(kv == std::end(kKvMebibytes) ? 0 : int(kv - std::begin(kKvMebibytes)));
    m_targetBox->setCurrentIndex(target == std::end(kTargetsMs) ? 1 : int(target - std::begin(kTargetsMs)));
}

/// A third entry stands for keys that were chosen in the list of shortcuts.
void SettingsDialog::showSendKeys()
{
    const SendWith now = sendsWith(m_commands);
    const QString keys = m_commands.nameOf(QStringLiteral("input.send"));
    m_sendBox->setItemText(int(SendWith::Enter), tr("Enter"));
    m_sendBox->setItemText(int(SendWith::CtrlEnter), tr("Ctrl+Enter"));
    m_sendBox->setMaxCount(now == SendWith::Other ? 3 : 2);
    if (now == SendWith::Other && m_sendBox->count() < 3)
        m_sendBox->addItem(QString());
    if (now == SendWith::Other)
        m_sendBox->setItemText(int(now), keys.isEmpty() ? tr("No keys") : keys);
    m_sendBox->setCurrentIndex(int(now));
}

void SettingsDialog::retranslate()
{
    setWindowTitle(tr("Settings"));
    m_heading->setText(tr("Settings"));
    m_themeLabel->setText(tr("Theme"));
    m_languageLabel->setText(tr("Language"));
    m_deviceLabel->setText(tr("Compute on"));
    m_threadsLabel->setText(tr("Threads"));
    m_processesLabel->setText(tr("Processes"));
    m_processesNote->setText(
        tr("That share the model on the processor. One that\ncrashes is replaced and "
           "replies go on; one alone is\nusually fastest. Automatic measures that under load."));
    m_processesBox->setAccessibleName(tr("Processes"));
    m_processesBox->setItemText(0, tr("Automatic"));
    for (int i = 1; i < m_processesBox->count(); ++i)
        m_processesBox->setItemText(i, QLocale().toString(kProcesses[i]));
    m_close->setText(tr("Done"));
    const QString themes[] = {tr("Like the system"), tr("Light"), tr("Dark")};
    // A language is written in itself, so that whoever reads it finds it.
    const QString languages[] = {tr("Like the system"), QStringLiteral("English"),
                                 QStringLiteral("简体中文")};
    for (int i = 0; i < 3; ++i) {
        m_themeBox->setItemText(i, themes[i]);
        m_languageBox->setItemText(i, languages[i]);
    }
    m_threadsBox->setItemText(0, tr("One per core"));
    for (int i = 1; i < m_threadsBox->count(); ++i)
        m_threadsBox->setItemText(i, QLocale().toString(i));
    m_arithmeticLabel->setText(tr("Arithmetic"));
    m_arithmeticBox->setItemText(0, tr("Fastest"));
    m_arithmeticBox->setItemText(1, tr("Deterministic"));
    m_arithmeticNote->setText(tr("Deterministic: a reply never depends on what runs\nbeside it. On CPUs with "
                                 "AMX prompts are read slower."));
    m_arithmeticBox->setAccessibleName(tr("Arithmetic"));
    m_policyLabel->setText(tr("Waiting replies"));
    m_targetLabel->setText(tr("Time between tokens"));
    m_targetNote->setText(tr("Long prompts of other chats are read in pieces\nsmall enough to keep to it."));
    const QString policies[] = {tr("In order of arrival"), tr("Fair to each chat"),
                                tr("Short replies first")};
    for (int i = 0; i < m_policyBox->count(); ++i)
        m_policyBox->setItemText(i, policies[i]);
    for (int i = 0; i < m_targetBox->count(); ++i)
        m_targetBox->setItemText(i, kTargetsMs[i] > 0 ? tr("%1 ms").arg(QLocale().toString(kTargetsMs[i]))
                                                      : tr("No target"));
    m_kvLabel->setText(tr("Memory for chats"));
    m_kvNote->setText(tr("The KV cache. It changes at once, also while\nreplies are being written."));
    m_kvBox->setItemText(0, tr("As much as is sensible"));
    for (int i = 1; i < m_kvBox->count(); ++i)
        m_kvBox->setItemText(i, sizeText(quint64(kKvMebibytes[i]) << 20));
    m_kvBox->setAccessibleName(tr("Memory for chats"));
    m_formatLabel->setText(tr("KV format"));
    m_formatNote->setText(
        tr("For the next model that is loaded, unless one of its\nown was chosen on the Models page."));
    m_formatBox->setAccessibleName(tr("KV format"));
    m_policyBox->setAccessibleName(tr("Waiting replies"));
    m_targetBox->setAccessibleName(tr("Time between tokens"));
    m_themeBox->setAccessibleName(tr("Theme"));
    m_languageBox->setAccessibleName(tr("Language"));
    m_threadsBox->setAccessibleName(tr("Threads"));
    retranslateHabits();
}

void SettingsDialog::retranslateHabits()
{
    m_zoomLabel->setText(tr("Text size"));
    m_sendLabel->setText(tr("Send with"));
    m_notifyLabel->setText(tr("When a long reply ends"));
    for (int i = 0; i < m_zoomBox->count(); ++i)
        m_zoomBox->setItemText(i, tr("%1 %").arg(QLocale().toString(kZooms[i])));
    showSendKeys();
    m_notifyBox->setItemText(0, tr("Notify me when I am elsewhere"));
    m_notifyBox->setItemText(1, tr("No notification"));
    m_zoomBox->setAccessibleName(tr("Text size"));
    m_sendBox->setAccessibleName(tr("Send with"));
    m_notifyBox->setAccessibleName(tr("When a long reply ends"));
}

void SettingsDialog::takeHabits()
{
    m_preferences.setNotifiesOfLongReplies(m_notifyBox->currentIndex() == 0);
    sendWith(m_commands, SendWith(m_sendBox->currentIndex()));
    m_theme.setZoom(kZooms[m_zoomBox->currentIndex()]);
    m_preferences.setZoomPercent(m_theme.zoom());
}

void SettingsDialog::takeChoices()
{
    const auto theme = static_cast<ThemeChoice>(m_themeBox->currentIndex());
    const auto language = static_cast<LanguageChoice>(m_languageBox->currentIndex());
    m_preferences.setTheme(theme);
    m_preferences.setLanguage(language);
    const SchedulingChoice scheduling{
        kPolicies[m_policyBox->currentIndex()], kTargetsMs[m_targetBox->currentIndex()] * 1e-3,
        kKvMebibytes[m_kvBox->currentIndex()], quint32(m_threadsBox->currentIndex()),
        m_arithmeticBox->currentIndex() == 1};
    if (!(scheduling == m_preferences.scheduling())) {
        m_preferences.setScheduling(scheduling);
        emit schedulingChosen(scheduling);
    }
    if (const quint32 processes = kProcesses[m_processesBox->currentIndex()];
        processes != m_preferences.processes()) {
        m_preferences.setProcesses(processes);
        emit processesChosen(processes);
    }
    m_preferences.setKvFormat(kFormats[m_formatBox->currentIndex()]);
    m_theme.setChoice(theme);
    m_language.setChoice(language);
}

void SettingsDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

} // namespace vitrine::ui
