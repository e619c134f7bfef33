// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/sampling_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QRegularExpressionValidator>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>

#include "ui/chat/preset_bar.h"
#include "ui/chat/sampling_row.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kPromptLines = 3;
constexpr quint64 kDice = 1'000'000'000; // nine digits can be told on the telephone

QToolButton* iconButton(const Theme& theme, const char* icon, const QString& name)
{
    auto* button = new QToolButton;
    button->setIcon(theme.icon(icon));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    button->setToolTip(name);
    return button;
}

SamplingSettings defaults()
{
    return samplingOf(SamplingPreset::Balanced);
}

} // namespace

SamplingPanel::SamplingPanel(PresetStore& presets, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_presets(new PresetBar(presets, theme))
{
    setAccessibleName(tr("How replies are made"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0); // the line at its left
    column->setSpacing(0);
    column->addWidget(makeHeader());
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(makeContents());
    area->viewport()->setAutoFillBackground(false);
    area->widget()->setAutoFillBackground(false);
    column->addWidget(area, 1);
    connect(m_presets, &PresetBar::chosen, this, &SamplingPanel::takePreset);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    display(m_settings);
}

QWidget* SamplingPanel::makeHeader()
{
    auto* header = new QWidget;
    auto* title = new QLabel(tr("How replies are made"));
    title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    QToolButton* close = iconButton(m_theme, "close", tr("Close (Esc)"));
    connect(close, &QToolButton::clicked, this, &SamplingPanel::closeRequested);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(kSpace4, kSpace2, kSpace2, kSpace1);
    row->addWidget(title);
    row->addStretch(1);
    row->addWidget(close);
    return header;
}

QWidget* SamplingPanel::makeContents()
{
    auto* contents = new QWidget;
    auto* column = new QVBoxLayout(contents);
    column->setContentsMargins(kSpace4, kSpace1, kSpace4, kSpace4);
    column->setSpacing(kSpace2);
    column->addWidget(m_presets);
    addSection(*column, tr("Instructions"));
    m_prompt = new QPlainTextEdit;
    m_prompt->setObjectName("systemPrompt");
    m_prompt->setProperty("surface", "field");
    m_prompt->setTabChangesFocus(true);
    m_prompt->setPlaceholderText(
        tr("What the model is told before each chat, e.g. “Answer briefly, in German.”"));
    m_prompt->setAccessibleName(tr("Instructions (system prompt)"));
    m_theme.follow(m_prompt, [this] {
        m_prompt->setFixedHeight(kPromptLines * QFontMetrics(m_theme.font(TextSize::Body)).lineSpacing() +
                                 kSpace5);
    });
    column->addWidget(m_prompt);
    addSection(*column, tr("Reply"));
    addRows(*column, {SamplingField::Temperature, SamplingField::MaxTokens});
    column->addWidget(makeSeedRow());
    addSection(*column, tr("Which words may be chosen"));
    addRows(*column,
            {SamplingField::TopP, SamplingField::MinP, SamplingField::TopK, SamplingField::TypicalP});
    addSection(*column, tr("Against repetition"));
    addRows(*column, {SamplingField::Repetition, SamplingField::Presence, SamplingField::Frequency});
    m_resetAll = new QPushButton(tr("Reset all"));
    m_resetAll->setObjectName("resetAll");
    m_resetAll->setProperty("small", true);
    m_resetAll->setToolTip(tr("All values as in a new chat; the instructions stay"));
    column->addSpacing(kSpace2);
    column->addWidget(m_resetAll, 0, Qt::AlignLeft);
    column->addStretch(1);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, [this] {
        ConversationSettings settings = m_settings;
        settings.systemPrompt = m_prompt->toPlainText();
        change(settings);
    });
    connect(m_resetAll, &QPushButton::clicked, this, [this] {
        ConversationSettings settings = m_settings;
        settings.sampling = defaults();
        change(settings);
    });
    return contents;
}

void SamplingPanel::addSection(QVBoxLayout& column, const QString& title)
{
    auto* label = new QLabel(title);
    label->setFont(m_theme.font(TextSize::Small, QFont::DemiBold));
    label->setProperty("role", "secondary");
    column.addSpacing(kSpace2);
    column.addWidget(label);
}

void SamplingPanel::addRows(QVBoxLayout& column, std::initializer_list<SamplingField> fields)
{
    for (const SamplingField field : fields) {
        auto* row = new SamplingRow(field, m_theme);
        connect(row, &SamplingRow::edited, this, [this](SamplingField which, double value) {
            ConversationSettings settings = m_settings;
            settings.sampling.set(which, value);
            change(settings);
        });
        m_rows.push_back(row);
        column.addWidget(row);
    }
}

QWidget* SamplingPanel::makeSeedRow()
{
    auto* line = new QWidget;
    line->setToolTip(tr("Where chance begins. With the same seed the same question gets the same reply, for "
                        "certain when arithmetic is set to Deterministic in the settings."));
    auto* name = new QLabel(tr("Seed"));
    m_seed = new QLineEdit;
    m_seed->setObjectName("seed");
    m_seed->setProperty("small", true);
    m_seed->setPlaceholderText(tr("New each time"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setValidator(new QRegularExpressionValidator(QRegularExpression("[0-9]{0,19}"), m_seed));
    QToolButton* dice = iconButton(m_theme, "dice", tr("Roll a seed and keep it"));
    dice->setObjectName("dice");
    m_resetSeed = iconButton(m_theme, "undo", tr("A new seed for each reply"));
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace2);
    m_theme.follow(name, [this, name] { name->setFixedWidth(m_theme.scaled(SamplingRow::kNameWidth)); });
    row->addWidget(name);
    row->addWidget(m_seed, 1);
    row->addWidget(dice);
    row->addWidget(m_resetSeed);
    connect(m_seed, &QLineEdit::textEdited, this, &SamplingPanel::takeSeed);
    connect(dice, &QToolButton::clicked, this, [this] {
        m_seed->setText(QString::number(QRandomGenerator::global()->generate64() % kDice));
        takeSeed();
    });
    connect(m_resetSeed, &QToolButton::clicked, this, [this] {
        m_seed->clear();
        m_seed->setFocus();
        takeSeed();
    });
    return line;
}

void SamplingPanel::takeSeed()
{
    ConversationSettings settings = m_settings;
    bool number = false;
    const quint64 seed = m_seed->text().toULongLong(&number);
    settings.sampling.seed = number ? std::optional(seed) : std::nullopt;
    change(settings);
}

void SamplingPanel::takePreset(const Preset& preset)
{
    ConversationSettings settings = m_settings;
    settings.sampling = preset.sampling;
    settings.systemPrompt = preset.systemPrompt.value_or(settings.systemPrompt);
    change(settings);
}

void SamplingPanel::focusFirst()
{
    m_presets->focusList();
}

void SamplingPanel::setSettings(const ConversationSettings& settings)
{
    if (settings == m_settings)
        return;
    m_settings = settings;
    display(settings);
}

void SamplingPanel::change(const ConversationSettings& settings)
{
    if (settings == m_settings)
        return;
    m_settings = settings;
    display(settings);
    emit edited(settings);
}

void SamplingPanel::display(const ConversationSettings& settings)
{
    for (SamplingRow* row : m_rows)
        row->setValue(settings.sampling[row->field()]);
    const auto& seed = settings.sampling.seed;
    const QString digits = seed ? QString::number(*seed) : QString();
    if (m_seed->text().toULongLong() != seed.value_or(0) || m_seed->text().isEmpty() != digits.isEmpty())
        m_seed->setText(digits);
    m_resetSeed->setEnabled(seed.has_value());
    m_resetAll->setEnabled(!(settings.sampling == defaults()));
    if (m_prompt->toPlainText() != settings.systemPrompt) {
        const QSignalBlocker quiet(m_prompt);
        m_prompt->setPlainText(settings.systemPrompt);
    }
    m_presets->setSettings(settings);
}

void SamplingPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        emit closeRequested();
    else
        QFrame::keyPressEvent(event);
}

void SamplingPanel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    painter.fillRect(0, 0, 1, height(), m_theme.tokens().border);
}

} // namespace vitrine::ui
