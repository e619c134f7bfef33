// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/json_items.h"

#include <algorithm>

namespace vitrine::ui {
namespace {

constexpr qint64 kChunk = 1 << 20;
constexpr qsizetype kLongestKey = 1024;

} // namespace

JsonItems::JsonItems(QIODevice& device, const ExchangeLimits& limits, ExchangeProgress& progress)
    : m_device(device), m_limits(limits), m_progress(progress)
{
    peek();
    if (m_chunk.startsWith("\xEF\xBB\xBF"))
        m_at = m_offset = 3;
    skipBlanks();
    const int first = get();
    m_shape = first == '[' ? Shape::Array : first == '{' ? Shape::Object : Shape::Neither;
    m_inArray = m_shape == Shape::Array;
    m_ended = m_shape == Shape::Neither;
}

/// -1 at the end, and when it was cancelled.
int JsonItems::peek()
{
    if (m_at < m_chunk.size())
        return uchar(m_chunk[m_at]);
    if (m_progress.cancelled)
        return -1;
    m_chunk = m_device.read(std::clamp<qint64>(m_device.bytesAvailable(), 1, kChunk));
    m_at = 0;
    m_progress.done += m_chunk.size();
    return m_chunk.isEmpty() ? -1 : uchar(m_chunk[0]);
}

int JsonItems::get()
{
    const int byte = peek();
    if (byte < 0)
        return byte;
    ++m_at;
    ++m_offset;
    m_line += byte == '\n';
    return byte;
}

/// And commas: one too many or too few does no harm here.
void JsonItems::skipBlanks()
{
    for (int byte = peek(); byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == ',';
         byte = peek())
        get();
}

/// What stands between the quotes, the first of which is next.
QByteArray JsonItems::string()
{
    QByteArray text;
    get();
    for (int byte = get(); byte >= 0 && byte != '"'; byte = get()) {
        if (text.size() < kLongestKey)
            text.append(char(byte));
        if (byte == '\\')
            text.append(char(get()));
    }
    return text;
}

void JsonItems::end(bool cutOff)
{
    m_ended = true;
    m_cutOff = cutOff;
}

bool JsonItems::next(JsonItem& item)
{
    while (!m_ended) {
        skipBlanks();
        const int byte = peek();
        if (byte < 0) {
            end(true);
        } else if (m_inArray && byte == ']') {
            get();
            m_inArray = false;
            if (m_shape == Shape::Array)
                end(false);
        } else if (m_inArray) {
            item = {};
            item.key = m_key;
            item.element = true;
            value(item);
            return !m_progress.cancelled;
        } else if (member(item)) {
            return !m_progress.cancelled;
        }
    }
    return false;
}

/// False where there is no value to hand over: it was an array's beginning, or the end.
bool JsonItems::member(JsonItem& item)
{
    if (peek() != '"') {
        end(peek() != '}');
        return false;
    }
    m_key = string();
    skipBlanks();
    if (peek() != ':') {
        end(true);
        return false;
    }
    get();
    skipBlanks();
    if (peek() == '[') {
        get();
        m_inArray = true;
        return false;
    }
    item = {};
    item.key = m_key;
    value(item);
    return true;
}

/// A value up to the end of its last bracket or quote, or up to what cannot be part of a number or a word.
void JsonItems::value(JsonItem& item)
{
    item.line = m_line;
    item.offset = m_offset;
    Nesting nesting;
    bool ended = false;
    while (!ended) {
        if (peek() < 0) {
            item.state = JsonItem::State::CutOff;
            end(true);
            return;
        }
        const qsizetype begin = m_at;
        ended = scan(nesting, m_offset > item.offset);
        const qsizetype length = m_at - begin;
        m_offset += length;
        if (item.state == JsonItem::State::Whole)
            item.json.append(m_chunk.constData() + begin, length);
        if (item.json.size() > m_limits.chatBytes || nesting.values > m_limits.chatValues ||
            nesting.deepest > m_limits.depth) {
            item.state = JsonItem::State::TooLarge;
            item.json = {};
        }
    }
}

/// Goes on to the end of the value, or of the chunk, which gives false. `begun`: not at its first byte.
bool JsonItems::scan(Nesting& nesting, bool begun)
{
    for (; m_at < m_chunk.size(); ++m_at, begun = true) {
        const char byte = m_chunk[m_at];
        m_line += byte == '\n';
        if (nesting.escaped) {
            nesting.escaped = false;
        } else if (nesting.quoted) {
            nesting.escaped = byte == '\\';
            nesting.quoted = byte != '"';
        } else if (byte == '"') {
            nesting.quoted = true;
        } else if (byte == '[' || byte == '{') {
            ++nesting.values;
            nesting.deepest = std::max(nesting.deepest, ++nesting.depth);
        } else if (byte == ',') {
            if (nesting.depth == 0 && begun)
                return true;
            ++nesting.values;
        } else if (byte == ']' || byte == '}') {
            if (nesting.depth == 0 && begun)
                return true;
            if (--nesting.depth <= 0) {
                ++m_at;
                return true;
            }
        }
    }
    return false;
}

} // namespace vitrine::ui
