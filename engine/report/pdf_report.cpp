// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/pdf_report.h"

#ifdef VITRINE_PANGO

#include <algorithm>

#include "engine/report/pdf_canvas.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr double kMargin = 48.0, kFooter = 30.0;
constexpr std::size_t kTitleWidth = 80; // letters, in the footer
constexpr double kGap = 9.0;            // between columns
constexpr double kWidth = kPageWidth - 2.0 * kMargin;
constexpr double kBottom = kPageHeight - kMargin - 12.0;

class PdfWriter
{
public:
    /// `pages` 0: they are counted, and no bytes are wanted.
    PdfWriter(std::string* bytes, const std::string& title, int pages)
        : m_canvas(bytes, cleanReportText(title)), m_title(title), m_pages(pages)
    {}

    /// The number of pages; 0 when it failed.
    int write(const ReportDocument& document)
    {
        for (const ReportBlock& block : document.blocks)
            std::visit([this](const auto& value) { put(value); }, block);
        endPage();
        return m_canvas.finish() ? m_page : 0;
    }

private:
    void endPage()
    {
        ++m_page;
        const double y = kPageHeight - kFooter;
        const PdfText left{7.5, false, ReportColour::Secondary, ReportAnchor::Start, 0};
        PdfText right = left;
        right.anchor = ReportAnchor::End;
        m_canvas.label(shortened(cleanReportText(m_title), kTitleWidth), kMargin, y, left);
        m_canvas.label("Page " + std::to_string(m_page) + " of " + std::to_string(m_pages),
                       kPageWidth - kMargin, y, right);
        m_canvas.endPage();
        m_y = kMargin;
    }

    /// True when it began a page.
    bool need(double height)
    {
        if (m_y + height <= kBottom || m_y <= kMargin)
            return false;
        endPage();
        return true;
    }

    void put(const ReportHeading& heading)
    {
        const double size = heading.level <= 1 ? 18.0 : heading.level == 2 ? 13.0 : 10.5;
        const auto text = m_canvas.layout(heading.text, kWidth, {size, true});
        const double space = m_y <= kMargin ? 0.0 : heading.level <= 1 ? 6.0 : 20.0;
        constexpr double kWithNext = 90.0; // of what follows
        m_y += need(space + PdfCanvas::heightOf(text) + kWithNext) ? 0.0 : space;
        m_canvas.draw(text, kMargin, m_y, ReportColour::Text);
        m_y += PdfCanvas::heightOf(text) + 5.0;
    }

    /// Line by line: a long one goes on over the page.
    void put(const ReportParagraph& paragraph)
    {
        const ReportColour colour = paragraph.secondary ? ReportColour::Secondary : ReportColour::Text;
        const auto text = m_canvas.layout(paragraph.text, kWidth, {9.5, false, colour});
        PangoLayoutIter* at = pango_layout_get_iter(text.get());
        do {
            PangoRectangle box{};
            pango_layout_iter_get_line_extents(at, nullptr, &box);
            const double height = static_cast<double>(box.height) / PANGO_SCALE + 1.5;
            need(height);
            const PangoLayoutLine* line = pango_layout_iter_get_line_readonly(at);
            m_canvas.label(std::string(pango_layout_get_text(text.get()) + line->start_index,
                                       static_cast<std::size_t>(line->length)),
                           kMargin, m_y + 9.5, {9.5, false, colour, ReportAnchor::Start, 0});
            m_y += height;
        } while (pango_layout_iter_next_line(at) != FALSE);
        pango_layout_iter_free(at);
        m_y += 3.0;
    }

    void put(const ReportFigures& figures)
    {
        constexpr int kAcross = 4;
        constexpr double kApart = 8.0, kHeight = 54.0, kPad = 9.0;
        constexpr double kCard = (kWidth - kApart * (kAcross - 1)) / kAcross;
        m_y += 6.0;
        for (std::size_t i = 0; i < figures.figures.size(); ++i) {
            const ReportFigure& figure = figures.figures[i];
            if (i % kAcross == 0)
                need(kHeight);
            const double x = kMargin + static_cast<double>(i % kAcross) * (kCard + kApart) + kPad;
            m_canvas.card(x - kPad, m_y, kCard, kHeight);
            line(figure.label, x, m_y + 7.0, kCard - 2.0 * kPad, {7.5, false, ReportColour::Secondary});
            line(figure.value, x, m_y + 17.0, kCard - 2.0 * kPad, {13.0, true, ReportColour::Text});
            line(figure.note, x, m_y + 36.0, kCard - 2.0 * kPad, {7.5, false, ReportColour::Secondary});
            if (i % kAcross == kAcross - 1 || i + 1 == figures.figures.size())
                m_y += kHeight + kApart;
        }
    }

    void line(const std::string& text, double x, double y, double width, PdfText style)
    {
        style.mostLines = 1;
        m_canvas.draw(m_canvas.layout(text, width, style), x, y, style.colour);
    }

    struct Row
    {
        std::vector<PdfCanvas::Layout> cells;
        double height = 0.0;
    };

    Row layRow(const ReportTable& table, const std::vector<std::string>& texts, bool head) const
    {
        Row row;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const ReportColumn& column = table.columns[i];
            PdfText style{7.5, false, ReportColour::Text,
                          column.right ? ReportAnchor::End : ReportAnchor::Start,
                          column.right || head ? 1 : 4};
            row.cells.push_back(m_canvas.layout(i < texts.size() ? texts[i] : std::string(),
                                                widthOf(table, i) - (i > 0 ? kGap : 0.0), style));
            row.height = std::max(row.height, PdfCanvas::heightOf(row.cells.back()));
        }
        row.height += 6.0;
        return row;
    }

    static double widthOf(const ReportTable& table, std::size_t column)
    {
        double all = 0.0;
        for (const ReportColumn& one : table.columns)
            all += std::max(one.weight, 0.1);
        return kWidth * std::max(table.columns[column].weight, 0.1) / all;
    }

    void drawRow(const ReportTable& table, const Row& row, ReportColour colour)
    {
        double x = kMargin;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            m_canvas.draw(row.cells[i], x + (i > 0 ? kGap : 0.0), m_y + 3.0, colour);
            x += widthOf(table, i);
        }
        m_y += row.height;
        m_canvas.rule(kMargin, kMargin + kWidth, m_y);
    }

    /// Its head stands on every page that it reaches.
    void put(const ReportTable& table)
    {
        std::vector<std::string> titles;
        for (const ReportColumn& column : table.columns)
            titles.push_back(column.title);
        const Row head = layRow(table, titles, true);
        need(head.height * 3.0);
        drawRow(table, head, ReportColour::Secondary);
        for (const std::vector<std::string>& texts : table.rows) {
            const Row row = layRow(table, texts, false);
            if (need(row.height))
                drawRow(table, head, ReportColour::Secondary);
            drawRow(table, row, ReportColour::Text);
        }
        m_y += 4.0;
        if (!table.note.empty())
            put(ReportParagraph{table.note, true});
    }

    void put(const ReportChart& chart)
    {
        constexpr double kTitle = 20.0, kKeys = 16.0, kPad = 10.0;
        const double room = kBottom - kMargin - kTitle - kKeys - 2.0 * kPad;
        const double inner = kWidth - 2.0 * kPad;
        const double scale = std::min(inner / kReportWidth, room / std::max(chart.height, 1.0));
        const double height = chart.height * scale + kTitle + (chart.keys.empty() ? 0.0 : kKeys) + 2.0 * kPad;
        m_y += 4.0;
        need(height);
        const double x = kMargin + kPad;
        m_canvas.card(kMargin, m_y, kWidth, height);
        const auto title = m_canvas.layout(chart.title, 0.0, {9.5, true});
        m_canvas.draw(title, x, m_y + kPad, ReportColour::Text);
        const double beside = PdfCanvas::widthOf(title) + 8.0;
        line(chart.subtitle, x + beside, m_y + kPad + 1.5, std::max(inner - beside, 10.0),
             {8.0, false, ReportColour::Secondary});
        m_canvas.shapes(chart.shapes, x, m_y + kPad + kTitle, scale);
        drawKeys(chart, x, m_y + kPad + kTitle + chart.height * scale + 6.0);
        m_y += height + 6.0;
    }

    void drawKeys(const ReportChart& chart, double x, double y)
    {
        for (const ReportKey& key : chart.keys) {
            m_canvas.rect(x, y, 7.5, 7.5, key.colour, key.hatched);
            const auto text = m_canvas.layout(key.label, 0.0, {7.5, false, ReportColour::Secondary});
            m_canvas.draw(text, x + 11.0, y - 1.0, ReportColour::Secondary);
            x += 11.0 + PdfCanvas::widthOf(text) + 14.0;
        }
    }

    PdfCanvas m_canvas;
    std::string m_title;
    int m_pages, m_page = 0;
    double m_y = kMargin;
};

} // namespace

bool canWritePdf()
{
    return true;
}

Result<std::string> pdfReport(const ReportDocument& document)
{
    const int pages = PdfWriter(nullptr, document.title, 0).write(document);
    std::string bytes;
    if (pages == 0 || PdfWriter(&bytes, document.title, pages).write(document) == 0)
        return outOfResources("the report could not be laid out as PDF; write it as .html instead");
    return bytes;
}

} // namespace vitrine::engine

#else

namespace vitrine::engine {

bool canWritePdf()
{
    return false;
}

Result<std::string> pdfReport(const ReportDocument&)
{
    return invalidArgument(
        "this build cannot write PDF: it was built without libpango1.0-dev; write the report "
        "as .html instead");
}

} // namespace vitrine::engine

#endif
