// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/load_banner.h"

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace vitrine::ui {
namespace {

QPushButton* smallButton()
{
    auto* button = new QPushButton;
    button->setProperty("small", true);
    button->setAutoDefault(false);
    return button;
}

} // namespace

LoadBanner::LoadBanner(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    build();
    connect(m_cancel, &QPushButton::clicked, this, &LoadBanner::cancelRequested);
    connect(m_open, &QPushButton::clicked, this, &LoadBanner::openRequested);
    connect(m_close, &QToolButton::clicked, this, &LoadBanner::dismiss);
    connect(&theme, &Theme::changed, this, [this] { setState(m_state); });
    setState(State::Hidden);
}

void LoadBanner::build()
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace4, kSpace2, kSpace3, kSpace2 + 1);
    row->setSpacing(kSpace3);
    m_icon = new QLabel;
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::Medium));
    m_title->setTextFormat(Qt::PlainText);
    m_detail = new QLabel;
    m_detail->setProperty("role", "small");
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress = new QProgressBar;
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_title);
    texts->addWidget(m_detail);
    texts->addWidget(m_progress);
    m_cancel = smallButton();
    m_open = smallButton();
    m_close = new QToolButton;
    m_close->setIcon(m_theme.icon(QStringLiteral("close")));
    m_close->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    for (QWidget* button : std::initializer_list<QWidget*>{m_cancel, m_open, m_close})
        row->addWidget(button, 0, Qt::AlignVCenter);
}

void LoadBanner::setState(State state)
{
    m_state = state;
    const bool failed = state == State::Failed;
    const Tokens& tokens = m_theme.tokens();
    m_icon->setPixmap(iconPixmap(failed ? QStringLiteral("warn") : QStringLiteral("models"),
                                 failed ? tokens.danger : tokens.secondary, m_theme.scaled(kIconSize + 2),
                                 devicePixelRatioF()));
    m_progress->setVisible(!failed);
    m_cancel->setVisible(!failed);
    m_open->setVisible(failed);
    m_close->setVisible(failed);
    retranslate();
    setVisible(state != State::Hidden && !m_suppressed);
    update();
}

void LoadBanner::showStarted(const QString& path)
{
    m_load = {path, engine::LoadStage::OpeningFile, 0};
    m_error.clear();
    m_progress->setValue(0);
    setState(State::Loading);
}

void LoadBanner::showProgress(const LoadState& state)
{
    if (m_state != State::Loading)
        return;
    m_load = state;
    m_progress->setValue(int(1000 * state.fraction));
    retranslate();
}

void LoadBanner::showFailure(const QString& path, const QString& error)
{
    m_load.path = path;
    m_error = error;
    setState(State::Failed);
}

void LoadBanner::setSuppressed(bool suppressed)
{
    m_suppressed = suppressed;
    setVisible(m_state != State::Hidden && !suppressed);
}

void LoadBanner::dismiss()
{
    setState(State::Hidden);
}

QString LoadBanner::message() const
{
    return m_title->text() + QLatin1Char('\n') + m_detail->text();
}

void LoadBanner::retranslate()
{
    m_cancel->setText(tr("Cancel"));
    m_open->setText(tr("Open another…"));
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));
    m_progress->setAccessibleName(tr("Loading progress"));
    const QString name = QFileInfo(m_load.path).fileName();
    if (m_state == State::Failed) {
        m_title->setText(name.isEmpty() ? tr("The model cannot be used")
                                        : tr("%1 cannot be opened").arg(name));
        m_detail->setText(m_error);
        setAccessibleName(message());
        return;
    }
    const QString stages[] = {tr("Opening the file"), tr("Reading the tokeniser"), tr("Packing the weights"),
                              tr("Reserving the KV cache")};
    m_title->setText(tr("Loading %1").arg(name));
    m_detail->setText(
        tr("%1, %2 %")
            .arg(stages[std::size_t(m_load.stage)], QLocale().toString(100 * m_load.fraction, 'f', 0)));
    setAccessibleName(m_title->text());
}

void LoadBanner::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void LoadBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), m_state == State::Failed ? tokens.dangerTint : tokens.raised);
    painter.fillRect(0, height() - 1, width(), 1, tokens.border);
}

} // namespace vitrine::ui
