// SPDX-License-Identifier: GPL-3.0-or-later
// A large JSON file in pieces: the elements of the array it is, or the members of the object it is (of a
// member that is an array, its elements). Pieces are cut out by their brackets and quotes alone, so that a
// broken one costs itself and not the rest, and memory holds one at a time. Thread: one.
#pragma once

#include <QByteArray>
#include <QIODevice>

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

struct JsonItem
{
    enum class State {
        Whole,
        CutOff,   ///< the file ends inside it
        TooLarge, ///< above a limit of ExchangeLimits; `json` is empty
    };
    QByteArray key; ///< of the member, as it stands in the file; empty in an array
    QByteArray json;
    qint64 line = 1, offset = 0; ///< where it begins
    bool element = false;        ///< of an array
    State state = State::Whole;
};

class JsonItems
{
public:
    enum class Shape { Array, Object, Neither };

    /// All outlive it. Looks at the beginning.
    JsonItems(QIODevice& device, const ExchangeLimits& limits, ExchangeProgress& progress);

    Shape shape() const { return m_shape; }
    /// False at the end, and when it was cancelled.
    bool next(JsonItem& item);
    /// The text stopped making sense, or stopped, before the last bracket: here.
    bool isCutOff() const { return m_cutOff; }
    qint64 line() const { return m_line; }

private:
    int peek();
    int get();
    void skipBlanks();
    QByteArray string();
    bool member(JsonItem& item);
    struct Nesting
    {
        qint64 depth = 0, deepest = 0, values = 0;
        bool quoted = false, escaped = false;
    };
    void value(JsonItem& item);
    bool scan(Nesting& nesting, bool begun);
    void end(bool cutOff);

    QIODevice& m_device;
    const ExchangeLimits& m_limits;
    ExchangeProgress& m_progress;
    QByteArray m_chunk;
    qsizetype m_at = 0;
    qint64 m_offset = 0, m_line = 1;
    Shape m_shape = Shape::Neither;
    bool m_inArray = false;
    QByteArray m_key; // of the array
    bool m_ended = false, m_cutOff = false;
};

} // namespace vitrine::ui
