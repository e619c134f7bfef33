// SPDX-License-Identifier: GPL-3.0-or-later
// What the palette offers, and where it comes from. A source answers when it can: at once, or later from
// another thread's work; the palette never waits. Thread: UI.
#pragma once

#include <functional>
#include <optional>

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

namespace vitrine::ui {

/// Messages come last: what is found in texts comes late, and moves nothing that stands already.
enum class PaletteGroup { Commands, Conversations, ModelsAndSettings, Messages };
inline constexpr PaletteGroup kPaletteGroups[] = {PaletteGroup::Commands, PaletteGroup::Conversations,
                                                  PaletteGroup::ModelsAndSettings, PaletteGroup::Messages};

enum class OpenWhere { Here, NewPane };

struct PaletteEntry
{
    QString title;
    QString detail = {}; ///< grey, behind the title
    QString icon = {};
    std::optional<std::size_t> hue = {}; ///< number of a conversation: its dot stands for the icon
    QKeySequence keys = {};
    std::function<void(OpenWhere)> open = {};
    int score = 0; ///< of fuzzyMatch(); within a group the best come first
    QList<int> titleMatches = {};
    QList<int> detailMatches = {};
    bool detailMatters = false; ///< the title leaves it most of the row
};

/// Rates the entry by its title or, where that does not match, by another name (of which nothing is shown);
/// false when the query does not mean it.
bool rate(PaletteEntry& entry, const QString& query, const QString& otherName = {});

class PaletteSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual PaletteGroup group() const = 0;
    /// Answered exactly by one answered() with this query, unless another query comes first. An empty query
    /// asks for what is used most.
    virtual void ask(const QString& query) = 0;

signals:
    void answered(const QString& query, const QList<vitrine::ui::PaletteEntry>& entries);
};

} // namespace vitrine::ui
