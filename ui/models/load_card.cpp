// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/load_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/memory_text.h"

namespace vitrine::ui {
namespace {

constexpr double kTellingFraction = 0.15; // before it, an estimate says nothing
constexpr double kLeastSeconds = 0.3;

} // namespace

LoadCard::LoadCard(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setProperty("role", "card");
    build();
    connect(m_cancel, &QPushButton::clicked, this, &LoadCard::cancelRequested);
    connect(&theme, &Theme::changed, this, &LoadCard::retranslate);
    hide();
}

void LoadCard::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_remaining = new QLabel;
    m_remaining->setProperty("role", "small");
    m_cancel = new QPushButton;
    m_cancel->setProperty("small", true);
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace3);
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_remaining);
    head->addWidget(m_cancel);
    column->addLayout(head);
    m_progress = new QProgressBar;
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    column->addWidget(m_progress);

    m_stageRow = new QWidget;
    auto* stages = new QHBoxLayout(m_stageRow);
    stages->setContentsMargins(0, 0, 0, 0);
    stages->setSpacing(kSpace1);
    for (Stage& stage : m_stages) {
        stage = {new QLabel, new QLabel};
        stages->addWidget(stage.icon);
        stages->addWidget(stage.text);
        stages->addSpacing(kSpace3);
    }
    m_rate = new QLabel;
    m_rate->setProperty("role", "small");
    stages->addStretch(1);
    stages->addWidget(m_rate);
    column->addWidget(m_stageRow);

    auto* rule = new QFrame;
    rule->setProperty("role", "line");
    column->addWidget(rule);
    m_noteIcon = new QLabel;
    m_note = new QLabel;
    m_note->setProperty("role", "small");
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* note = new QHBoxLayout;
    note->setSpacing(kSpace2);
    note->addWidget(m_noteIcon, 0, Qt::AlignTop);
    note->addWidget(m_note, 1);
    column->addLayout(note);
}

void LoadCard::showStarted(const QString& name, quint64 fileBytes, const QString& keeps)
{
    m_name = name;
    m_fileBytes = fileBytes;
    m_keeps = keeps;
    m_failed = false;
    m_state = {};
    m_clock.start();
    retranslate();
    show();
}

void LoadCard::showProgress(const LoadState& state)
{
    m_state = state;
    m_progress->setValue(int(1000 * state.fraction));
    m_remaining->setText(remaining());
    showStages();
}

void LoadCard::showFailure(const QString& name, const QString& error, const QString& keeps)
{
    m_name = name;
    m_error = error;
    m_keeps = keeps;
    m_failed = true;
    retranslate();
    show();
}

void LoadCard::dismiss()
{
    m_failed = false;
    hide();
}

QString LoadCard::title() const
{
    return m_title->text();
}

QString LoadCard::note() const
{
    return m_note->text();
}

QString LoadCard::remaining() const
{
    const double seconds = double(m_clock.elapsed()) / 1000;
    if (m_state.fraction < kTellingFraction || seconds < kLeastSeconds)
        return {};
    return tr("about %1 s left")
        .arg(QLocale().toString(seconds / m_state.fraction * (1 - m_state.fraction), 'f', 1));
}

void LoadCard::showStages()
{
    const Tokens& tokens = m_theme.tokens();
    const QString names[] = {tr("Open the file"), tr("Read the tokeniser"), tr("Pack the weights"),
                             tr("Reserve KV")};
    const int current = int(m_state.stage);
    for (int i = 0; i < int(m_stages.size()); ++i) {
        Stage& stage = m_stages[std::size_t(i)];
        const QColor ink = i < current ? tokens.accentText : i == current ? tokens.text : tokens.secondary;
        stage.icon->setVisible(i < current);
        stage.icon->setPixmap(
            iconPixmap(QStringLiteral("check"), tokens.accent, m_theme.scaled(14), devicePixelRatioF()));
        stage.text->setText(names[i]);
        stage.text->setFont(m_theme.font(TextSize::Small, i == current ? QFont::Medium : QFont::Normal));
        QPalette palette = stage.text->palette();
        palette.setColor(QPalette::WindowText, ink);
        stage.text->setPalette(palette);
    }
    const double seconds = double(m_clock.elapsed()) / 1000;
    const bool telling = m_state.stage == engine::LoadStage::PackingWeights && seconds > kLeastSeconds;
    m_rate->setText(telling
                        ? tr("%1/s").arg(sizeText(quint64(double(m_fileBytes) * m_state.fraction / seconds)))
                        : QString());
}

void LoadCard::retranslate()
{
    m_cancel->setText(tr("Cancel"));
    m_progress->setAccessibleName(tr("Loading progress"));
    for (QWidget* part : std::initializer_list<QWidget*>{m_cancel, m_progress, m_stageRow, m_remaining})
        part->setVisible(!m_failed);
    const Tokens& tokens = m_theme.tokens();
    m_noteIcon->setPixmap(iconPixmap(m_failed ? QStringLiteral("warn") : QStringLiteral("info"),
                                     m_failed ? tokens.danger : tokens.secondary, m_theme.scaled(kIconSize),
                                     devicePixelRatioF()));
    if (m_failed) {
        m_title->setText(tr("%1 could not be loaded").arg(m_name));
        m_note->setText(
            m_keeps.isEmpty() ? m_error : m_error + QLatin1Char('\n') + tr("%1 still answers.").arg(m_keeps));
    } else {
        m_title->setText(tr("Loading %1").arg(m_name));
        m_note->setText(m_keeps.isEmpty()
                            ? tr("Chats can be written to as soon as it is ready.")
                            : tr("%1 keeps answering until this model is ready. If loading fails, nothing "
                                 "changes.")
                                  .arg(m_keeps));
    }
    setAccessibleName(m_title->text());
    showProgress(m_state);
}

void LoadCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
