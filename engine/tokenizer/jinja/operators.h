// SPDX-License-Identifier: GPL-3.0-or-later
// Python's operators on values. Those that can fail report through the interpreter and return undefined.
#pragma once

#include <optional>

#include "engine/tokenizer/jinja/value.h"

namespace vitrine::engine::jinja {

enum class BinaryOperator : std::uint8_t { Add, Subtract, Multiply, Divide, FloorDivide, Modulo, Power };
enum class Comparison : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, NotIn };

bool equal(const Value& a, const Value& b);
/// The number as floating point; nullopt when the value is none.
std::optional<double> asNumber(const Value& value);
std::optional<std::int64_t> asInteger(const Value& value); ///< of int and bool

Value binary(Interpreter& interpreter, BinaryOperator operation, const Value& left, const Value& right);
Value negated(Interpreter& interpreter, const Value& value);
bool compare(Interpreter& interpreter, Comparison comparison, const Value& left, const Value& right);
/// -1, 0, 1; texts, numbers and sequences of them have an order.
int ordered(Interpreter& interpreter, const Value& left, const Value& right, std::string_view sign = "<");
bool contains(Interpreter& interpreter, const Value& container, const Value& item);

/// obj.name: methods before keys. obj[key]: keys before methods.
Value attributeOf(Interpreter& interpreter, const Value& object, const std::string& name);
Value itemOf(Interpreter& interpreter, const Value& object, const Value& key);
/// object[start:stop:step]; none where not given.
Value sliceOf(Interpreter& interpreter, const Value& object, const Value& start, const Value& stop,
              const Value& step);

} // namespace vitrine::engine::jinja
