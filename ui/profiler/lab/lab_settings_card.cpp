// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_settings_card.h"

#include <algorithm>

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/profiler/lab/lab_texts.h"
#include "ui/shell/combo_box.h"

namespace vitrine::ui {
namespace {

constexpr std::size_t kUsual = 5; // of the settings, in their order
constexpr int kNumberColumn = 0, kFirstColumn = 1;
constexpr int kNarrowest = 72;

} // namespace

LabSettingsCard::LabSettingsCard(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_rows{{}, {{LabSetting::ItlTarget, 0.0}}}, m_heading(new QLabel),
      m_note(new QLabel), m_add(new QPushButton), m_more(new QPushButton)
{
    setProperty("role", "card");
    build();
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_rows.append(m_rows.last());
        rebuild();
        box(int(m_rows.size()) - 1, LabSetting::ItlTarget)->setFocus();
        emit changed();
    });
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_all = !m_all;
        retranslate();
    });
    retranslate();
}

void LabSettingsCard::build()
{
    m_heading->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_note->setProperty("role", "small");
    m_add->setProperty("small", true);
    m_add->setIcon(m_theme.icon(QStringLiteral("plus"), IconTone::Text));
    m_more->setProperty("small", true);
    m_more->setProperty("kind", "ghost");
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace3);
    head->addWidget(m_heading);
    head->addWidget(m_note);
    head->addStretch(1);
    head->addWidget(m_more);
    head->addWidget(m_add);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addLayout(head);
}

void LabSettingsCard::setRows(const QList<LabSettings>& rows)
{
    m_rows = rows.isEmpty() ? QList<LabSettings>{{}} : rows.mid(0, kMostRows);
    rebuild();
    emit changed();
}

void LabSettingsCard::setEditable(bool editable)
{
    m_body->setEnabled(editable);
    m_add->setEnabled(editable && m_rows.size() < kMostRows);
    m_more->setEnabled(editable);
}

ComboBox* LabSettingsCard::box(int row, LabSetting setting) const
{
    return m_boxes[row][std::size_t(setting)];
}

void LabSettingsCard::rebuild()
{
    delete m_body;
    m_boxes.clear();
    m_body = new QWidget;
    m_grid = new QGridLayout(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(kSpace2);
    m_grid->setVerticalSpacing(kSpace2);
    for (std::size_t i = 0; i < kLabSettings; ++i)
        if (isShown(LabSetting(i)))
            addHead(kFirstColumn + int(i), LabSetting(i));
    for (int row = 0; row < m_rows.size(); ++row)
        addRow(row);
    layout()->addWidget(m_body);
    m_add->setEnabled(m_rows.size() < kMostRows);
}

/// What a row chooses is never out of sight.
bool LabSettingsCard::isShown(LabSetting setting) const
{
    return m_all || std::size_t(setting) < kUsual ||
           std::any_of(m_rows.begin(), m_rows.end(),
                       [setting](const LabSettings& row) { return row.contains(setting); });
}

void LabSettingsCard::addHead(int column, LabSetting setting)
{
    auto* name = new QLabel(LabTexts::setting(setting));
    name->setProperty("role", "small");
    name->setToolTip(LabTexts::explanation(setting));
    m_grid->addWidget(name, 0, column);
    m_grid->setColumnStretch(column, 1);
}

void LabSettingsCard::addRow(int row)
{
    auto* number = new QLabel(QString::number(row + 1));
    number->setProperty("role", "secondary");
    m_grid->addWidget(number, row + 1, kNumberColumn);
    m_boxes.append(std::array<ComboBox*, kLabSettings>{});
    for (std::size_t i = 0; i < kLabSettings; ++i) {
        if (!isShown(LabSetting(i)))
            continue;
        m_boxes[row][i] = makeBox(row, LabSetting(i));
        m_grid->addWidget(m_boxes[row][i], row + 1, kFirstColumn + int(i));
    }
    auto* remove = new QToolButton;
    remove->setIcon(m_theme.icon(QStringLiteral("close")));
    remove->setToolTip(tr("Remove this row"));
    remove->setAccessibleName(tr("Remove row %1").arg(row + 1));
    remove->setEnabled(m_rows.size() > 1);
    connect(remove, &QToolButton::clicked, this, [this, row] {
        m_rows.removeAt(row);
        QMetaObject::invokeMethod(this, &LabSettingsCard::rebuild, Qt::QueuedConnection); // it is in there
        emit changed();
    });
    m_grid->addWidget(remove, row + 1, kFirstColumn + int(kLabSettings));
}

ComboBox* LabSettingsCard::makeBox(int row, LabSetting setting)
{
    auto* box = new ComboBox(m_theme);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumWidth(m_theme.scaledColumn(kNarrowest));
    box->addItem(tr("as now"));
    const LabSettings& now = m_rows[row];
    const auto chosen = now.find(setting);
    for (const double value : LabTexts::values(setting)) {
        box->addItem(LabTexts::value(setting, value), value);
        if (chosen != now.end() && chosen->second == value)
            box->setCurrentIndex(box->count() - 1);
    }
    box->setAccessibleName(tr("%1, row %2").arg(LabTexts::setting(setting)).arg(row + 1));
    box->setAccessibleDescription(LabTexts::explanation(setting));
    connect(box, &QComboBox::currentIndexChanged, this, [this, box, row, setting] {
        if (box->currentData().isValid())
            m_rows[row][setting] = box->currentData().toDouble();
        else
            m_rows[row].erase(setting);
        emit changed();
    });
    return box;
}

void LabSettingsCard::retranslate()
{
    m_heading->setText(tr("Settings to compare"));
    m_note->setText(tr("In force while their row runs; yours come back afterwards."));
    m_add->setText(tr("Add a row"));
    m_more->setText(m_all ? tr("Fewer settings") : tr("More settings"));
    rebuild();
}

void LabSettingsCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
