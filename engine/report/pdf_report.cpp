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
        for (std::size_t i = 0; i < document.blocks.size(); ++i) {
            m_next = i + 1 < document.blocks.size() ? &document.blocks[i + 1] : nullptr;
            std::visit([this](const auto& value) { put(value); }, document.blocks[i]);
        }
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
        m_y += need(space + PdfCanvas::heightOf(text) + leastOfNext()) ? 0.0 : space;
        m_canvas.draw(text, kMargin, m_y, ReportColour::Text);
        m_y += PdfCanvas::heightOf(text) + 5.0;
    }

    /// What a heading stays together with: a chart is never parted, a smaller heading takes its own along.
    double leastOfNext() const
    {
        constexpr double kUsual = 90.0, kHeading = 45.0;
        if (m_next != nullptr && std::holds_alternative<ReportHeading>(*m_next))
            return kHeading + kUsual;
        const auto* chart = m_next != nullptr ? std::get_if<ReportChart>(m_next) : nullptr;
        return chart != nullptr ? std::max(kUsual, heightOf(*chart) + 10.0) : kUsual;
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
        constexpr double kApart = 8.0, kInside = 9.0;
        constexpr double kCard = (kWidth - kApart * (kAcross - 1)) / kAcross;
        m_y += 6.0;
        for (std::size_t first = 0; first < figures.figures.size(); first += kAcross) {
            const std::size_t end = std::min(first + kAcross, figures.figures.size());
            std::vector<Card> cards;
            double height = 0.0;
            for (std::size_t i = first; i < end; ++i) {
                cards.push_back(layCard(figures.figures[i], kCard - 2.0 * kInside));
                height = std::max(height, cards.back().height + 2.0 * kInside - 4.0);
            }
            need(height);
            for (std::size_t i = 0; i < cards.size(); ++i) {
                const double x = kMargin + static_cast<double>(i) * (kCard + kApart);
                m_canvas.card(x, m_y, kCard, height);
                drawCard(cards[i], x + kInside, m_y + kInside - 2.0);
            }
            m_y += height + kApart;
        }
    }

    struct Card
    {
        PdfCanvas::Layout label, value, note;
        double height = 0.0;
    };

    /// All of its words, on two lines where they need them.
    Card layCard(const ReportFigure& figure, double width) const
    {
        const PdfText small{7.5, false, ReportColour::Secondary, ReportAnchor::Start, 2};
        Card card{
            m_canvas.layout(figure.label, width, small),
            m_canvas.layout(figure.value, width, {13.0, true, ReportColour::Text, ReportAnchor::Start, 1}),
            m_canvas.layout(figure.note, width, small)};
        card.height = PdfCanvas::heightOf(card.label) + PdfCanvas::heightOf(card.value) +
                      PdfCanvas::heightOf(card.note) + 2.0;
        return card;
    }

    void drawCard(const Card& card, double x, double y)
    {
        m_canvas.draw(card.label, x, y, ReportColour::Secondary);
        y += PdfCanvas::heightOf(card.label);
        m_canvas.draw(card.value, x, y, ReportColour::Text);
        y += PdfCanvas::heightOf(card.value) + 2.0;
        m_canvas.draw(card.note, x, y, ReportColour::Secondary);
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

    void drawRow(const ReportTable& table, const Row& row, ReportColour colour, ReportColour last)
    {
        double x = kMargin;
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            m_canvas.draw(row.cells[i], x + (i > 0 ? kGap : 0.0), m_y + 3.0,
                          i + 1 < row.cells.size() ? colour : last);
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
        drawRow(table, head, ReportColour::Secondary, ReportColour::Secondary);
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            const Row row = layRow(table, table.rows[i], false);
            if (need(row.height))
                drawRow(table, head, ReportColour::Secondary, ReportColour::Secondary);
            drawRow(table, row, ReportColour::Text, verdictColour(table, i));
        }
        m_y += 4.0;
        if (!table.note.empty())
            put(ReportParagraph{table.note, true});
    }

    static constexpr double kTitle = 20.0, kKeys = 16.0, kPad = 10.0; // of a chart

    static double scaleOf(const ReportChart& chart)
    {
        const double room = kBottom - kMargin - kTitle - kKeys - 2.0 * kPad;
        return std::min((kWidth - 2.0 * kPad) / kReportWidth, room / std::max(chart.height, 1.0));
    }

    static double heightOf(const ReportChart& chart)
    {
        return chart.height * scaleOf(chart) + kTitle + (chart.keys.empty() ? 0.0 : kKeys) + 2.0 * kPad;
    }

    void put(const ReportChart& chart)
    {
        const double scale = scaleOf(chart), height = heightOf(chart), inner = kWidth - 2.0 * kPad;
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
    const ReportBlock* m_next = nullptr; ///< after the one that is being put
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
