// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_page.h"

#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/lab/lab_choices.h"
#include "ui/profiler/lab/lab_field.h"
#include "ui/profiler/lab/lab_load_card.h"
#include "ui/profiler/lab/lab_settings_card.h"
#include "ui/profiler/lab/lab_table.h"
#include "ui/profiler/lab/lab_texts.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/shell/combo_box.h"

namespace vitrine::ui {
namespace {

constexpr int kUsualRepeats = 3;
constexpr int kRepeatsWidth = 64, kCacheWidth = 220;
constexpr int kPermille = 1000;

} // namespace

LabPage::LabPage(EngineBridge& bridge, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_runner(bridge), m_load(new LabLoadCard(theme)),
      m_settings(new LabSettingsCard(theme)), m_table(new LabTable(theme)), m_repeats(new QSpinBox),
      m_cache(new ComboBox(theme)), m_status(new QLabel), m_models(new QPushButton), m_run(new QPushButton),
      m_progress(new QProgressBar), m_heading(new QLabel), m_legend(new QLabel), m_hint(new QLabel),
      m_copy(new QPushButton), m_save(new QPushButton)
{
    build();
    connectParts();
    retranslate();
}

LabPage::~LabPage() = default;

void LabPage::build()
{
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace4);
    column->addWidget(m_load);
    column->addWidget(m_settings);
    column->addWidget(buildBar());
    column->addWidget(buildResults());
    column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(body);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

QWidget* LabPage::buildBar()
{
    auto* bar = new QWidget;
    m_repeats->setRange(1, LabRunner::kMostRepeats);
    m_repeats->setValue(kUsualRepeats);
    m_repeats->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_repeats->setAlignment(Qt::AlignRight);
    for (const LabCache cache : {LabCache::Fresh, LabCache::Kept, LabCache::Chats})
        m_cache->addItem(QString(), int(cache));
    m_repeatsField = new LabField(m_repeats);
    m_cacheField = new LabField(m_cache);
    m_theme.follow(this, [this] {
        m_repeats->setFixedWidth(m_theme.scaledColumn(kRepeatsWidth));
        m_cache->setFixedWidth(m_theme.scaledColumn(kCacheWidth));
        m_status->setMinimumHeight(m_run->sizeHint().height()); // beside the button, not below it
    });
    m_run->setProperty("kind", "primary");
    m_status->setProperty("role", "secondary");
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_progress->setRange(0, kPermille);
    m_progress->setTextVisible(false);
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace3);
    row->addWidget(m_repeatsField);
    row->addWidget(m_cacheField);
    row->addWidget(m_status, 1);
    row->addWidget(m_models);
    row->addWidget(m_run, 0, Qt::AlignBottom);
    row->setAlignment(m_status, Qt::AlignBottom);
    row->setAlignment(m_models, Qt::AlignBottom);
    auto* column = new QVBoxLayout(bar);
    column->setContentsMargins(kSpace4, 0, kSpace4, 0);
    column->setSpacing(kSpace3);
    column->addLayout(row);
    column->addWidget(m_progress);
    QSizePolicy kept = m_progress->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_progress->setSizePolicy(kept);
    return bar;
}

QWidget* LabPage::buildResults()
{
    auto* card = new QFrame;
    card->setProperty("role", "card");
    m_heading->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_legend->setProperty("role", "small");
    m_hint->setProperty("role", "secondary");
    m_hint->setWordWrap(true);
    for (QPushButton* button : {m_copy, m_save})
        button->setProperty("small", true);
    m_copy->setIcon(m_theme.icon(QStringLiteral("copy"), IconTone::Text));
    m_save->setIcon(m_theme.icon(QStringLiteral("export"), IconTone::Text));
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace3);
    head->addWidget(m_heading);
    head->addWidget(m_legend);
    head->addStretch(1);
    head->addWidget(m_copy);
    head->addWidget(m_save);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addLayout(head);
    column->addWidget(m_hint);
    column->addWidget(m_table);
    return card;
}

void LabPage::connectParts()
{
    connect(m_run, &QPushButton::clicked, this, &LabPage::startOrStop);
    connect(m_models, &QPushButton::clicked, this, &LabPage::modelsRequested);
    connect(m_copy, &QPushButton::clicked, this, &LabPage::copy);
    connect(m_save, &QPushButton::clicked, this, &LabPage::save);
    connect(m_table, &LabTable::rowPicked, this, &LabPage::pick);
    connect(m_load, &LabLoadCard::changed, this, &LabPage::refresh);
    connect(m_load, &LabLoadCard::changed, this, &LabPage::saveChoices);
    connect(m_settings, &LabSettingsCard::changed, this, &LabPage::saveChoices);
    connect(m_repeats, &QSpinBox::valueChanged, this, &LabPage::saveChoices);
    connect(m_cache, &QComboBox::activated, this, &LabPage::saveChoices);
    connect(&m_runner, &LabRunner::turned, this, &LabPage::refreshTable);
    connect(&m_runner, &LabRunner::progressed, this, [this] {
        m_table->showProgress(m_runner);
        showProgress();
    });
    connect(&m_bridge, &EngineBridge::modelReady, this, &LabPage::refresh);
    connect(&m_bridge, &EngineBridge::modelGone, this, &LabPage::refresh);
}

void LabPage::setShelf(RecordingShelf* shelf)
{
    m_load->setShelf(shelf);
}

void LabPage::keepIn(QSettings& settings)
{
    m_settingsFile = &settings;
    m_restored = false;
    if (isVisible())
        restoreChoices();
}

LabChoices LabPage::choices() const
{
    return {m_load->choice(), m_settings->rows(), m_repeats->value(), m_cache->currentData().toInt()};
}

void LabPage::restoreChoices()
{
    if (m_settingsFile == nullptr || m_restored)
        return;
    const LabChoices kept = LabChoices::readFrom(*m_settingsFile, choices());
    m_load->setChoice(kept.load);
    m_settings->setRows(kept.rows);
    m_repeats->setValue(kept.repeats);
    m_cache->setCurrentIndex(m_cache->findData(kept.cache));
    m_restored = true;
}

void LabPage::saveChoices()
{
    if (m_restored)
        choices().writeTo(*m_settingsFile);
}

QString LabPage::runName(quint64 run) const
{
    return m_runner.run() == run ? tr("Load lab, row %1").arg(m_runner.row() + 1) : tr("Load lab");
}

void LabPage::startOrStop()
{
    if (m_runner.isRunning()) {
        m_runner.stop();
        return;
    }
    if (!obstacle().isEmpty())
        return;
    m_saved.clear();
    LabPlan plan;
    plan.load = m_load->load()->items;
    plan.rows = m_settings->rows();
    plan.repeats = m_repeats->value();
    plan.pace = m_load->pace();
    plan.cache = LabCache(m_cache->currentData().toInt());
    m_runner.start(plan);
}

void LabPage::pick(int row)
{
    if (row < 0 || std::size_t(row) >= m_runner.rows().size())
        return;
    const std::vector<LabEnd>& runs = m_runner.rows()[std::size_t(row)].runs;
    if (!runs.empty())
        emit rangePicked({runs.back().startNs, runs.back().endNs});
}

void LabPage::copy()
{
    QGuiApplication::clipboard()->setText(LabTexts::csv(m_runner.plan().rows, m_runner.rows()));
}

void LabPage::save()
{
    auto* dialog = new QFileDialog(window(), tr("Save the comparison"), QString(), tr("Tables (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        QSaveFile file(path);
        const QByteArray text = LabTexts::csv(m_runner.plan().rows, m_runner.rows()).toUtf8();
        const bool written =
            file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
        m_saved = written ? tr("Saved as %1.").arg(path)
                          : tr("Could not write %1: %2.").arg(path, file.errorString());
        refresh();
    });
    dialog->open();
}

/// Why nothing can be run; empty: it can.
QString LabPage::obstacle() const
{
    if (!m_bridge.model())
        return tr("No model is loaded: load is run against the loaded model.");
    if (!m_load->load())
        return m_load->problem().isEmpty() ? tr("Working out the load…") : tr("There is no load to run.");
    return {};
}

QString LabPage::runningText() const
{
    const LabProgress& now = m_runner.progress();
    QStringList said{tr("Row %1 of %2, run %3 of %4")
                         .arg(m_runner.row() + 1)
                         .arg(m_runner.plan().rows.size())
                         .arg(m_runner.repeat() + 1)
                         .arg(m_runner.plan().repeats)};
    said << tr("%1 tokens").arg(countText(now.tokens)) << secondsText(m_runner.secondsPassed());
    if (const double left = m_runner.secondsLeft(); left >= 0)
        said << tr("about %1 left").arg(secondsText(left));
    return said.join(tr(", "));
}

QString LabPage::endedText() const
{
    if (!m_runner.failure().isEmpty())
        return tr("%1 The runs before that are kept.").arg(m_runner.failure());
    if (m_runner.wasStopped())
        return tr("Stopped. Your settings are in force again.");
    return tr("Done in %1. Your settings are in force again.").arg(secondsText(m_runner.secondsPassed()));
}

void LabPage::refresh()
{
    const bool running = m_runner.isRunning();
    const QString why = obstacle();
    m_load->setModel(m_bridge.model() ? QString::fromStdString(m_bridge.model()->name) : QString());
    m_models->setVisible(!running && !m_bridge.model());
    m_run->setEnabled(running || why.isEmpty());
    m_run->setText(running ? tr("Stop") : tr("Run"));
    m_progress->setVisible(running);
    for (QWidget* part : std::initializer_list<QWidget*>{m_repeatsField, m_cacheField})
        part->setEnabled(!running);
    m_load->setEditable(!running);
    m_settings->setEditable(!running);
    if (running)
        showProgress();
    else if (!m_saved.isEmpty())
        m_status->setText(m_saved);
    else if (!why.isEmpty())
        m_status->setText(why);
    else
        m_status->setText(m_runner.rows().empty() ? QString() : endedText());
}

void LabPage::showProgress()
{
    m_progress->setValue(int(m_runner.fraction() * kPermille));
    m_status->setText(runningText());
}

void LabPage::refreshTable()
{
    const bool any = !m_runner.rows().empty();
    m_table->setVisible(any);
    m_legend->setVisible(any);
    m_hint->setVisible(!any);
    const bool measured = std::any_of(m_runner.rows().begin(), m_runner.rows().end(),
                                      [](const LabRunner::Row& row) { return !row.runs.empty(); });
    m_copy->setEnabled(measured);
    m_save->setEnabled(measured);
    if (any)
        m_table->show(m_runner);
    refresh();
}

QString LabPage::status() const
{
    return m_status->text();
}

void LabPage::retranslate()
{
    m_repeatsField->setName(tr("Repeats"), tr("How often each row runs, in turn with the others. From 3 on, "
                                              "differences are told from noise."));
    m_cacheField->setName(tr("Prefix cache"),
                          tr("What a run may find of prompts that were computed before."));
    const QString caches[] = {tr("Empty for each run"), tr("Kept from run to run"), tr("Shared with chats")};
    for (int i = 0; i < int(std::size(caches)); ++i)
        m_cache->setItemText(i, caches[i]);
    m_models->setText(tr("Go to Models"));
    m_heading->setText(tr("Comparison"));
    m_legend->setText(tr("Medians; the best is marked, below it the difference to row 1."));
    m_hint->setText(
        tr("Choose a load and the settings to compare, and run it: each row is measured with the "
           "same requests. Chats go on meanwhile, with the settings of the row that runs; nothing "
           "of the load is kept in them."));
    m_copy->setText(tr("Copy"));
    m_copy->setToolTip(tr("Copies the table as CSV"));
    m_save->setText(tr("Save…"));
    m_save->setToolTip(tr("Saves the table as CSV"));
    refreshTable();
}

void LabPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    restoreChoices();
    refresh();
}

void LabPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
