// SPDX-License-Identifier: GPL-3.0-or-later
// The functions every template can call.
#include <clocale>
#include <ctime>

#include "engine/tokenizer/jinja/filters.h"
#include "engine/tokenizer/jinja/objects.h"
#include "engine/tokenizer/jinja/operators.h"

namespace vitrine::engine::jinja {

namespace {

Value range(Interpreter& interpreter, const Arguments& arguments)
{
    const std::size_t count = arguments.positional.size();
    if (count < 1 || count > 3)
        return interpreter.fail("range expected 1 to 3 arguments, got " + std::to_string(count));
    std::int64_t given[3] = {0, 0, 1};
    for (std::size_t i = 0; i < count; ++i) {
        const auto number = asInteger(arguments.positional[i]);
        if (!number)
            return interpreter.fail("'" + std::string(typeName(arguments.positional[i])) +
                                    "' object cannot be interpreted as an integer");
        given[count == 1 ? 1 : i] = *number;
    }
    const auto [start, stop, step] = given;
    if (step == 0)
        return interpreter.fail("range() arg 3 must not be zero");
    const double length =
        (static_cast<double>(stop) - static_cast<double>(start)) / static_cast<double>(step);
    if (length > static_cast<double>(interpreter.limits().range))
        return interpreter.fail("Range too big. The sandbox blocks ranges larger than MAX_RANGE (" +
                                std::to_string(interpreter.limits().range) + ").");
    std::vector<Value> items;
    for (std::int64_t i = start; step > 0 ? i < stop : i > stop;) {
        items.emplace_back(i);
        if (__builtin_add_overflow(i, step, &i))
            break;
    }
    return interpreter.spend(items.size()) ? interpreter.sequence(std::move(items)) : Value();
}

/// The entries of dict(pairs, name=value) and namespace(…).
std::optional<Mapping> entriesOf(Interpreter& interpreter, const Arguments& arguments)
{
    Mapping mapping;
    if (!arguments.positional.empty()) {
        const Value& source = arguments.positional[0];
        if (source.mapping() != nullptr) {
            mapping = *source.mapping();
        } else if (const auto pairs = interpreter.iterate(source)) {
            for (const Value& pair : *pairs) {
                const auto both = interpreter.iterate(pair);
                if (!both)
                    return std::nullopt;
                const bool hashable =
                    both->size() == 2 && (*both)[0].sequence() == nullptr && (*both)[0].mapping() == nullptr;
                if (!hashable) {
                    interpreter.fail("dict() needs pairs of a key and a value");
                    return std::nullopt;
                }
                if (!interpreter.spend((*both)[0].text() == nullptr ? mapping.entries.size() : 1))
                    return std::nullopt;
                mapping.set((*both)[0], (*both)[1]);
            }
        }
    }
    for (const auto& [name, value] : arguments.named)
        mapping.set(Value::literal(name), value);
    return interpreter.failed() ? std::nullopt : std::optional(std::move(mapping));
}

Value makeDict(Interpreter& interpreter, const Arguments& arguments)
{
    auto mapping = entriesOf(interpreter, arguments);
    return mapping ? interpreter.mapping(std::move(*mapping)) : Value();
}

Value makeNamespace(Interpreter& interpreter, const Arguments& arguments)
{
    auto mapping = entriesOf(interpreter, arguments);
    if (!mapping || !interpreter.allow(256))
        return {};
    const auto space = std::make_shared<Namespace>();
    space->values = std::move(*mapping);
    interpreter.adopt(space);
    return Value(std::static_pointer_cast<Object>(space));
}

Value raiseException(Interpreter& interpreter, const Arguments& arguments)
{
    return interpreter.raise(textArgument(interpreter, arguments, 0, "message", ""));
}

Value strftimeNow(Interpreter& interpreter, const Arguments& arguments)
{
    const std::string format = textArgument(interpreter, arguments, 0, "format", "");
    if (format.empty())
        return interpreter.text({});
    const std::tm now = interpreter.now();
    // English whatever the person's language is: that is what models were trained on.
    const locale_t english = newlocale(LC_ALL_MASK, "C", nullptr);
    char buffer[1024];
    const std::size_t length = strftime_l(buffer, sizeof buffer, format.c_str(), &now, english);
    freelocale(english);
    if (length == 0)
        return interpreter.fail("the format for strftime_now gives no text or too much");
    return interpreter.text(std::string(buffer, length));
}

/// joiner(", "): nothing the first time it is called, the separator afterwards.
Value makeJoiner(Interpreter& interpreter, const Arguments& arguments)
{
    const Value separator = interpreter.text(textArgument(interpreter, arguments, 0, "sep", ", "));
    return makeFunction("joiner",
                        [separator, used = std::make_shared<bool>(false)](Interpreter& i, const Arguments&) {
                            if (*used)
                                return separator;
                            *used = true;
                            return i.text({});
                        });
}

struct NamedFunction
{
    std::string_view name;
    Value (*body)(Interpreter&, const Arguments&);
};
constexpr NamedFunction kFunctions[] = {
    {"range", range},
    {"dict", makeDict},
    {"namespace", makeNamespace},
    {"raise_exception", raiseException},
    {"strftime_now", strftimeNow},
    {"joiner", makeJoiner},
};

} // namespace

Value builtin(std::string_view name)
{
    for (const NamedFunction& entry : kFunctions)
        if (entry.name == name)
            return makeFunction(std::string(name), entry.body);
    return {};
}

} // namespace vitrine::engine::jinja
