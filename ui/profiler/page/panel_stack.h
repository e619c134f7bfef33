// SPDX-License-Identifier: GPL-3.0-or-later
// The panels of a page, one below the other, with handles between them, or in windows of their own. Their
// order, which are folded or closed, their heights and the places of their windows are kept. Scrolls where
// the window is too low. Thread: UI.
#pragma once

#include <vector>

#include <QList>
#include <QRect>
#include <QScrollArea>
#include <QStringList>

class QMenu;
class QSettings;
class QSplitter;

namespace vitrine::ui {

class FloatWindow;
class PanelSection;
class Theme;

class PanelStack : public QScrollArea
{
    Q_OBJECT

public:
    /// `settings` and `group`: where the arrangement is kept.
    PanelStack(QSettings& settings, const QString& group, const Theme& theme, QWidget* parent = nullptr);

    void addSection(PanelSection* section);
    /// As it was left, once all are there; windows open when the page is first seen. How they are folded now
    /// is what reset() goes back to.
    void restore();
    /// All panels as they are in a new window.
    void reset();
    /// From top to bottom, closed ones and those in windows too.
    QList<PanelSection*> sections() const;
    /// Into a window of its own, or back to where it was.
    void setFloating(PanelSection* section, bool floating);
    FloatWindow* windowOf(const PanelSection* section) const;
    /// Something is to be seen of the panels though the page is not.
    bool hasWindows() const;
    void setShown(PanelSection* section, bool shown);
    void move(PanelSection* section, int places);
    /// All panels, each with a tick where it is shown.
    void fillMenu(QMenu& menu);

signals:
    void windowsChanged(); ///< a panel got one or came back

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Entry
    {
        PanelSection* section = nullptr;
        FloatWindow* window = nullptr;
        QRect place = {};         ///< of its window, now or when it last had one
        int height = 0;           ///< in the page, before it got one
        bool foldedFirst = false; ///< before anything was restored
        bool floatsSoon = false;  ///< when the page is seen
    };

    std::size_t indexOf(const PanelSection* section) const;
    int slotOf(std::size_t index) const;
    void connectSection(PanelSection* section);
    void openWindow(Entry& entry);
    void dock(Entry& entry);
    void drop(PanelSection* section, const QPoint& global);
    void spreadStretch();
    bool restoreLine(const QString& line, int index, QList<int>& sizes);
    void settle();
    void drag(PanelSection* section, const QPoint& global);
    void save();
    void place(PanelSection* section, int index);

    QSettings& m_settings;
    QString m_group;
    const Theme& m_theme;
    QSplitter* m_splitter;
    std::vector<Entry> m_entries; ///< from top to bottom
    QStringList m_firstOrder;
    bool m_arranged = false; ///< heights are a person's
    bool m_settling = false;
    bool m_restoring = true; ///< until restore(): nothing is to be kept yet
};

} // namespace vitrine::ui
