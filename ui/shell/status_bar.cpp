// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_bar.h"

#include <algorithm>
#include <numeric>

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>

#include "ui/bridge/engine_text.h"
#include "ui/shell/status_item.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
StatusBar::StatusBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(theme.scaled(kStatusHeight));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace2, 1, kSpace2, 0);
    row->setSpacing(0);
    row->setSizeConstraint(QLayout::SetNoConstraint); // what does not fit is dropped, see below
    m_model = addItem(QStringLiteral("models"));
    m_device = addItem(QStringLiteral("chip"));
    m_speed = addItem(QStringLiteral("speed"));
    m_kv = addItem(QStringLiteral("blocks"));
    m_running = addItem(QStringLiteral("play"));
    m_waiting = addItem(QStringLiteral("queue"));
    row->addStretch(1);
    m_local = addItem(QStringLiteral("lock"));
    m_local->setDivider(false);
    m_local->setFocusPolicy(Qt::NoFocus);
    connect(m_model, &StatusItem::clicked, this, &StatusBar::modelClicked);
    connect(m_device, &StatusItem::clicked, this, &StatusBar::deviceClicked);
    for (StatusItem* item : {m_speed, m_kv, m_running, m_waiting})
        connect(item, &StatusItem::clicked, this, &StatusBar::figuresClicked);
    connect(&theme, &Theme::changed, this, [this] {
        setFixedHeight(m_theme.scaled(kStatusHeight));
        showMeter();
        update();
    });
    retranslate();
}

StatusItem* StatusBar::addItem(const QString& icon)
{
    auto* item = new StatusItem(m_theme, icon, this);
    layout()->addWidget(item);
    return item;
}

void StatusBar::setAsleep(const QString& name)
{
    m_asleep = name;
    showModel();
}

void StatusBar::setModel(const std::optional<engine::ModelSummary>& model)
{
    m_asleep.clear();
    m_rankChange.reset();
    m_summary = model;
    showModel();
}

void StatusBar::setRankChange(const engine::RankChange& change)
{
    m_rankChange = change;
    explainDevice();
}

void StatusBar::setStatus(const EngineStatus& status, const std::array<float, kHues>& byHue)
{
    m_status = status;
    m_byHue = byHue;
    const std::string device = status.device.toStdString();
    if (m_summary && !device.empty() &&
        (status.threads != m_summary->executor.threads || device != m_summary->executor.device)) {
        m_summary->executor.threads = status.threads;
        m_summary->executor.device = device;
        showModel();
    }
    showStatus();
}

void StatusBar::retranslate()
{
    setAccessibleName(tr("Status"));
    m_speed->setExplanation(tr("Speed"), tr("Tokens generated per second, all chats together"));
    m_kv->setExplanation(tr("KV cache"), tr("How much of the KV cache running replies hold. The rest is "
                                            "cached (green) for prompts that start the same way, or free."));
    m_running->setExplanation(tr("Running"), tr("Replies that are being generated, all in one batch"));
    m_waiting->setExplanation(tr("Waiting"), tr("Requests that wait for room in the batch or the KV cache"));
    m_local->setParts({{tr("Runs on this computer")}});
    m_local->setExplanation({}, tr("The model runs on this computer: nothing you type leaves it."));
    showModel();
    showStatus();
}

void StatusBar::setKeys(const KeyBook& keys)
{
    m_keys = &keys;
    connect(&keys, &KeyBook::keysChanged, this, &StatusBar::showModel);
    showModel();
}

QString StatusBar::withKeys(const QString& text, const QString& command) const
{
    const QString keys = m_keys ? m_keys->nameOf(command) : QString();
    //: What is done, and the keys for it
    return keys.isEmpty() ? text : tr("%1 (%2)").arg(text, keys);
}

void StatusBar::showModel()
{
    m_device->setVisible(m_summary.has_value());
    if (!m_summary && !m_asleep.isEmpty()) {
        m_model->setParts({{m_asleep, true}, {tr("asleep")}});
        m_model->setExplanation(tr("Model"), tr("It gave its memory back. Write something to wake it."));
        return;
    }
    if (!m_summary) {
        m_model->setParts({{tr("No model")}});
        m_model->setExplanation(tr("Model"), withKeys(tr("Open a model…"), QStringLiteral("model.open")));
        return;
    }
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    const engine::ExecutorInfo& executor = m_summary->executor;
    m_model->setParts({{text(m_summary->name), true}, {text(m_summary->fileType)}});
    m_model->setExplanation(tr("Model"),
                            tr("%1\nArchitecture %2, context %3 tokens\n%4")
                                .arg(text(m_summary->path), text(m_summary->architecture),
                                     QLocale().toString(m_summary->contextLength),
                                     withKeys(tr("Model details"), QStringLiteral("model.details"))));
    const QString threads = executor.threads == 1 ? tr("1 thread") : tr("%1 threads").arg(executor.threads);
    const QString device = EngineText::translated(executor.device);
    m_device->setParts({{executor.threads == 0 // a GPU has none to count
                             ? device
                             : QStringLiteral("%1 · %2").arg(device, threads)}});
    explainDevice();
    dropWhatDoesNotFit();
}

/// The pool may have changed its size since the model was loaded.
void StatusBar::explainDevice()
{
    if (!m_summary)
        return;
    const engine::ExecutorInfo& executor = m_summary->executor;
    const quint32 loaded = std::max(m_summary->kv.blocks, 1U);
    const quint32 blocks = m_status.blocksTotal > 0 ? m_status.blocksTotal : loaded;
    QString memory = tr("Weights %1, KV cache %2 (%3 blocks of %4 tokens)")
                         .arg(sizeText(executor.weightBytes), sizeText(executor.kvBytes / loaded * blocks),
                              QLocale().toString(blocks), QLocale().toString(m_summary->kv.blockSize));
    if (executor.memory.total > 0)
        memory += QLatin1Char('\n') +
                  tr("Room for steps %1, recorded steps up to %2; %3 of %4 stay free")
                      .arg(sizeText(executor.workspaceBytes), sizeText(executor.memory.graphBudget),
                           sizeText(executor.memory.kept), sizeText(executor.memory.total));
    if (m_rankChange)
        memory += QLatin1Char('\n') + rankChangeText();
    m_device->setExplanation(tr("Device"), memory);
}

/// REQUIRES: there was a change.
QString StatusBar::rankChangeText() const
{
    using Reason = engine::RankDecision::Reason;
    const engine::RankChange& change = *m_rankChange;
    const QString before = QLocale().toString(change.before), wanted = QLocale().toString(change.wanted);
    if (!change.refusal.empty())
        return tr("Processes: %1 as before, there cannot be %2: %3")
            .arg(before, wanted, EngineText::translated(change.refusal));
    switch (change.reason) {
    case Reason::Faster:
        return tr("Processes: %1 instead of %2, since that is faster").arg(wanted, before);
    case Reason::Trial:
        return tr("Processes: %1 instead of %2, to see whether that is faster").arg(wanted, before);
    case Reason::NotFaster:
        return tr("Processes: %1 instead of %2, since more are not faster").arg(wanted, before);
    case Reason::Known:
        return tr("Processes: %1 instead of %2, which can be compared with other numbers")
            .arg(wanted, before);
    case Reason::Idle:
        break;
    }
    return tr("Processes: %1 instead of %2, since nothing is asked").arg(wanted, before);
}

void StatusBar::showStatus()
{
    const QLocale locale;
    const double speed = m_status.tokensPerSecond;
    m_speed->setParts(
        {{locale.toString(speed, 'f', speed > 0 && speed < 10 ? 1 : 0), true, 3}, {tr("tok/s")}});
    const double use = m_status.blocksTotal == 0 ? 0 : 100.0 * m_status.blocksInUse / m_status.blocksTotal;
    m_kv->setParts({{tr("KV")}, {tr("%1 %").arg(locale.toString(use, 'f', 0)), true, 3}});
    m_running->setParts({{tr("%1 running").arg(m_status.running), m_status.running > 0}});
    m_waiting->setParts({{tr("%1 waiting").arg(m_status.waiting), m_status.waiting > 0}});
    explainDevice();
    showMeter();
    dropWhatDoesNotFit();
}

void StatusBar::showMeter()
{
    std::vector<StatusItem::Segment> segments;
    const double total = std::max(1.0, double(m_status.blocksTotal));
    const float sum = std::accumulate(m_byHue.begin(), m_byHue.end(), 0.0f);
    for (std::size_t hue = 0; hue < kHues && sum > 0; ++hue)
        segments.push_back(
            {m_theme.tokens().conversation(hue), double(m_byHue[hue] / sum) * m_status.blocksInUse / total});
    segments.push_back({m_theme.tokens().cached, m_status.blocksCached / total});
    m_kv->setMeter(std::move(segments));
}

void StatusBar::dropWhatDoesNotFit()
{
    int room = width() - 2 * kSpace2;
    for (const StatusItem* item : {m_model, m_speed, m_kv, m_running, m_waiting})
        room -= item->sizeHint().width();
    room -= m_device->sizeHint().width();
    m_device->setVisible(m_summary && room >= 0);
    m_local->setVisible(room >= m_local->sizeHint().width());
}

void StatusBar::resizeEvent(QResizeEvent* event)
{
    dropWhatDoesNotFit();
    QWidget::resizeEvent(event);
}

void StatusBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void StatusBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.fillRect(0, 0, width(), 1, m_theme.tokens().border);
}

} // namespace vitrine::ui
