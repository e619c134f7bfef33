// SPDX-License-Identifier: GPL-3.0-or-later
// Values as Python's json.dumps writes them.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

class JsonWriter
{
public:
    JsonWriter(Interpreter& interpreter, int indent, bool asciiOnly, bool sortKeys)
        : m_interpreter(interpreter), m_indent(indent), m_asciiOnly(asciiOnly), m_sortKeys(sortKeys)
    {}

    void write(const Value& value)
    {
        if (m_interpreter.failed())
            return;
        if (const std::string* text = value.text())
            writeText(*text);
        else if (const bool* flag = value.as<bool>())
            m_out += *flag ? "true" : "false";
        else if (value.isNone())
            m_out += "null";
        else if (const double* number = value.as<double>())
            writeFloat(*number);
        else if (value.integer() != nullptr)
            m_out += toText(value);
        else if (const Mapping* mapping = value.mapping())
            writeMapping(*mapping);
        else if (const Sequence* sequence = value.sequence();
                 sequence && sequence->kind <= SequenceKind::Tuple)
            writeSequence(*sequence);
        else
            m_interpreter.fail("Object of type " + std::string(typeName(value)) +
                               " is not JSON serializable");
    }
    std::string take() { return std::move(m_out); }

private:
    void writeFloat(double number)
    {
        if (std::isfinite(number))
            m_out += floatRepr(number);
        else
            m_out += std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
    }
    void writeEscape(unsigned code)
    {
        char buffer[8];
        std::snprintf(buffer, sizeof buffer, "\\u%04x", code & 0xFFFF);
        m_out += buffer;
    }
    void writeText(std::string_view text);
    void writeCharacter(char32_t code, std::string_view bytes);
    void newLine()
    {
        if (m_indent < 0)
            return;
        const std::size_t spaces = m_level * static_cast<std::size_t>(m_indent);
        if (m_interpreter.allow(m_out.size() / 64 + spaces))
            m_out.append("\n").append(spaces, ' ');
        if (m_out.size() > m_interpreter.limits().output)
            m_interpreter.fail("the template makes too much text");
    }
    void separate(bool first)
    {
        if (!first)
            m_out += m_indent < 0 ? ", " : ",";
        newLine();
    }
    void writeSequence(const Sequence& sequence);
    void writeMapping(const Mapping& mapping);
    void writeKey(const Value& key);

    Interpreter& m_interpreter;
    int m_indent;
    bool m_asciiOnly, m_sortKeys;
    std::size_t m_level = 0;
    std::string m_out;
};

void JsonWriter::writeCharacter(char32_t code, std::string_view bytes)
{
    static constexpr std::string_view kNamed = "\"\\\n\r\t\b\f", kLetters = "\"\\nrtbf";
    const std::size_t named = code < 0x80 ? kNamed.find(static_cast<char>(code)) : kNamed.npos;
    if (named != kNamed.npos) {
        m_out.append("\\").append(1, kLetters[named]);
    } else if (code < 0x20 || (m_asciiOnly && code > 0x7E && code < 0x10000)) {
        writeEscape(code);
    } else if (m_asciiOnly && code >= 0x10000) {
        writeEscape(0xD800 + ((code - 0x10000) >> 10));
        writeEscape(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
        m_out += bytes;
    }
}

void JsonWriter::writeText(std::string_view text)
{
    m_out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(text, at);
        writeCharacter(decoded.code, text.substr(at, decoded.length));
        at += decoded.length;
    }
    m_out += '"';
}

void JsonWriter::writeSequence(const Sequence& sequence)
{
    m_out += '[';
    ++m_level;
    for (std::size_t i = 0; i < sequence.items.size() && !m_interpreter.failed(); ++i) {
        separate(i == 0);
        write(sequence.items[i]);
    }
    --m_level;
    if (!sequence.items.empty())
        newLine();
    m_out += ']';
}

void JsonWriter::writeKey(const Value& key)
{
    if (key.text() != nullptr)
        return write(key);
    if (!key.isNone() && !key.isNumber()) {
        m_interpreter.fail("keys must be str, int, float, bool or None, not " + std::string(typeName(key)));
        return;
    }
    m_out += '"';
    write(key);
    m_out += '"';
}

void JsonWriter::writeMapping(const Mapping& mapping)
{
    std::vector<const std::pair<Value, Value>*> entries;
    for (const auto& entry : mapping.entries)
        entries.push_back(&entry);
    if (m_sortKeys)
        std::stable_sort(entries.begin(), entries.end(),
                         [](auto* a, auto* b) { return toText(a->first) < toText(b->first); });
    m_out += '{';
    ++m_level;
    for (std::size_t i = 0; i < entries.size() && !m_interpreter.failed(); ++i) {
        separate(i == 0);
        writeKey(entries[i]->first);
        m_out += ": ";
        write(entries[i]->second);
    }
    --m_level;
    if (!entries.empty())
        newLine();
    m_out += '}';
}

} // namespace

Value toJson(Interpreter& interpreter, const Value& value, int indent, bool asciiOnly, bool sortKeys)
{
    if (!interpreter.allow(value.extent().weight * 64))
        return {};
    JsonWriter writer(interpreter, indent, asciiOnly, sortKeys);
    writer.write(value);
    return interpreter.failed() ? Value() : interpreter.text(writer.take());
}

} // namespace vitrine::engine::jinja
