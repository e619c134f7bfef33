// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/report_file.h"

#include <filesystem>
#include <fstream>

#include "engine/report/html_report.h"
#include "engine/report/pdf_report.h"

namespace vitrine::engine {

bool isReportSuffix(const std::string& suffix)
{
    return suffix == ".html" || suffix == ".pdf";
}

std::string reportProblem(const std::string& suffix)
{
    return suffix != ".pdf" || canWritePdf()
               ? ""
               : "this build cannot write PDF (it lacks libpango1.0-dev); write .html";
}

Result<void> writeReport(const ReportDocument& document, const std::string& path)
{
    const std::string suffix = std::filesystem::path(path).extension().string();
    if (!isReportSuffix(suffix))
        return invalidArgument("a report is a file that ends in .html or .pdf, not \"" + path + "\"");
    Result<std::string> bytes = suffix == ".pdf" ? pdfReport(document) : htmlReport(document);
    if (!bytes)
        return bytes.error();
    std::ofstream file(path, std::ios::binary);
    file << *bytes;
    file.close();
    return file ? Result<void>() : outOfResources("cannot write the report to \"" + path + "\"");
}

} // namespace vitrine::engine
