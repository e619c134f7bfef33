// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/html_report.h"

#include <array>
#include <cstdio>

#include "engine/report/report_palette.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kStyle = R"(
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.5 Inter,"Noto Sans","Noto Sans CJK SC",system-ui,sans-serif}
main{max-width:784px;margin:0 auto;padding:40px 32px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:18px;line-height:1.3;margin:40px 0 12px;font-weight:600}
h3{font-size:14px;margin:24px 0 4px;font-weight:600}
p{margin:0 0 8px;overflow-wrap:anywhere}
.secondary,.note,figcaption span{color:var(--secondary)}
.note{font-size:12px;margin:6px 0 0}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:12px;margin:16px 0}
dl div{background:var(--card);border:1px solid var(--grid);border-radius:8px;padding:12px 16px}
dt{color:var(--secondary);font-size:12px}
dd{margin:0;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
dd small{display:block;font-size:12px;font-weight:400;color:var(--secondary)}
figure{margin:16px 0;background:var(--card);border:1px solid var(--grid);border-radius:8px;padding:16px}
figcaption{font-weight:600;margin-bottom:8px}
figcaption span{font-weight:400;margin-left:8px}
svg{display:block;width:100%;height:auto}
svg text{font-size:12px;font-variant-numeric:tabular-nums}
ul{list-style:none;margin:8px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px;color:var(--secondary)}
li svg{display:inline-block;width:12px;height:12px;margin-right:6px;vertical-align:-1px}
.table{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{color:var(--secondary);font-weight:500;font-size:12px;text-align:left;white-space:nowrap}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
td{overflow-wrap:break-word}
.r{text-align:right;white-space:nowrap}
.good{color:var(--good)}
.bad{color:var(--bad)}
td.secondary{color:var(--secondary)}
@media(max-width:640px){main{padding:24px 16px 40px}figure{overflow-x:auto}figure>svg,table{min-width:560px}}
th:last-child,td:last-child{padding-right:0}
@media print{body{background:none}figure,tr,dl div{break-inside:avoid}h2,h3{break-after:avoid}}
)";

std::string escaped(std::string_view text)
{
    std::string safe;
    for (const char letter : cleanReportText(text))
        switch (letter) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += letter;
        }
    return safe;
}

std::string number(double value)
{
    return decimals(value, 1);
}

std::string inks(std::uint32_t ReportInk::*look)
{
    std::string css;
    for (const ReportInk& ink : kReportInks) {
        std::array<char, 16> colour{};
        std::snprintf(colour.data(), colour.size(), ":#%06x;", static_cast<unsigned>(ink.*look));
        css += "--" + std::string(ink.name) + colour.data();
    }
    return css;
}

std::string fill(ReportColour colour, bool hatched)
{
    const std::string name = inkOf(colour).name;
    return hatched ? "url(#hatch-" + name + ")" : "var(--" + name + ")";
}

class HtmlWriter
{
public:
    std::string write(const ReportDocument& document)
    {
        m_html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
                 escaped(document.title) + "</title>\n<style>\n:root{--page:#eef1f1;--card:#fff;" +
                 inks(&ReportInk::light) +
                 "}\n@media(prefers-color-scheme:dark){:root{--page:#0f1415;--card:#151b1d;" +
                 inks(&ReportInk::dark) + "}}" + std::string(kStyle) + "</style>\n</head>\n<body>\n";
        patterns();
        m_html += "<main>\n";
        for (const ReportBlock& block : document.blocks)
            std::visit([this](const auto& value) { put(value); }, block);
        return std::move(m_html) + "</main>\n</body>\n</html>\n";
    }

private:
    void patterns()
    {
        m_html += "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\" "
                  "style=\"position:absolute;width:0\" aria-hidden=\"true\"><defs>";
        for (const ReportInk& ink : kReportInks) {
            const std::string name = ink.name;
            m_html += "<pattern id=\"hatch-" + name +
                      "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                      "patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"var(--" +
                      name + ")\" fill-opacity=\"0.2\"/><rect width=\"2\" height=\"5\" fill=\"var(--" + name +
                      ")\"/></pattern>";
        }
        m_html += "</defs></svg>\n";
    }

    void put(const ReportHeading& heading)
    {
        const std::string tag = "h" + std::to_string(heading.level < 1   ? 1
                                                     : heading.level > 3 ? 3
                                                                         : heading.level);
        m_html += "<" + tag + ">" + escaped(heading.text) + "</" + tag + ">\n";
    }

    void put(const ReportParagraph& paragraph)
    {
        m_html += std::string("<p") + (paragraph.secondary ? " class=\"secondary\"" : "") + ">" +
                  escaped(paragraph.text) + "</p>\n";
    }

    void put(const ReportFigures& figures)
    {
        m_html += "<dl>\n";
        for (const ReportFigure& figure : figures.figures) {
            m_html += "<div><dt>" + escaped(figure.label) + "</dt><dd>" + escaped(figure.value);
            if (!figure.note.empty())
                m_html += "<small>" + escaped(figure.note) + "</small>";
            m_html += "</dd></div>\n";
        }
        m_html += "</dl>\n";
    }

    void put(const ReportTable& table)
    {
        m_html += "<div class=\"table\"><table>\n<thead><tr>";
        for (const ReportColumn& column : table.columns)
            m_html += std::string("<th scope=\"col\"") + (column.right ? " class=\"r\">" : ">") +
                      escaped(column.title) + "</th>";
        m_html += "</tr></thead>\n<tbody>\n";
        m_row = 0;
        for (const std::vector<std::string>& row : table.rows) {
            m_html += "<tr>";
            const ReportColour last = verdictColour(table, m_row);
            for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i) {
                const bool verdict = i + 1 == table.columns.size() && last != ReportColour::Text;
                m_html += "<td" +
                          (table.columns[i].right ? " class=\"r\">"
                           : verdict              ? " class=\"" + std::string(inkOf(last).name) + "\">"
                                                  : std::string(">")) +
                          escaped(row[i]) + "</td>";
            }
            m_html += "</tr>\n";
            ++m_row;
        }
        m_html += "</tbody></table></div>\n";
        if (!table.note.empty())
            m_html += "<p class=\"note\">" + escaped(table.note) + "</p>\n";
    }

    void put(const ReportChart& chart)
    {
        m_html += "<figure><figcaption>" + escaped(chart.title);
        if (!chart.subtitle.empty())
            m_html += "<span>" + escaped(chart.subtitle) + "</span>";
        m_html += "</figcaption>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"" +
                  escaped(chart.title) + "\" viewBox=\"0 0 " + number(kReportWidth) + " " +
                  number(chart.height) + "\">\n";
        for (const ReportShape& shape : chart.shapes)
            std::visit([this](const auto& value) { draw(value); }, shape);
        m_html += "</svg>\n";
        if (!chart.keys.empty()) {
            m_html += "<ul>";
            for (const ReportKey& key : chart.keys)
                m_html += "<li><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 12 12\" "
                          "aria-hidden=\"true\"><rect width=\"12\" height=\"12\" rx=\"2\" fill=\"" +
                          fill(key.colour, key.hatched) + "\"/></svg>" + escaped(key.label) + "</li>";
            m_html += "</ul>\n";
        }
        m_html += "</figure>\n";
    }

    std::string pointsOf(const std::vector<ReportPoint>& points) const
    {
        std::string text;
        for (const ReportPoint& point : points)
            text += (text.empty() ? "" : " ") + number(point.x) + "," + number(point.y);
        return text;
    }

    void draw(const ReportLine& line)
    {
        m_html += "<polyline fill=\"none\" stroke-linejoin=\"round\" stroke=\"" + fill(line.colour, false) +
                  "\" stroke-width=\"" + number(line.width) + "\"" +
                  (line.dashed ? " stroke-dasharray=\"4 3\"" : "") + " points=\"" + pointsOf(line.points) +
                  "\"/>\n";
    }

    void draw(const ReportArea& area)
    {
        m_html += "<polygon fill=\"" + fill(area.colour, false) + "\" fill-opacity=\"" +
                  decimals(area.opacity, 2) + "\" points=\"" + pointsOf(area.points) + "\"/>\n";
    }

    void draw(const ReportRect& rect)
    {
        m_html += "<rect x=\"" + number(rect.x) + "\" y=\"" + number(rect.y) + "\" width=\"" +
                  number(rect.width) + "\" height=\"" + number(rect.height) + "\" fill=\"" +
                  fill(rect.colour, rect.hatched) + "\"/>\n";
    }

    void draw(const ReportLabel& label)
    {
        constexpr std::array kAnchors = {"start", "middle", "end"};
        m_html += "<text x=\"" + number(label.x) + "\" y=\"" + number(label.y) + "\" text-anchor=\"" +
                  kAnchors[static_cast<std::size_t>(label.anchor)] + "\" fill=\"" +
                  fill(label.colour, false) + "\">" + escaped(label.text) + "</text>\n";
    }

    std::string m_html;
    std::size_t m_row = 0; ///< of the table that is being written
};

} // namespace

std::string htmlReport(const ReportDocument& document)
{
    return HtmlWriter().write(document);
}

} // namespace vitrine::engine
