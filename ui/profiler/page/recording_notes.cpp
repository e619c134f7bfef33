// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/recording_notes.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace vitrine::ui {
namespace {

constexpr int kTextWidth = 460;
constexpr int kBarWidth = 240;
constexpr int kIcon = 40;

} // namespace

RecordingNotes::RecordingNotes(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_icon(new QLabel), m_title(new QLabel), m_text(new QLabel),
      m_progress(new QProgressBar), m_chat(new QPushButton), m_open(new QPushButton)
{
    m_title->setProperty("role", "heading");
    m_text->setProperty("role", "secondary");
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    for (QLabel* label : {m_icon, m_title, m_text})
        label->setAlignment(Qt::AlignCenter);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kSpace2);
    buttons->addStretch(1);
    buttons->addWidget(m_chat);
    buttons->addWidget(m_open);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(kSpace3);
    column->addStretch(1);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addWidget(m_text, 0, Qt::AlignHCenter);
    column->addWidget(m_progress, 0, Qt::AlignHCenter);
    column->addLayout(buttons);
    column->addStretch(1);
    connect(m_chat, &QPushButton::clicked, this, &RecordingNotes::chatRequested);
    connect(m_open, &QPushButton::clicked, this, &RecordingNotes::openRequested);
    theme.follow(this, [this] {
        m_text->setFixedWidth(m_theme.scaledColumn(kTextWidth));
        m_progress->setFixedWidth(m_theme.scaledColumn(kBarWidth));
        retranslate();
    });
}

void RecordingNotes::setState(State state, const QString& about)
{
    m_state = state;
    m_about = about;
    retranslate();
}

QString RecordingNotes::text() const
{
    return m_title->text() + QLatin1Char('\n') + m_text->text();
}

void RecordingNotes::retranslate()
{
    const bool failed = m_state == State::Failed;
    const QColor tone = failed ? m_theme.tokens().warning : m_theme.tokens().accent;
    m_icon->setPixmap(iconPixmap(failed ? QStringLiteral("warn") : QStringLiteral("profiler"), tone,
                                 m_theme.scaled(kIcon), devicePixelRatioF()));
    m_progress->setVisible(m_state == State::Reading);
    m_chat->setVisible(m_state != State::Reading);
    m_open->setVisible(m_state != State::Reading);
    m_chat->setText(tr("Go to the chat"));
    m_open->setText(failed ? tr("Open another recording…") : tr("Open a recording…"));
    switch (m_state) {
    case State::Nothing:
        m_title->setText(tr("Nothing recorded yet"));
        m_text->setText(tr("Ask something on the Chat page, and what the engine does appears here while it "
                           "does it: who waits, who computes, and whose text lies in which block of the "
                           "cache. Or open a recording that you or somebody else saved."));
        break;
    case State::Reading:
        m_title->setText(tr("Reading %1").arg(m_about));
        m_text->setText(tr("Large recordings take a few seconds."));
        break;
    case State::Failed:
        m_title->setText(tr("The recording cannot be read"));
        m_text->setText(m_about);
        break;
    }
    // A centred label with lines does not say its height by itself.
    m_text->setMinimumHeight(m_text->heightForWidth(m_text->width()));
}

void RecordingNotes::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), m_theme.tokens().panel);
}

void RecordingNotes::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
