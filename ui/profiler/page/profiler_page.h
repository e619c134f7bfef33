// SPDX-License-Identifier: GPL-3.0-or-later
// The Profiler page: a head with tabs, and below it one view of a recording, all over the same time. Further
// views are added as tabs; all but the timeline can be opened in windows of their own beside it. Shows what
// to do where there is no recording. Thread: UI; everything handed in outlives it, a session until another
// one is set.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

class QLabel;
class QMenu;
class QStackedWidget;

namespace vitrine::ui {

class AwayNote;
class FloatWindow;
class PageHeader;
class Preferences;
class RecordingNotes;
class RecordingSession;
class TimelinePage;

class ProfilerPage : public QWidget
{
    Q_OBJECT

public:
    ProfilerPage(Preferences& preferences, const Theme& theme, QWidget* parent = nullptr);
    ~ProfilerPage() override;

    /// The running engine's or a file's; nullptr: none.
    void setSession(RecordingSession* session);
    RecordingSession* session() const { return m_session; }
    /// A further view; `title` is asked again when the language changes. Takes the widget over.
    /// `always`: it also says something where there is no recording.
    void addTab(const QString& key, std::function<QString()> title, QWidget* view, bool always = false);
    void showTab(const QString& key);
    QString currentTab() const;
    /// What there is to see on a tab that was not there when it was last seen; 0: nothing is said.
    void setTabCount(const QString& key, quint64 count);
    QString tabTitle(const QString& key) const;
    /// Into a window of its own, or back. The timeline stays where it is.
    void setFloating(const QString& key, bool floating);
    FloatWindow* windowOf(const QString& key) const;
    /// Everything back in the page, in the first order.
    void resetLayout();
    /// Whether a file is being written; the button says so.
    void setRecording(bool recording);
    void focusSearch();

    TimeView& view() { return m_view; }
    TimelinePage& timeline() const { return *m_timeline; }
    PageHeader& header() const { return *m_header; }
    RecordingNotes& notes() const { return *m_notes; }
    bool showsRecording() const;

signals:
    void messageRequested(quint64 conversation, quint64 message);
    /// Of one request; 0: as a whole.
    void latencyWanted(vitrine::engine::RequestId request);
    void recordRequested(bool record);
    void exportRequested();
    void openRecordingRequested();
    void chatRequested();
    void tabShown(const QString& key);
    void sessionChanged(vitrine::ui::RecordingSession* session);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Tab
    {
        QString key;
        std::function<QString()> title;
        QWidget* view = nullptr;
        bool always = false;
        quint64 count = 0;
        AwayNote* away = nullptr; ///< in its place while it has a window; the timeline has none
        FloatWindow* window = nullptr;
        QRect place = {};        ///< of its window, now or when it last had one
        bool floatsSoon = false; ///< when the page is seen
    };

    Tab* tabOf(const QString& key);
    const Tab* tabOf(const QString& key) const;
    void openWindow(Tab& tab);
    void dock(Tab& tab);
    void saveWindows();
    void restoreWindow(Tab& tab);
    void fillLayoutMenu(QMenu& menu);
    void fillTabMenu(QMenu& menu, int index);

    void connectParts();
    void loseSession();
    void takeSummary(const RecordingSummary& summary);
    void showState();
    void showSelection();
    void retranslate();
    static QString titleOf(const Tab& tab);

    Preferences& m_preferences;
    const Theme& m_theme;
    TimeView m_view;
    RecordingSession* m_session = nullptr;
    QString m_failure; ///< of the session's file
    bool m_begun = false;
    qint64 m_startNs = 0;
    std::vector<Tab> m_tabs;
    PageHeader* m_header;
    QLabel* m_damage;
    QStackedWidget* m_views;
    RecordingNotes* m_notes;
    TimelinePage* m_timeline;
};

} // namespace vitrine::ui
