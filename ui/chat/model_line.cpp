// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/model_line.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>

#include "ui/bridge/engine_bridge.h"
#include "ui/theme/size_text.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kTextLeft = 40;
constexpr quint64 kSmallModel = 1'000'000'000; // parameters

QString factsOf(const engine::ModelSummary& model)
{
    const QStringList facts{
        QString::fromStdString(model.fileType),
        sizeText(model.fileBytes),
        QString::fromStdString(model.executor.device),
        ModelLine::tr("%n threads", "", int(model.executor.threads)),
    };
    return facts.join(QStringLiteral(" · "));
}

} // namespace

ModelLine::ModelLine(EngineBridge& bridge, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_bridge(bridge), m_theme(theme), m_headline(new QLabel(this)),
      m_facts(new QLabel(this)), m_hint(new QLabel(this)), m_details(new QPushButton(tr("Details"), this)),
      m_open(new QPushButton(tr("Open a model…"), this))
{
    m_headline->setFont(theme.font(TextSize::Body, QFont::Medium));
    m_facts->setProperty("role", "small");
    m_hint->setProperty("role", "small");
    for (QLabel* label : {m_headline, m_facts, m_hint}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_open->setIcon(theme.icon("folder", IconTone::Text));
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    for (QLabel* label : {m_headline, m_facts, m_hint})
        texts->addWidget(label);
    m_row = new QBoxLayout(QBoxLayout::LeftToRight, this);
    theme.follow(this, [this] {
        m_row->setContentsMargins(m_theme.scaled(kTextLeft), kSpace3, kSpace3, kSpace3);
        update();
    });
    m_row->addLayout(texts, 1);
    m_details->setToolTip(tr("What the model file says about itself"));
    m_details->setProperty("command", QStringLiteral("model.details"));
    m_open->setToolTip(tr("Open a model"));
    m_open->setProperty("command", QStringLiteral("model.open"));
    m_details->setAccessibleName(tr("Model details"));
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(kSpace2);
    m_buttons->addWidget(m_details);
    m_buttons->addWidget(m_open);
    m_row->addLayout(m_buttons);
    setStacked(false);

    connect(m_open, &QPushButton::clicked, this, &ModelLine::openModelRequested);
    connect(m_details, &QPushButton::clicked, this, &ModelLine::modelDetailsRequested);
    connect(&bridge, &EngineBridge::loadStarted, this, [this] {
        m_failure.clear();
        refresh();
    });
    connect(&bridge, &EngineBridge::loadFailed, this, [this](const QString&, const QString& error) {
        m_failure = error;
        refresh();
    });
    connect(&bridge, &EngineBridge::modelGone, this, [this](const QString& why) {
        m_failure = why;
        refresh();
    });
    connect(&bridge, &EngineBridge::loadProgress, this, &ModelLine::refresh);
    connect(&bridge, &EngineBridge::loadCancelled, this, &ModelLine::refresh);
    connect(&bridge, &EngineBridge::modelReady, this, &ModelLine::refresh);
    refresh();
}

void ModelLine::setStacked(bool stacked)
{
    m_row->setDirection(stacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_row->setSpacing(stacked ? kSpace2 : kSpace4);
    m_row->setAlignment(m_buttons, stacked ? Qt::AlignLeft : Qt::Alignment());
}

void ModelLine::refresh()
{
    if (m_bridge.isLoading() && !m_bridge.model()) {
        const LoadState& load = m_bridge.loadState();
        show(Tone::Busy, tr("Loading %1").arg(QFileInfo(load.path).completeBaseName()),
             tr("%1 %").arg(qRound(load.fraction * 100)), tr("You can type meanwhile."));
    } else if (const auto& model = m_bridge.model()) {
        QString hint =
            model->parameters < kSmallModel
                ? tr("A small model: quick, mostly English, and sometimes wrong. Larger ones know more.")
                : QString();
        if (!model->templateError.empty())
            hint = tr("The chat template in this file does not work. A plain format is used instead; answers "
                      "may be worse.");
        else if (!model->hasChatTemplate)
            hint = tr("This model has no chat template: it continues your text instead of answering.");
        show(Tone::Ready, tr("%1 is ready").arg(QString::fromStdString(model->name)), factsOf(*model), hint);
    } else if (const auto& asleep = m_bridge.asleepModel()) {
        show(Tone::Missing, tr("%1 is asleep").arg(QString::fromStdString(asleep->name)), {},
             tr("It gave its memory back. Write something to wake it."));
    } else if (!m_failure.isEmpty()) {
        show(Tone::Failed, tr("No model is loaded"), {}, m_failure);
    } else {
        show(Tone::Missing, tr("No model is loaded"), {},
             tr("Open a .gguf file, or drop one on this window."));
    }
}

void ModelLine::show(Tone tone, const QString& headline, const QString& facts, const QString& hint)
{
    m_tone = tone;
    m_details->setVisible(tone == Tone::Ready);
    m_headline->setText(headline);
    m_facts->setText(facts);
    m_facts->setVisible(!facts.isEmpty());
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    update();
}

void ModelLine::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokens.border);
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    const QColor dot = m_tone == Tone::Ready    ? tokens.ok
                       : m_tone == Tone::Failed ? tokens.danger
                       : m_tone == Tone::Busy   ? tokens.accent
                                                : tokens.queued;
    painter.setPen(Qt::NoPen);
    painter.setBrush(dot);
    painter.drawEllipse(QPointF(m_theme.scaled(20), m_headline->geometry().center().y() + 1),
                        4 * m_theme.factor(), 4 * m_theme.factor());
}

} // namespace vitrine::ui
