// SPDX-License-Identifier: GPL-3.0-or-later
// Languages with braces.
#include "ui/chat/markdown/code_grammar_tables.h"

namespace vitrine::ui {

namespace {

CodeGrammar cpp()
{
    CodeGrammar g = makeGrammar(
        "if else for while do switch case break continue return default const static true false nullptr new "
        "delete this class struct enum union public private protected try catch throw using namespace "
        "template "
        "typename constexpr consteval constinit inline virtual override final sizeof noexcept explicit "
        "operator "
        "friend extern typedef goto volatile mutable register restrict concept requires co_await co_return "
        "co_yield static_cast dynamic_cast const_cast reinterpret_cast decltype alignas alignof auto NULL "
        "#include #define #if #ifdef #ifndef #else #elif #endif #pragma #undef #error __global__ __device__ "
        "__shared__",
        "int float double char bool long short unsigned signed void size_t ssize_t ptrdiff_t int8_t int16_t "
        "int32_t "
        "int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t wchar_t char8_t char16_t char32_t FILE string "
        "vector map unordered_map set optional variant unique_ptr shared_ptr string_view span array pair "
        "tuple",
        {"//"},
        {slashStar(), overLines("R\"(", ")\"", CodeToken::String), lineString("\""), lineString("'")});
    g.extraWord = "#";
    return g;
}

CodeGrammar cSharp()
{
    CodeGrammar g = makeGrammar(
        "abstract as async await base break case catch class const continue default delegate do else enum "
        "event "
        "explicit extern false finally fixed for foreach from get goto if implicit in init interface "
        "internal is "
        "lock namespace new null operator out override params partial private protected public readonly "
        "record ref "
        "required return sealed select set sizeof stackalloc static struct switch this throw true try typeof "
        "unchecked unsafe using var virtual volatile when where while with yield #region #endregion #if "
        "#endif",
        "bool byte char decimal double dynamic float int long nint object sbyte short string uint ulong "
        "ushort void",
        {"//"},
        {slashStar(), overLines("\"\"\"", "\"\"\"", CodeToken::String),
         overLines("$@\"", "\"", CodeToken::String), overLines("@\"", "\"", CodeToken::String),
         lineString("\""), lineString("'")});
    g.extraWord = "#";
    g.capitalTypes = true;
    return g;
}

CodeGrammar java()
{
    CodeGrammar g = makeGrammar(
        "abstract assert break case catch class const continue default do else enum extends false "
        "final finally for "
        "goto if implements import instanceof interface native new non-sealed null package permits "
        "private protected "
        "public record return sealed static strictfp super switch synchronized this throw throws "
        "transient true try "
        "var volatile while yield",
        "boolean byte char double float int long short void", {"//"},
        {slashStar(), overLines("\"\"\"", "\"\"\"", CodeToken::String, true), lineString("\""),
         lineString("'")});
    g.capitalTypes = true;
    return g;
}

CodeGrammar kotlin()
{
    CodeGrammar g = makeGrammar(
        "abstract actual annotation as break by catch class companion const constructor continue crossinline "
        "data do "
        "else enum expect external false final finally for fun get if import in infix init inline inner "
        "interface "
        "internal is lateinit noinline null object open operator out override package private protected "
        "public "
        "reified return sealed set super suspend tailrec this throw true try typealias val value var vararg "
        "when "
        "where while",
        "", {"//"},
        {slashStar(), overLines("\"\"\"", "\"\"\"", CodeToken::String), lineString("\""), lineString("'")});
    g.capitalTypes = true;
    return g;
}

CodeGrammar swift()
{
    CodeGrammar g =
        makeGrammar("actor any as associatedtype async await break case catch class continue "
                    "convenience default defer deinit "
                    "didSet do dynamic else enum extension fallthrough false fileprivate final for "
                    "func get guard if import in "
                    "indirect infix init inout internal is lazy let mutating nil nonisolated open "
                    "operator optional override "
                    "private protocol public repeat required rethrows return self set some static "
                    "struct subscript super switch "
                    "throw throws true try typealias unowned var weak where while willSet",
                    "Self", {"//"},
                    {slashStar(), overLines("\"\"\"", "\"\"\"", CodeToken::String, true), lineString("\"")});
    g.capitalTypes = true;
    return g;
}

CodeGrammar go()
{
    return makeGrammar(
        "break case chan const continue default defer else fallthrough false for func go goto if import "
        "interface iota map nil package range return select struct switch true type var",
        "any bool byte complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string "
        "uint uint8 uint16 uint32 uint64 uintptr",
        {"//"}, {slashStar(), overLines("`", "`", CodeToken::String), lineString("\""), lineString("'")});
}

CodeGrammar rust()
{
    CodeGrammar g = makeGrammar(
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop "
        "macro match "
        "mod move mut pub ref return self static struct super trait true type union unsafe use where while",
        "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Self", {"//"},
        {slashStar(), overLines("r#\"", "\"#", CodeToken::String), overLines("r\"", "\"", CodeToken::String),
         overLines("\"", "\"", CodeToken::String, true)});
    g.capitalTypes = true;
    g.lifetimes = true;
    return g;
}

CodeGrammar javaScript(bool typed)
{
    CodeGrammar g = makeGrammar(
        "async await break case catch class const continue debugger default delete do else export "
        "extends false "
        "finally for from function get if import in instanceof let new null of return set static "
        "super switch this "
        "throw true try typeof undefined var void while with yield",
        "Array Boolean Date Error Map Number Object Promise RegExp Set String Symbol WeakMap", {"//"},
        {slashStar(), overLines("`", "`", CodeToken::String, true), lineString("\""), lineString("'")});
    g.extraWord = "$";
    if (!typed)
        return g;
    g.keywords |=
        wordSet("abstract as asserts declare enum implements infer interface is keyof namespace override "
                "private protected public readonly satisfies type");
    g.types |=
        wordSet("any bigint boolean never number object string symbol unknown void Partial Pick Record Omit");
    g.keywords.remove("void");
    g.capitalTypes = true;
    return g;
}

CodeGrammar php()
{
    CodeGrammar g =
        makeGrammar("abstract and array as break callable case catch class clone const continue "
                    "declare default do echo else "
                    "elseif empty enum extends false final finally fn for foreach function global "
                    "goto if implements include "
                    "include_once instanceof insteadof interface isset list match namespace new null "
                    "or print private protected "
                    "public readonly require require_once return self static switch this throw trait "
                    "true try unset use var while "
                    "yield",
                    "bool float int iterable mixed never object string void", {"//", "#"},
                    {slashStar(), lineString("\""), lineString("'")});
    g.variables = true;
    g.capitalTypes = true;
    return g;
}

} // namespace

void addBraceGrammars(Grammars& grammars)
{
    grammars["cpp"] = cpp();
    grammars["csharp"] = cSharp();
    grammars["java"] = java();
    grammars["kotlin"] = kotlin();
    grammars["swift"] = swift();
    grammars["go"] = go();
    grammars["rust"] = rust();
    grammars["javascript"] = javaScript(false);
    grammars["typescript"] = javaScript(true);
    grammars["php"] = php();
}

} // namespace vitrine::ui
