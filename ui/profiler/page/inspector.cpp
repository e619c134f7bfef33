// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/inspector.h"
#include "ui/bridge/engine_text.h"

#include <algorithm>

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/profiler/inspect/inspector_form.h"
#include "ui/profiler/inspect/inspector_texts.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {

Inspector::Inspector(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_scroll(new QScrollArea), m_form(new InspectorForm(theme)),
      m_footer(new QWidget), m_message(new QPushButton), m_recording(new QPushButton),
      m_close(new QToolButton(this))
{
    m_scroll->setWidget(m_form);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_message->setIcon(theme.icon(QStringLiteral("chat"), IconTone::Text));
    m_close->setIcon(theme.icon(QStringLiteral("close")));
    auto* row = new QHBoxLayout(m_footer);
    row->setContentsMargins(kSpace4, kSpace2, kSpace4, kSpace2);
    row->setSpacing(kSpace2);
    for (QPushButton* button : {m_message, m_recording}) {
        button->setProperty("small", true);
        row->addWidget(button, 1);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0); // the rule at the left
    column->setSpacing(0);
    column->addWidget(m_close, 0, Qt::AlignRight);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_footer);
    connect(m_form, &InspectorForm::requestPicked, this, &Inspector::requestPicked);
    connect(m_form, &InspectorForm::momentPicked, this, &Inspector::momentPicked);
    connect(m_recording, &QPushButton::clicked, this, &Inspector::showRecording);
    connect(m_close, &QToolButton::clicked, this, &Inspector::closeRequested);
    connect(m_message, &QPushButton::clicked, this, [this] {
        if (const RequestName* name = named())
            emit messageRequested(name->conversation, name->message);
    });
    theme.follow(this, [this] { setFixedWidth(m_theme.scaledColumn(kWidth)); });
    connect(&theme, &Theme::changed, this, &Inspector::rebuild);
    setDrawer(false);
    retranslate();
}

void Inspector::setDrawer(bool drawer)
{
    m_close->setVisible(drawer);
}

void Inspector::setRecording(const RecordingSummary& summary)
{
    const bool other = summary.file != m_summary.file || summary.range.startNs != m_summary.range.startNs;
    const bool grown = summary.steps != m_summary.steps || summary.damage != m_summary.damage;
    m_summary = summary;
    if (other && m_subject != Subject::Recording)
        showRecording();
    else if (grown && m_subject == Subject::Recording)
        rebuild();
}

void Inspector::showRecording()
{
    m_subject = Subject::Recording;
    rebuild();
}

void Inspector::showPreemption(const PreemptionDetails& details)
{
    m_preemption = details;
    m_subject = Subject::Preemption;
    rebuild();
}

void Inspector::showRequest(const RequestDetails& details)
{
    m_request = details;
    m_subject = Subject::Request;
    rebuild();
}

void Inspector::showStep(const StepDetails& details)
{
    m_step = details;
    m_subject = Subject::Step;
    rebuild();
}

void Inspector::showBlock(const BlockDetails& details)
{
    m_block = details;
    m_subject = Subject::Block;
    rebuild();
}

const RequestName* Inspector::named() const
{
    const RequestName* name = nullptr;
    if (m_subject == Subject::Preemption)
        name = &m_preemption.victim;
    else if (m_subject == Subject::Request)
        name = &m_request.name;
    else if (m_subject == Subject::Block)
        name = m_block.holders.isEmpty() ? &m_block.writer : &m_block.holders.first();
    return name != nullptr && name->conversation != 0 && name->message != 0 ? name : nullptr;
}

void Inspector::rebuild()
{
    const qint64 origin = m_summary.range.startNs;
    switch (m_subject) {
    case Subject::Recording:
        describeRecording();
        break;
    case Subject::Preemption:
        describePreemption(*m_form, m_preemption, origin, m_theme,
                           m_preemption.number > 0 ? makeWalker() : nullptr);
        addPreemptionLinks();
        break;
    case Subject::Request:
        describeRequest(*m_form, m_request, origin);
        addRequestLinks();
        break;
    case Subject::Step:
        describeStep(*m_form, m_step, origin);
        addStepLinks();
        break;
    case Subject::Block:
        describeBlock(*m_form, m_block, origin, m_theme);
        break;
    }
    static_cast<QVBoxLayout*>(m_form->layout())->addStretch(1);
    m_footer->setVisible(m_subject != Subject::Recording);
    m_message->setEnabled(named() != nullptr);
}

/// To its steps, its blocks and its wait.
void Inspector::addRequestLinks()
{
    const engine::RequestLife& life = m_request.life;
    const engine::RequestId request = m_request.name.request;
    const auto computes = [](const engine::LifeSpan& span) {
        return span.phase != engine::LifePhase::Queued && span.phase != engine::LifePhase::Preempted;
    };
    const auto first = std::find_if(life.spans.begin(), life.spans.end(), computes);
    const auto last = std::find_if(life.spans.rbegin(), life.spans.rend(), computes);
    m_form->addSection(tr("See also"));
    if (first != life.spans.end()) {
        m_form->addMoment(tr("Its first step"), first->startNs);
        m_form->addMoment(tr("Its last step"), std::max(last->endNs - 1, last->startNs));
    }
    m_form->addLink(tr("Its blocks"), tr("Marks the blocks that it holds, or wrote, at the moment shown"),
                    [this, request] { emit blocksWanted(request); });
    m_form->addLink(tr("Where its time went"), tr("Shows it on the Latency view"),
                    [this, request] { emit latencyWanted(request); });
}

void Inspector::addPreemptionLinks()
{
    if (m_preemption.number == 0)
        return;
    m_form->addSection(tr("See also"));
    m_form->addMoment(tr("The step"), m_preemption.detail.timeNs);
    m_form->addLink(tr("Advice"), tr("Shows what would help on the Latency view"),
                    [this] { emit latencyWanted({}); });
}

void Inspector::addStepLinks()
{
    if (m_step.figures.preemptions == 0)
        return;
    m_form->addSection(tr("See also"));
    m_form->addLink(tr("The preemption in it"), tr("Who lost memory in this step, and why"),
                    [this, ns = m_step.figures.startNs] { emit preemptionWanted({ns, 0}); });
}

/// "4 of 9" and a button to either side.
QWidget* Inspector::makeWalker()
{
    auto* walker = new QWidget;
    auto* row = new QHBoxLayout(walker);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace1);
    auto* place = new QLabel(
        tr("%1 of %2").arg(countText(quint64(m_preemption.number)), countText(quint64(m_preemption.count))));
    place->setProperty("role", "small");
    row->addWidget(place);
    for (const int step : {-1, 1}) {
        auto* button = new QToolButton;
        button->setIcon(m_theme.icon(step < 0 ? QStringLiteral("leftc") : QStringLiteral("rightc")));
        button->setAccessibleName(step < 0 ? tr("Preemption before") : tr("Next preemption"));
        button->setToolTip(button->accessibleName());
        button->setEnabled(step < 0 ? m_preemption.number > 1 : m_preemption.number < m_preemption.count);
        connect(button, &QToolButton::clicked, this, [this, step] {
            emit preemptionWanted({m_preemption.detail.timeNs, step, m_preemption.number});
        });
        row->addWidget(button);
    }
    return walker;
}

void Inspector::describeRecording()
{
    const RecordingSummary& s = m_summary;
    m_form->clear();
    const QString title = s.live ? tr("This engine, now") : QFileInfo(s.file).fileName();
    m_form->addHeader(QStringLiteral("profiler"), &Tokens::accent, tr("Recording"), title);
    m_form->addSection(tr("What is in it"));
    m_form->addFigure(tr("Length"), durationText(double(s.range.length())));
    m_form->addFigure(tr("Steps"), countText(s.steps),
                      tr("One pass of the model over all requests of a batch."));
    m_form->addFigure(tr("Requests"), countText(quint64(s.requests)));
    m_form->addFigure(tr("Preemptions"), countText(quint64(s.preemptions)),
                      tr("Times when a request had to give its memory to another one."));
    if (s.dropped > 0)
        m_form->addFigure(tr("Steps left out"), countText(s.dropped),
                          tr("The oldest ones make room, so that a recording never fills the memory."),
                          &Tokens::warning);
    describeNvtx();
    m_form->addSection(tr("Where it is from"));
    for (const auto& [name, value] :
         {std::pair{tr("Model"), s.model}, {tr("Device"), s.device}, {tr("Program"), s.program}})
        if (!value.isEmpty())
            m_form->addFigure(name, value.size() > 28 ? value.left(27) + QChar(0x2026) : value, value);
    if (s.blocks > 0)
        m_form->addFigure(tr("KV blocks"),
                          tr("%1 × %2 tokens").arg(countText(s.blocks), countText(s.blockSize)));
    if (s.preemptions > 0) {
        auto* walk = new QPushButton(tr("Show the first preemption"));
        walk->setProperty("small", true);
        connect(walk, &QPushButton::clicked, this, [this] {
            emit preemptionWanted({m_summary.range.startNs - 1, 1});
        });
        m_form->addWidget(walk);
    }
    m_form->addSection({});
    m_form
        ->addText(tr(
            "Click a bar, a step or a block to see here what it was. Drag over the lanes to select a time."))
        ->setProperty("role", "small");
}

/// Where it is not captured that is said, with the reason behind it.
void Inspector::describeNvtx()
{
    const RecordingSummary& s = m_summary;
    if (!s.nvtxProblem.isEmpty())
        m_form->addFigure(tr("NVTX"), tr("not captured"), EngineText::translated(s.nvtxProblem));
    else if (s.nvtxEvents > 0)
        m_form->addFigure(
            tr("NVTX"), countText(s.nvtxEvents),
            tr("What the engine and other libraries told NVTX, as the lanes of the threads show it."));
    if (!s.gpuProblem.isEmpty())
        m_form->addFigure(tr("GPUs"), tr("not captured"), EngineText::translated(s.gpuProblem));
    if (s.nvtxDropped > 0)
        m_form->addFigure(tr("NVTX left out"), countText(s.nvtxDropped),
                          tr("The oldest ones make room, so that a recording never fills the memory."),
                          &Tokens::warning);
}

void Inspector::retranslate()
{
    setAccessibleName(tr("Inspector"));
    m_message->setText(tr("Go to message"));
    m_message->setToolTip(tr("Shows the message in its chat"));
    m_recording->setText(tr("Recording"));
    m_recording->setToolTip(tr("Shows the recording as a whole here"));
    m_close->setAccessibleName(tr("Close the inspector"));
    m_close->setToolTip(tr("Close"));
    rebuild();
}

void Inspector::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_close->isVisible())
        emit closeRequested();
    else
        QWidget::keyPressEvent(event);
}

void Inspector::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    painter.fillRect(0, 0, 1, height(), m_theme.tokens().border);
}

void Inspector::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
