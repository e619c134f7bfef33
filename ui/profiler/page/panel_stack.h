// SPDX-License-Identifier: GPL-3.0-or-later
// The panels of a page, one below the other, with handles between them. Their order, which are folded or
// closed, and their heights are kept. Scrolls where the window is too low. Thread: UI.
#pragma once

#include <QList>
#include <QScrollArea>

class QMenu;
class QSettings;
class QSplitter;

namespace vitrine::ui {

class PanelSection;

class PanelStack : public QScrollArea
{
    Q_OBJECT

public:
    /// `settings` and `group`: where the arrangement is kept.
    PanelStack(QSettings& settings, const QString& group, QWidget* parent = nullptr);

    void addSection(PanelSection* section);
    /// As it was left, once all are there.
    void restore();
    /// From top to bottom, closed ones too.
    QList<PanelSection*> sections() const;
    void setShown(PanelSection* section, bool shown);
    void move(PanelSection* section, int places);
    /// All panels, each with a tick where it is shown.
    void fillMenu(QMenu& menu);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void settle();
    void drag(PanelSection* section, const QPoint& global);
    void save();
    void place(PanelSection* section, int index);

    QSettings& m_settings;
    QString m_group;
    QSplitter* m_splitter;
    bool m_arranged = false; ///< heights are a person's
    bool m_settling = false;
    bool m_restoring = true; ///< until restore(): nothing is to be kept yet
};

} // namespace vitrine::ui
