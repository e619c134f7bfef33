// SPDX-License-Identifier: GPL-3.0-or-later
// A report as a document, free of how it is shown: headings, figures, tables, and charts made of lines,
// rectangles and text. Renderers make HTML (html_report.h) and PDF (pdf_report.h) of it. Texts may come from
// outside: renderers take them as text and nothing else. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vitrine::engine {

/// What a colour means; its values for light and dark paper are the renderers' (report_palette.h).
enum class ReportColour : std::uint8_t {
    Text,
    Secondary,
    Grid,
    Accent,
    Muted, ///< a second curve beside the accent
    Prefill,
    Decode,
    Cached,
    Preempted,
    Queued,
    Good,
    Bad
};
inline constexpr std::size_t kReportColours = 12;

struct ReportPoint
{
    double x = 0.0, y = 0.0;
};

// Shapes of a chart, in its own units: x to the right, y down.

struct ReportLine
{
    std::vector<ReportPoint> points;
    ReportColour colour = ReportColour::Text;
    double width = 1.0;
    bool dashed = false;
};

struct ReportArea ///< closed
{
    std::vector<ReportPoint> points;
    ReportColour colour = ReportColour::Text;
    double opacity = 1.0;
};

struct ReportRect
{
    double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
    ReportColour colour = ReportColour::Text;
    bool hatched = false;
};

enum class ReportAnchor : std::uint8_t { Start, Middle, End };

struct ReportLabel
{
    double x = 0.0, y = 0.0; ///< of the baseline
    std::string text;
    ReportColour colour = ReportColour::Secondary;
    ReportAnchor anchor = ReportAnchor::Start;
};

using ReportShape = std::variant<ReportLine, ReportArea, ReportRect, ReportLabel>;

// Blocks, from top to bottom.

struct ReportHeading
{
    std::string text;
    int level = 2; ///< 1 is the report's title
};

struct ReportParagraph
{
    std::string text;
    bool secondary = false;
};

struct ReportFigure
{
    std::string value, label, note;
};

/// A few figures side by side.
struct ReportFigures
{
    std::vector<ReportFigure> figures;
};

struct ReportColumn
{
    std::string title;
    double weight = 1.0; ///< of the page's width
    bool right = false;  ///< numbers
};

struct ReportTable
{
    std::vector<ReportColumn> columns;
    std::vector<std::vector<std::string>> rows; ///< a cell a column
    std::string note;                           ///< below it, what was left out
    std::vector<ReportColour> verdicts = {};    ///< of each row's last cell; fewer: as other text
};

inline ReportColour verdictColour(const ReportTable& table, std::size_t row)
{
    return row < table.verdicts.size() ? table.verdicts[row] : ReportColour::Text;
}

struct ReportKey
{
    std::string label;
    ReportColour colour = ReportColour::Text;
    bool hatched = false;
};

inline constexpr double kReportWidth = 720.0; ///< of every chart, in its units

struct ReportChart
{
    std::string title, subtitle;
    double height = 180.0;
    std::vector<ReportShape> shapes;
    std::vector<ReportKey> keys;
};

using ReportBlock = std::variant<ReportHeading, ReportParagraph, ReportFigures, ReportTable, ReportChart>;

/// A part with a heading of its own; findings of an advisor come so.
struct ReportSection
{
    std::string title;
    std::vector<ReportBlock> blocks;
};

struct ReportDocument
{
    std::string title;
    std::vector<ReportBlock> blocks;

    void add(ReportBlock block) { blocks.push_back(std::move(block)); }
    void add(const ReportSection& section)
    {
        add(ReportHeading{section.title, 2});
        blocks.insert(blocks.end(), section.blocks.begin(), section.blocks.end());
    }
};

/// Valid UTF-8 that XML and fonts can take: line ends become spaces, what is no character "�".
std::string cleanReportText(std::string_view text);

} // namespace vitrine::engine
