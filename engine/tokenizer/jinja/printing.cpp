// SPDX-License-Identifier: GPL-3.0-or-later
// Values as Python prints them; published templates rely on it.
#include <charconv>
#include <cmath>
#include <cstdio>

#include "engine/tokenizer/jinja/value.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

bool printable(char32_t code)
{
    using unicode::CharClass;
    const CharClass kind = unicode::classOf(code);
    return code == ' ' ||
           (kind != CharClass::Other && kind != CharClass::Control && kind != CharClass::Space);
}

void appendEscaped(std::string& out, char32_t code)
{
    char buffer[12];
    const char* format = code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x";
    std::snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(code));
    out += buffer;
}

void appendItems(std::string& out, const std::vector<Value>& items)
{
    for (std::size_t i = 0; i < items.size(); ++i) {
        out += i == 0 ? "" : ", ";
        out += toRepr(items[i]);
    }
}

std::string sequenceRepr(const Sequence& sequence)
{
    if (sequence.kind == SequenceKind::Generator)
        return "<generator object>";
    const bool view = sequence.kind != SequenceKind::List && sequence.kind != SequenceKind::Tuple;
    std::string out;
    if (view)
        out.append(typeName(Value(std::make_shared<const Sequence>(Sequence{sequence.kind, {}, {}}))))
            .append("(");
    out += sequence.kind == SequenceKind::Tuple ? '(' : '[';
    appendItems(out, sequence.items);
    if (sequence.kind == SequenceKind::Tuple)
        out += sequence.items.size() == 1 ? ",)" : ")";
    else
        out += view ? "])" : "]";
    return out;
}

std::string mappingRepr(const Mapping& mapping)
{
    std::string out = "{";
    for (const auto& [key, value] : mapping.entries) {
        if (out.size() > 1)
            out += ", ";
        out.append(toRepr(key)).append(": ").append(toRepr(value));
    }
    return out.append("}");
}

} // namespace

std::string floatRepr(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    char buffer[64];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    const std::string scientific(buffer, end);
    const std::size_t mark = scientific.find('e');
    const int exponent = std::stoi(scientific.substr(mark + 1));
    if (exponent < -4 || exponent >= 16)
        return scientific;
    end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
    std::string fixed(buffer, end);
    return fixed.find('.') == std::string::npos ? fixed.append(".0") : fixed;
}

std::string textRepr(std::string_view text)
{
    const bool doubled = text.find('\'') != text.npos && text.find('"') == text.npos;
    const char quote = doubled ? '"' : '\'';
    std::string out(1, quote);
    for (std::size_t at = 0; at < text.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(text, at);
        const char32_t code = decoded.code;
        if (code == '\n' || code == '\r' || code == '\t')
            out.append("\\").append(1, code == '\n' ? 'n' : code == '\r' ? 'r' : 't');
        else if (code == '\\' || code == static_cast<char32_t>(quote))
            out.append("\\").append(1, static_cast<char>(code));
        else if (printable(code))
            unicode::append(out, code);
        else
            appendEscaped(out, code);
        at += decoded.length;
    }
    return out.append(1, quote);
}

std::string toRepr(const Value& value)
{
    if (const std::string* text = value.text())
        return textRepr(*text);
    if (value.isUndefined())
        return "Undefined";
    return toText(value);
}

std::string toText(const Value& value)
{
    if (const std::string* text = value.text())
        return *text;
    if (const bool* flag = value.as<bool>())
        return *flag ? "True" : "False";
    if (const std::int64_t* number = value.integer())
        return std::to_string(*number);
    if (const double* number = value.as<double>())
        return floatRepr(*number);
    if (const Sequence* sequence = value.sequence())
        return sequenceRepr(*sequence);
    if (const Mapping* mapping = value.mapping())
        return mappingRepr(*mapping);
    if (const Object* object = value.object())
        return object->print();
    return value.isNone() ? "None" : "";
}

} // namespace vitrine::engine::jinja
