// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_inspector.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QDesktopServices>
#include <QEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QUrl>

#include "ui/chat/elided_label.h"
#include "ui/models/context_card.h"
#include "ui/models/fact_grid.h"
#include "ui/models/habits_card.h"
#include "ui/models/kv_format_card.h"
#include "ui/models/ledger_card.h"
#include "ui/models/load_card.h"
#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

constexpr int kPairFrom = 640; // of width; the two cards stack below
constexpr int kFacts = 8;

QLabel* chip()
{
    auto* label = new QLabel;
    label->setProperty("role", "chip");
    label->setTextFormat(Qt::PlainText);
    return label;
}

QToolButton* iconButton(const Theme& theme, const char* icon)
{
    auto* button = new QToolButton;
    button->setIcon(theme.icon(QString::fromLatin1(icon)));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

ModelInspector::ModelInspector(EngineBridge& bridge, ModelRecords& records, Preferences& preferences,
                               const Theme& theme, QWidget* parent)
    : QWidget(parent), m_bridge(bridge), m_records(records), m_preferences(preferences), m_theme(theme)
{
    build();
    connectCards();
    connectBridge();
    retranslate();
    setEntry(std::nullopt);
}

void ModelInspector::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(makePathBar());
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    m_content = makeContent();
    m_content->setAutoFillBackground(false);
    scroll->setWidget(m_content);
    m_empty = new QLabel;
    m_empty->setProperty("role", "secondary");
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    column->addWidget(scroll, 1);
    column->addWidget(m_empty, 1);
}

QLayout* ModelInspector::makePathBar()
{
    m_path = new ElidedLabel;
    m_path->setProperty("role", "secondary");
    m_path->setElideMode(Qt::ElideMiddle);
    m_reveal = iconButton(m_theme, "folder");
    m_more = iconButton(m_theme, "more");
    makeMenu();
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(kSpace5, 10, kSpace4, 10);
    bar->setSpacing(kSpace2);
    bar->addWidget(m_path, 1);
    bar->addWidget(m_reveal);
    bar->addWidget(m_more);
    connect(m_reveal, &QToolButton::clicked, this, [this] {
        if (m_entry)
            QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_entry->path).path()));
    });
    return bar;
}

void ModelInspector::makeMenu()
{
    m_menu = new QMenu(this);
    // A scan may take the model away while the menu is open.
    const auto pathOf = [this] { return m_entry ? m_entry->path : QString(); };
    m_menu->addAction(QString(), this, [this, pathOf] {
        if (m_entry)
            emit detailsRequested(pathOf());
    });
    m_menu->addAction(QString(), this, [pathOf] { QGuiApplication::clipboard()->setText(pathOf()); });
    m_menu->addAction(QString(), this, [this, pathOf] {
        m_records.removeRecent(pathOf());
        emit choiceChanged();
    });
    m_menu->addAction(QString(), this, [this] { m_bridge.unloadModel(); });
    connect(m_menu, &QMenu::aboutToShow, this, [this, pathOf] {
        m_menu->actions()[2]->setEnabled(m_records.recent().contains(pathOf()));
        m_menu->actions()[3]->setEnabled(isInUse());
    });
    m_more->setMenu(m_menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
}

QLayout* ModelInspector::makeTitle()
{
    m_name = new ElidedLabel;
    m_name->setProperty("role", "title");
    m_name->setFont(m_theme.font(TextSize::Title, QFont::DemiBold));
    m_quantisation = chip();
    m_licence = chip();
    m_details = new QPushButton;
    m_settings = new QPushButton;
    m_button = new QPushButton;
    m_button->setProperty("kind", "primary");
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace3);
    row->addWidget(m_name);
    row->addWidget(m_quantisation);
    row->addWidget(m_licence);
    row->addStretch(1);
    row->addWidget(m_details);
    row->addWidget(m_settings);
    row->addWidget(m_button);
    return row;
}

QWidget* ModelInspector::makeContent()
{
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kSpace5, kSpace5, kSpace5, kSpace5);
    column->setSpacing(kSpace4);
    column->addLayout(makeTitle());
    m_problem = new QLabel;
    m_problem->setProperty("role", "secondary");
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_problem);
    m_facts = new FactGrid(kFacts, m_theme);
    m_ledger = new LedgerCard(m_theme);
    m_context = new ContextCard(m_theme);
    m_formats = new KvFormatCard(m_theme);
    m_load = new LoadCard(m_theme);
    m_habits = new HabitsCard(m_theme);
    m_pair = new QBoxLayout(QBoxLayout::LeftToRight);
    m_pair->setSpacing(kSpace4);
    m_pair->addWidget(m_context, 1);
    m_pair->addWidget(m_formats, 1);
    column->addWidget(m_load);
    column->addWidget(m_facts);
    column->addWidget(m_ledger);
    column->addLayout(m_pair);
    column->addWidget(m_habits);
    column->addStretch(1);
    return content;
}

void ModelInspector::connectCards()
{
    connect(m_details, &QPushButton::clicked, this, [this] { emit detailsRequested(m_entry->path); });
    connect(m_settings, &QPushButton::clicked, this, &ModelInspector::engineSettingsRequested);
    connect(m_button, &QPushButton::clicked, this, &ModelInspector::load);
    connect(m_load, &LoadCard::cancelRequested, &m_bridge, &EngineBridge::cancelLoad);
    connect(m_context, &ContextCard::tokensChosen, this, [this](quint32 tokens) {
        choose([tokens](ModelChoice& choice) { choice.load.contextTokens = tokens; });
    });
    connect(m_formats, &KvFormatCard::formatChosen, this, [this](engine::KvFormat format) {
        choose([format](ModelChoice& choice) { choice.load.kvFormat = format; });
    });
    connect(m_habits, &HabitsCard::presetChosen, this, [this](std::optional<SamplingPreset> preset) {
        choose([preset](ModelChoice& choice) { choice.preset = preset; });
    });
    connect(m_habits, &HabitsCard::keepLoadedChosen, this,
            [this](bool keep) { choose([keep](ModelChoice& choice) { choice.keepLoaded = keep; }); });
    connect(m_habits, &HabitsCard::idleMinutesChosen, this, [this](int minutes) {
        emit idleMinutesChosen(minutes);
        showEntry();
    });
    connect(&m_theme, &Theme::changed, this, [this] {
        arrange();
        update();
    });
}

void ModelInspector::connectBridge()
{
    connect(&m_bridge, &EngineBridge::loadStarted, this, [this](const QString& path) {
        m_loadOf = path;
        m_load->showStarted(nameOf(path), quint64(QFileInfo(path).size()), answering());
        refresh();
    });
    connect(&m_bridge, &EngineBridge::loadProgress, m_load, &LoadCard::showProgress);
    connect(&m_bridge, &EngineBridge::loadCancelled, this, [this] {
        if (!m_bridge.isLoading())
            m_load->dismiss();
        refresh();
    });
    connect(&m_bridge, &EngineBridge::loadFailed, this, [this](const QString& path, const QString& error) {
        m_loadOf = path;
        m_load->showFailure(nameOf(path), error, answering());
        refresh();
    });
    connect(&m_bridge, &EngineBridge::modelReady, this, [this] {
        if (!m_bridge.isLoading())
            m_load->dismiss();
        refresh();
    });
    connect(&m_bridge, &EngineBridge::modelGone, this, &ModelInspector::refresh);
}

/// Remembers and shows it.
void ModelInspector::choose(const std::function<void(ModelChoice&)>& change)
{
    if (!m_entry)
        return;
    ModelChoice choice = m_records.choiceOf(m_entry->identity);
    change(choice);
    m_records.setIdentity(m_entry->path, m_entry->identity);
    m_records.setChoice(m_entry->identity, choice);
    showEntry();
    emit choiceChanged();
}

void ModelInspector::setEntry(const std::optional<ModelEntry>& entry)
{
    m_entry = entry;
    showEntry();
}

/// A load under way concerns everyone; one that failed belongs to its file, and is told there again.
void ModelInspector::placeLoadCard()
{
    const bool own = m_entry && QFileInfo(m_loadOf).absoluteFilePath() == m_entry->path;
    m_load->setVisible(m_bridge.isLoading() || (m_load->isFailure() && own));
}

void ModelInspector::setRoom(const MemoryRoom& room)
{
    m_room = room;
    if (!m_entry || !m_entry->plan)
        return;
    showLedger();
    showButton();
}

void ModelInspector::refresh()
{
    showEntry();
}

void ModelInspector::load()
{
    if (m_entry && m_button->isEnabled())
        emit loadRequested(m_entry->path, options());
}

bool ModelInspector::isInUse() const
{
    return m_entry && m_bridge.model() && QString::fromStdString(m_bridge.model()->path) == m_entry->path;
}

QString ModelInspector::nameOf(const QString& path) const
{
    return m_entry && m_entry->path == path ? m_entry->name : QFileInfo(path).completeBaseName();
}

QString ModelInspector::answering() const
{
    return m_bridge.model() ? QString::fromStdString(m_bridge.model()->name) : QString();
}

QString ModelInspector::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void ModelInspector::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

/// Where there is little room, the name has it: its details and the facts below say the rest.
void ModelInspector::arrange()
{
    const bool roomy = width() >= m_theme.scaled(kPairFrom);
    m_pair->setDirection(roomy ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_quantisation->setVisible(roomy && !m_quantisation->text().isEmpty());
    m_licence->setVisible(roomy && !m_licence->text().isEmpty());
    m_details->setVisible(roomy);
    m_settings->setVisible(roomy);
}

void ModelInspector::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelInspector::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    painter.fillRect(0, m_theme.scaled(kHeaderHeight) - 1, width(), 1, m_theme.tokens().border);
}

} // namespace vitrine::ui
