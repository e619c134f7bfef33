// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts, data, shells, build files.
#include "ui/chat/markdown/code_grammar_tables.h"

namespace vitrine::ui {

namespace {

CodeGrammar python()
{
    return makeGrammar(
        "and as assert async await break case class continue def del elif else except False finally for "
        "from global if import in is lambda match None nonlocal not or pass raise return self True try "
        "while with yield",
        "bool bytes complex dict float frozenset int list object set str tuple type Any Callable Dict "
        "Iterable Iterator List Optional Path Set Tuple Union Exception ValueError TypeError KeyError "
        "RuntimeError",
        {"#"},
        {overLines("\"\"\"", "\"\"\"", CodeToken::String, true),
         overLines("'''", "'''", CodeToken::String, true), lineString("\""), lineString("'")});
}

CodeGrammar sql()
{
    CodeGrammar g = makeGrammar(
        "add all alter analyze and as asc begin between by cascade case check column commit concurrently "
        "constraint "
        "create cross database default delete desc distinct drop else end exists explain extension false "
        "foreign from "
        "full function group having if ilike in include index inner insert intersect into is join key "
        "lateral left "
        "like limit materialized natural not null offset on only or order outer over partition primary "
        "recursive "
        "references returning right rollback row rows select set table temporary then to transaction trigger "
        "true "
        "truncate union unique update using vacuum values view when where window with",
        "bigint bigserial blob boolean bytea char date decimal double float int integer interval json jsonb "
        "money "
        "numeric real serial smallint text time timestamp timestamptz tinyint uuid varchar",
        {"--"},
        {slashStar(), overLines("$$", "$$", CodeToken::String), overLines("'", "'", CodeToken::String),
         lineString("\"")});
    g.foldsCase = true;
    return g;
}

CodeGrammar shell()
{
    CodeGrammar g =
        makeGrammar("if then else elif fi for while until do done case esac function in return export local "
                    "readonly declare "
                    "unset shift break continue exit set source eval exec trap alias time select true false",
                    "", {"#"},
                    {overLines("\"", "\"", CodeToken::String, true), overLines("'", "'", CodeToken::String),
                     lineString("`")});
    g.variables = true;
    g.firstWordIsName = true;
    return g;
}

CodeGrammar powerShell()
{
    CodeGrammar g =
        makeGrammar("begin break catch class continue data do dynamicparam else elseif end enum exit "
                    "filter finally for foreach "
                    "from function if in param process return switch throw trap try until using "
                    "while -eq -ne -gt -ge -lt -le "
                    "-like -notlike -match -notmatch -contains -in -and -or -not -is -as",
                    "int string bool array hashtable datetime double object void", {"#"},
                    {overLines("<#", "#>", CodeToken::Comment), overLines("@\"", "\"@", CodeToken::String),
                     overLines("@'", "'@", CodeToken::String), lineString("\""), lineString("'")});
    g.quotes[3].escapes = g.quotes[4].escapes = false;
    g.extraWord = "-";
    g.foldsCase = true;
    g.variables = true;
    g.firstWordIsName = true;
    return g;
}

CodeGrammar json()
{
    CodeGrammar g = makeGrammar("true false null", "", {"//"}, {slashStar(), lineString("\"")});
    g.keysBeforeColon = true;
    return g;
}

CodeGrammar yaml()
{
    CodeGrammar g =
        makeGrammar("true false null yes no on off", "", {"#"}, {lineString("\""), lineString("'")});
    g.extraWord = "-.";
    g.keysBeforeColon = true;
    g.foldsCase = true;
    return g;
}

CodeGrammar ini()
{
    CodeGrammar g = makeGrammar("true false yes no on off", "", {"#", ";"},
                                {overLines("\"\"\"", "\"\"\"", CodeToken::String, true),
                                 overLines("'''", "'''", CodeToken::String),
                                 {"[", "]", CodeToken::Type, false, false, true},
                                 lineString("\""),
                                 lineString("'")});
    g.extraWord = "-.";
    g.keysBeforeEquals = true;
    return g;
}

CodeGrammar ruby()
{
    CodeGrammar g = makeGrammar(
        "alias and attr_accessor attr_reader attr_writer begin break case class def defined? do else elsif "
        "end ensure "
        "extend false for if in include loop module next nil not or private protected public raise redo "
        "require "
        "require_relative rescue retry return self super then true undef unless until when while yield",
        "", {"#"},
        {{"=begin", "=end", CodeToken::Comment, true, false, true},
         lineString("\""),
         lineString("'"),
         lineString("`")});
    g.extraWord = "?!";
    g.capitalTypes = true;
    return g;
}

CodeGrammar lua()
{
    return makeGrammar(
        "and break do else elseif end false for function goto if in local nil not or repeat return self "
        "then true until while",
        "", {"--"},
        {overLines("--[[", "]]", CodeToken::Comment), overLines("[[", "]]", CodeToken::String),
         lineString("\""), lineString("'")});
}

CodeGrammar r()
{
    CodeGrammar g =
        makeGrammar("break else FALSE for function if in Inf library NA NaN next NULL repeat require return "
                    "source TRUE while",
                    "character data.frame double integer list logical matrix numeric tibble vector", {"#"},
                    {lineString("\""), lineString("'"), lineString("`")});
    g.extraWord = ".";
    return g;
}

CodeGrammar haskell()
{
    CodeGrammar g =
        makeGrammar("as case class data default deriving do else family forall foreign hiding if import in "
                    "infix infixl infixr instance let module newtype of qualified then type where",
                    "", {"--"}, {overLines("{-", "-}", CodeToken::Comment), lineString("\"")});
    g.extraWord = "'";
    g.capitalTypes = true;
    return g;
}

CodeGrammar cmake()
{
    CodeGrammar g = makeGrammar(
        "if elseif else endif foreach endforeach while endwhile function endfunction macro endmacro return "
        "break "
        "continue include PUBLIC PRIVATE INTERFACE REQUIRED COMPONENTS VERSION STATIC SHARED AND OR NOT "
        "STREQUAL "
        "MATCHES EXISTS DEFINED TARGET ON OFF TRUE FALSE",
        "", {"#"},
        {overLines("#[[", "]]", CodeToken::Comment), overLines("\"", "\"", CodeToken::String, true)});
    g.variables = true;
    return g;
}

CodeGrammar makefile()
{
    CodeGrammar g =
        makeGrammar("ifeq ifneq ifdef ifndef else endif include define endef export override .PHONY", "",
                    {"#"}, {lineString("\""), lineString("'")});
    g.extraWord = ".-/%";
    g.variables = true;
    g.firstWordIsName = true;
    return g;
}

CodeGrammar dockerfile()
{
    CodeGrammar g =
        makeGrammar("FROM AS RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG "
                    "ONBUILD STOPSIGNAL HEALTHCHECK SHELL",
                    "", {"#"}, {lineString("\""), lineString("'")});
    g.variables = true;
    return g;
}

} // namespace

void addScriptGrammars(Grammars& grammars)
{
    grammars["python"] = python();
    grammars["sql"] = sql();
    grammars["shell"] = shell();
    grammars["powershell"] = powerShell();
    grammars["json"] = json();
    grammars["yaml"] = yaml();
    grammars["ini"] = ini();
    grammars["ruby"] = ruby();
    grammars["lua"] = lua();
    grammars["r"] = r();
    grammars["haskell"] = haskell();
    grammars["cmake"] = cmake();
    grammars["makefile"] = makefile();
    grammars["dockerfile"] = dockerfile();
}

} // namespace vitrine::ui
