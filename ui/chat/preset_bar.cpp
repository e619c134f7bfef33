// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/preset_bar.h"

#include <QAction>
#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>

#include "ui/chat/preset_store.h"
#include "ui/shell/combo_box.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

QPushButton* smallButton(const QString& text, const char* kind)
{
    auto* button = new QPushButton(text);
    button->setProperty("small", true);
    button->setProperty("kind", kind);
    return button;
}

} // namespace

PresetBar::PresetBar(PresetStore& presets, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_presets(presets), m_theme(theme), m_list(new ComboBox(theme))
{
    m_list->setObjectName("presetList");
    m_list->setAccessibleName(tr("Preset"));
    m_list->setPlaceholderText(tr("Custom"));
    auto* more = new QToolButton;
    more->setObjectName("presetMenu");
    more->setIcon(m_theme.icon("more"));
    more->setFocusPolicy(Qt::TabFocus);
    more->setAccessibleName(tr("Keep, rename, delete, import or export presets"));
    more->setToolTip(more->accessibleName());
    buildMenu(*more);
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace2);
    row->addWidget(m_list, 1);
    row->addWidget(more);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace2);
    column->addLayout(row);
    column->addWidget(makeNameRow());
    column->addWidget(makeMessageRow());
    connect(m_list, &QComboBox::activated, this, [this](int index) {
        if (m_list->itemData(index).isValid())
            emit chosen(m_list->itemData(index).value<Preset>());
        fill();
    });
    connect(&m_presets, &PresetStore::changed, this, &PresetBar::fill);
    fill();
}

QWidget* PresetBar::makeNameRow()
{
    m_nameRow = new QWidget;
    m_name = new QLineEdit;
    m_name->setObjectName("presetName");
    m_name->setMaxLength(PresetStore::kLongestName);
    m_name->setAccessibleName(tr("Name of the preset"));
    m_name->setPlaceholderText(tr("Name of the preset"));
    m_withPrompt = new QCheckBox(tr("With the instructions"));
    auto* keep = smallButton(tr("Save"), "primary");
    auto* cancel = smallButton(tr("Cancel"), "ghost");
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kSpace2);
    buttons->addWidget(m_withPrompt);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(keep);
    auto* column = new QVBoxLayout(m_nameRow);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace2);
    column->addWidget(m_name);
    column->addLayout(buttons);
    connect(keep, &QPushButton::clicked, this, &PresetBar::acceptName);
    connect(m_name, &QLineEdit::returnPressed, this, &PresetBar::acceptName);
    const auto giveUp = [this] {
        m_nameRow->hide();
        m_list->setFocus();
    };
    connect(cancel, &QPushButton::clicked, this, giveUp);
    auto* escape = new QShortcut(Qt::Key_Escape, m_nameRow, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, giveUp);
    m_nameRow->hide();
    return m_nameRow;
}

QWidget* PresetBar::makeMessageRow()
{
    m_messageRow = new QWidget;
    m_message = new QLabel;
    m_message->setProperty("role", "small");
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_undo = smallButton(tr("Undo"), "ghost");
    auto* row = new QHBoxLayout(m_messageRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_message, 1);
    row->addWidget(m_undo);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        const auto act = std::exchange(m_undoAct, {});
        say({});
        if (act)
            act();
    });
    m_messageRow->hide();
    return m_messageRow;
}

void PresetBar::buildMenu(QToolButton& button)
{
    auto* menu = new QMenu(&button);
    menu->addAction(tr("Save as preset…"), this, [this] {
        m_withPrompt->setVisible(!m_settings.systemPrompt.trimmed().isEmpty());
        m_withPrompt->setChecked(m_withPrompt->isVisibleTo(m_nameRow));
        askForName(ownChosen(), [this](const QString& name) {
            Preset preset{name, m_settings.sampling, std::nullopt};
            if (m_withPrompt->isChecked())
                preset.systemPrompt = m_settings.systemPrompt;
            return m_presets.save(preset);
        });
    });
    m_rename = menu->addAction(tr("Rename…"), this, [this] {
        m_withPrompt->hide();
        askForName(ownChosen(),
                   [this, from = ownChosen()](const QString& name) { return m_presets.rename(from, name); });
    });
    m_delete = menu->addAction(tr("Delete"), this, &PresetBar::remove);
    menu->addSeparator();
    menu->addAction(tr("Import…"), this, &PresetBar::chooseFileToImport);
    m_export = menu->addAction(tr("Export…"), this, &PresetBar::chooseFileToExport);
    connect(menu, &QMenu::aboutToShow, this, [this] {
        m_rename->setEnabled(!ownChosen().isEmpty());
        m_delete->setEnabled(!ownChosen().isEmpty());
        m_export->setEnabled(!m_presets.own().isEmpty());
    });
    button.setMenu(menu);
    button.setPopupMode(QToolButton::InstantPopup);
}

void PresetBar::setSettings(const ConversationSettings& settings)
{
    m_settings = settings;
    fill();
}

void PresetBar::fill()
{
    const QString current = nameOf(m_settings.sampling, m_settings.systemPrompt, m_presets.own());
    m_list->clear();
    for (const SamplingPreset each : kSamplingPresets) {
        m_list->addItem(presetName(each),
                        QVariant::fromValue(Preset{presetName(each), samplingOf(each), std::nullopt}));
        m_list->setItemData(m_list->count() - 1, presetHint(each), Qt::ToolTipRole);
    }
    if (!m_presets.own().isEmpty())
        m_list->insertSeparator(m_list->count());
    for (const Preset& each : m_presets.own())
        m_list->addItem(each.name, QVariant::fromValue(each));
    m_list->setCurrentIndex(current.isEmpty() ? -1 : m_list->findText(current, Qt::MatchExactly));
}

QString PresetBar::ownChosen() const
{
    const Preset* own = m_presets.find(m_list->currentText());
    return own != nullptr ? own->name : QString();
}

void PresetBar::askForName(const QString& suggestion, std::function<QString(const QString&)> act)
{
    m_act = std::move(act);
    say({});
    m_name->setText(suggestion);
    m_name->selectAll();
    m_nameRow->show();
    m_name->setFocus();
}

void PresetBar::acceptName()
{
    const QString problem = m_act(m_name->text());
    say(problem);
    if (!problem.isEmpty()) {
        m_name->setFocus();
        return;
    }
    m_nameRow->hide();
    m_list->setFocus();
}

void PresetBar::remove()
{
    const Preset* own = m_presets.find(ownChosen());
    if (own == nullptr)
        return;
    const Preset removed = *own;
    const QString problem = m_presets.remove(removed.name);
    if (!problem.isEmpty())
        say(problem);
    else
        say(tr("“%1” was deleted.").arg(removed.name), [this, removed] { say(m_presets.save(removed)); });
}

/// The dialogs do not wait: replies go on meanwhile.
void PresetBar::chooseFileToImport()
{
    auto* dialog = new QFileDialog(this, tr("Import presets"), {}, tr("Presets (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QFileDialog::DontUseNativeDialog);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &PresetBar::importFrom);
    dialog->open();
}

void PresetBar::chooseFileToExport()
{
    auto* dialog = new QFileDialog(this, tr("Export presets"), {}, tr("Presets (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QFileDialog::DontUseNativeDialog);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, &PresetBar::exportTo);
    dialog->open();
}

void PresetBar::importFrom(const QString& path)
{
    int added = 0;
    const QString problem = m_presets.importFrom(path, added);
    say(!problem.isEmpty() ? problem
        : added == 0       ? tr("You have these presets already.")
                           : tr("%1 presets were added.").arg(QLocale().toString(added)));
}

void PresetBar::exportTo(const QString& path)
{
    const QString problem = m_presets.exportTo(path);
    say(problem.isEmpty() ? tr("Your presets were written to %1.").arg(QDir::toNativeSeparators(path))
                          : problem);
}

void PresetBar::focusList()
{
    m_list->setFocus(Qt::OtherFocusReason);
}

QString PresetBar::message() const
{
    return m_messageRow->isHidden() ? QString() : m_message->text();
}

void PresetBar::say(const QString& message, std::function<void()> undo)
{
    m_undoAct = std::move(undo);
    m_message->setText(message);
    m_undo->setVisible(bool(m_undoAct));
    m_messageRow->setVisible(!message.isEmpty());
}

} // namespace vitrine::ui
