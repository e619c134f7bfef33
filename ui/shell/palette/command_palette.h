// SPDX-License-Identifier: GPL-3.0-or-later
// One field for everything: commands, conversations, models and settings by what is typed. It asks its
// sources and shows what they answer, whenever that is; a source's earlier entries stay until then.
//
// Prefixes: ">" only commands, "#" only conversations and what was said in them, "@" only models and
// settings. Thread: UI.
#pragma once

#include <vector>

#include "ui/shell/overlay/overlay.h"
#include "ui/shell/palette/palette_list.h"

class QFrame;
class QLabel;
class QLineEdit;
class QListView;

namespace vitrine::ui {

class CommandPalette : public Overlay
{
    Q_OBJECT

public:
    /// All outlive it.
    CommandPalette(const Theme& theme, std::vector<PaletteSource*> sources, QWidget& window);

    QLineEdit& field() const { return *m_field; }
    QListView& view() const { return *m_view; }
    const PaletteList& list() const { return m_list; }
    /// Row of the chosen entry, -1 when there is none.
    int currentRow() const;

protected:
    QRect panelIn(const QRect& room) const override;
    QWidget* firstFocus() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Answers
    {
        PaletteSource* source;
        QList<PaletteEntry> entries;
    };

    void build();
    QWidget* makeTop();
    QWidget* makeFooter();
    void ask();
    bool wants(PaletteGroup group) const;
    void take(PaletteSource* source, const QString& query, const QList<PaletteEntry>& entries);
    void showAnswers();
    QList<PaletteEntry> entriesOf(PaletteGroup group) const;
    bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    void select(int row);
    void openRow(int row, OpenWhere where);
    int rowsHeight() const;

    std::vector<Answers> m_answers;
    PaletteList m_list;
    QString m_query; ///< without its prefix
    std::optional<PaletteGroup> m_only;
    bool m_moved = false; // the person chose a row; else the first one is chosen
    QFrame* m_frame = nullptr;
    QLineEdit* m_field = nullptr;
    QLabel* m_count = nullptr;
    QListView* m_view = nullptr;
    QLabel* m_nothing = nullptr;
    QWidget* m_top = nullptr;
    QWidget* m_footer = nullptr;
};

} // namespace vitrine::ui
