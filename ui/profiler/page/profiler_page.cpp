// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/profiler_page.h"

#include <utility>

#include <QEvent>
#include <QFileInfo>
#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/profiler/page/away_note.h"
#include "ui/profiler/page/float_window.h"
#include "ui/profiler/page/page_header.h"
#include "ui/profiler/page/panel_stack.h"
#include "ui/profiler/page/recording_notes.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/preferences.h"
#include "ui/theme/padded_label.h"

namespace vitrine::ui {
namespace {

const QString kTimeline = QStringLiteral("timeline");

} // namespace

ProfilerPage::ProfilerPage(Preferences& preferences, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_preferences(preferences), m_theme(theme), m_header(new PageHeader(theme)),
      m_damage(new PaddedLabel(QMargins(kSpace4, kSpace2, kSpace4, kSpace2))), m_views(new QStackedWidget),
      m_notes(new RecordingNotes(theme)), m_timeline(new TimelinePage(m_view, preferences.store(), theme))
{
    m_damage->setWordWrap(true);
    m_damage->setTextFormat(Qt::PlainText);
    m_damage->setProperty("role", "warning");
    m_damage->hide();
    m_views->addWidget(m_notes);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_damage);
    column->addWidget(m_views, 1);
    connectParts();
    addTab(
        kTimeline, [] { return tr("Timeline"); }, m_timeline);
    showState();
}

ProfilerPage::~ProfilerPage()
{
    // They look at the times, which go before the children do.
    delete m_views;
}

void ProfilerPage::connectParts()
{
    connect(m_header, &PageHeader::tabChanged, this, [this] {
        showState();
        emit tabShown(currentTab());
    });
    connect(m_header, &PageHeader::liveToggled, &m_view, &TimeView::setFollowing);
    connect(m_header, &PageHeader::recordToggled, this, &ProfilerPage::recordRequested);
    connect(m_header, &PageHeader::exportRequested, this, &ProfilerPage::exportRequested);
    connect(m_header, &PageHeader::panelMenuWanted, this, &ProfilerPage::fillLayoutMenu);
    connect(m_header, &PageHeader::tabMenuWanted, this, &ProfilerPage::fillTabMenu);
    connect(m_header, &PageHeader::searchRequested, this, [this](const QString& text) {
        showTab(kTimeline);
        m_timeline->search(text);
    });
    connect(m_timeline, &TimelinePage::searchFailed, this, [this](const QString& text) {
        m_header->setSelection(tr("Nothing in the recording is called “%1”").arg(text.left(40)));
    });
    connect(m_timeline, &TimelinePage::messageRequested, this, &ProfilerPage::messageRequested);
    connect(m_timeline, &TimelinePage::latencyWanted, this, &ProfilerPage::latencyWanted);
    connect(m_notes, &RecordingNotes::chatRequested, this, &ProfilerPage::chatRequested);
    connect(m_notes, &RecordingNotes::openRequested, this, &ProfilerPage::openRecordingRequested);
    connect(&m_view, &TimeView::selectionChanged, this, &ProfilerPage::showSelection);
    connect(&m_view, &TimeView::followingChanged, this,
            [this] { m_header->setLive(m_session != nullptr && m_session->isLive(), m_view.isFollowing()); });
}

void ProfilerPage::setSession(RecordingSession* session)
{
    if (m_session != nullptr)
        m_session->disconnect(this);
    m_session = session;
    m_failure.clear();
    m_begun = false;
    m_startNs = 0;
    m_view.begin({}, session != nullptr && session->isLive());
    m_timeline->setSession(session);
    if (session != nullptr) {
        connect(session, &RecordingSession::changed, this, &ProfilerPage::takeSummary);
        connect(session, &RecordingSession::openFailed, this, [this](const QString& reason) {
            m_failure = reason;
            showState();
        });
        connect(session, &QObject::destroyed, this, [this, session] {
            if (m_session == session)
                loseSession();
        });
        if (!session->summary().range.isEmpty())
            takeSummary(session->summary());
    }
    emit sessionChanged(session);
    showState();
}

/// It is gone already; what shows it may be on its way out as well, together with the window.
void ProfilerPage::loseSession()
{
    m_session = nullptr;
    m_timeline->forgetSession();
    const auto show = [this] {
        if (m_session == nullptr)
            setSession(nullptr);
    };
    QMetaObject::invokeMethod(this, show, Qt::QueuedConnection);
}

/// Another model begins another recording: what was seen of the old one means nothing then.
void ProfilerPage::takeSummary(const RecordingSummary& summary)
{
    const bool another = m_begun && summary.range.startNs != m_startNs && summary.dropped == 0;
    m_startNs = summary.range.startNs;
    if ((!m_begun || another) && !summary.range.isEmpty()) {
        m_view.begin(summary.range, summary.live);
        m_begun = true;
    } else {
        m_view.setBounds(summary.range);
    }
    m_damage->setVisible(!summary.damage.isEmpty());
    m_damage->setText(tr("A part of this recording could not be read: %1. What was read before it is shown.")
                          .arg(summary.damage));
    m_timeline->setSummary(summary);
    showState();
}

bool ProfilerPage::showsRecording() const
{
    return m_session != nullptr && m_begun && m_failure.isEmpty();
}

void ProfilerPage::showState()
{
    const bool shown = showsRecording();
    const bool reading = m_session != nullptr && !m_session->isLive() && !m_begun && m_failure.isEmpty();
    m_header->setUsable(shown);
    m_header->setLive(shown && m_session->isLive(), m_view.isFollowing());
    const int tab = m_header->currentTab();
    m_header->setPanelsAvailable(shown);
    const bool known = tab >= 0 && std::size_t(tab) < m_tabs.size();
    if (known && (shown || m_tabs[std::size_t(tab)].always)) {
        const Tab& current = m_tabs[std::size_t(tab)];
        m_views->setCurrentWidget(current.window != nullptr ? current.away : current.view);
        return;
    }
    m_damage->hide();
    if (!m_failure.isEmpty())
        m_notes->setState(RecordingNotes::State::Failed, m_failure);
    else if (reading)
        m_notes->setState(RecordingNotes::State::Reading, QFileInfo(m_session->summary().file).fileName());
    else
        m_notes->setState(RecordingNotes::State::Nothing);
    m_views->setCurrentWidget(m_notes);
}

void ProfilerPage::showSelection()
{
    if (!m_view.hasSelection()) {
        m_header->setSelection({});
        return;
    }
    const TimeRange& selected = m_view.selection();
    const double step = std::max(double(selected.length()) / 50, 1.0);
    const qint64 origin = m_view.bounds().startNs;
    m_header->setSelection(tr("%1 selected, %2 to %3")
                               .arg(durationText(double(selected.length())),
                                    placeNumber(selected.startNs - origin, step),
                                    placeText(selected.endNs - origin, step)));
}

void ProfilerPage::addTab(const QString& key, std::function<QString()> title, QWidget* view, bool always)
{
    m_views->addWidget(view);
    const QString text = title();
    view->setWindowTitle(text);
    m_tabs.push_back({key, std::move(title), view});
    m_tabs.back().always = always;
    if (view != m_timeline) {
        Tab& tab = m_tabs.back();
        tab.away = new AwayNote(m_theme);
        tab.away->setTitle(text);
        m_views->addWidget(tab.away);
        connect(tab.away, &AwayNote::backRequested, this, [this, key] { setFloating(key, false); });
        connect(tab.away, &AwayNote::raiseRequested, this, [this, key] { showTab(key); });
        restoreWindow(tab);
    }
    m_header->addTab(text);
    showState();
}

void ProfilerPage::showTab(const QString& key)
{
    const Tab* tab = tabOf(key);
    if (tab == nullptr)
        return;
    if (tab->window == nullptr) {
        m_header->setCurrentTab(int(tab - m_tabs.data()));
        return;
    }
    tab->window->raise();
    tab->window->activateWindow();
}

QString ProfilerPage::currentTab() const
{
    const int tab = m_header->currentTab();
    return tab >= 0 && std::size_t(tab) < m_tabs.size() ? m_tabs[std::size_t(tab)].key : QString();
}

QString ProfilerPage::titleOf(const Tab& tab)
{
    return tab.count == 0 ? tab.title() : tr("%1 · %2").arg(tab.title(), countText(tab.count));
}

void ProfilerPage::setTabCount(const QString& key, quint64 count)
{
    for (std::size_t i = 0; i < m_tabs.size(); ++i) {
        if (m_tabs[i].key != key || std::exchange(m_tabs[i].count, count) == count)
            continue;
        m_header->setTabTitle(int(i), titleOf(m_tabs[i]));
    }
}

QString ProfilerPage::tabTitle(const QString& key) const
{
    for (const Tab& tab : m_tabs)
        if (tab.key == key)
            return titleOf(tab);
    return {};
}

void ProfilerPage::setRecording(bool recording)
{
    m_header->setRecording(recording);
}

void ProfilerPage::focusSearch()
{
    m_header->focusSearch();
}

void ProfilerPage::retranslate()
{
    for (std::size_t i = 0; i < m_tabs.size(); ++i) {
        const QString title = titleOf(m_tabs[i]);
        m_header->setTabTitle(int(i), title);
        m_tabs[i].view->setWindowTitle(title);
        if (m_tabs[i].away != nullptr)
            m_tabs[i].away->setTitle(title);
    }
    showSelection();
}

void ProfilerPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
