// SPDX-License-Identifier: GPL-3.0-or-later
// Chats as a PDF: pages, text, cancelling, hostile Markdown; on a thread of the pool as in the window.
#include <QApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include "ui/exchange/window/pdf_writer.h"
#include "ui/theme/theme.h"

using namespace vitrine::ui;

namespace {

ExchangedChat chatOf(const QStringList& turns)
{
    ExchangedChat chat;
    chat.conversation.title = "Printed";
    chat.conversation.created = 1'700'000'000'000;
    for (const QString& text : turns) {
        MessageRecord message;
        message.id = chat.messages.size() + 1;
        message.parent = message.id - 1;
        message.role = message.parent % 2 ? Role::Assistant : Role::User;
        message.text = text;
        chat.messages.append(message);
    }
    chat.conversation.leaf = chat.messages.size();
    return chat;
}

const QString kAllKinds = QString::fromUtf8(
    "# Heading\n\nA *paragraph* with **bold**, `code`, ~~gone~~ and a [link](https://example.org).\n\n"
    "- one\n- two\n  - deeper\n\n3. third\n4. fourth\n\n> a quotation\n\n"
    "```cpp\nint main() { return 0; }\n\n// done\n```\n\n| Left | Right |\n|:-----|------:|\n| a | 1 |\n| b "
    "| `2` |\n\n"
    "---\n\n中文也要印出来。 日本語 한국어 é ß\n");

} // namespace

class PdfTest : public QObject
{
    Q_OBJECT

private:
    PdfResult write(const QList<ExchangedChat>& chats, ExchangeProgress& progress)
    {
        PdfResult result;
        const PdfStyle style(m_theme);
        QThreadPool pool;
        pool.start([&] { result = writePdf(chats, style, path(), progress); });
        pool.waitForDone();
        return result;
    }

    QString path() const { return m_folder.filePath("chat.pdf"); }

    int pagesInFile() const
    {
        QFile file(path());
        const QByteArray bytes = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        return bytes.startsWith("%PDF-") ? int(bytes.count("/Type /Page\n")) : -1;
    }

    QString textInFile() const
    {
        QProcess process;
        process.start("pdftotext", {path(), "-"});
        process.waitForFinished();
        const QString text = QString::fromUtf8(process.readAllStandardOutput());
        return text.normalized(QString::NormalizationForm_KC); // a glyph that two characters share is either
    }

    Theme m_theme;
    QTemporaryDir m_folder;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void cleanup() { QFile::remove(path()); }

    void everyKindOfBlockIsPrinted()
    {
        ExchangeProgress progress;
        ExchangedChat chat = chatOf({"Print this\nin two lines", kAllKinds});
        chat.messages[0].attachments = R"([{"name":"notes.txt","text":"attached text","bytes":13}])";
        chat.messages[1].facts.replyTokens = 40;
        const PdfResult result = write({chat}, progress);
        QCOMPARE(result.error, QString());
        QCOMPARE(result.pages, pagesInFile());
        QVERIFY(result.pages >= 1 && result.pages <= 2);
        QCOMPARE(progress.done.load(), progress.total.load());
        if (const QString keep = qEnvironmentVariable("VITRINE_KEEP_PDF"); !keep.isEmpty())
            QFile::copy(path(), keep);
        QVERIFY2(!QStandardPaths::findExecutable("pdftotext").isEmpty(), "poppler-utils is missing");
        for (const char* word :
             {"Printed", "two lines", "Heading", "int main", "fourth", "attached text", "中文"})
            QVERIFY2(textInFile().contains(QString::fromUtf8(word)), word);
    }

    void everyChatBeginsAPage()
    {
        ExchangeProgress progress;
        QCOMPARE(write({chatOf({"a"}), chatOf({"b"}), chatOf({"c", "d"})}, progress).pages, 3);
        QCOMPARE(pagesInFile(), 3);
    }

    void longTurnsFlowOverPages()
    {
        ExchangeProgress progress;
        QStringList lines;
        for (int i = 0; i < 400; ++i)
            lines << QString::number(i);
        const int plain = write({chatOf({lines.join('\n')})}, progress).pages;
        const int code = write({chatOf({"x", "```\n" + lines.join('\n') + "\n```"})}, progress).pages;
        QVERIFY2(plain > 5 && plain < 20, qPrintable(QString::number(plain)));
        QVERIFY2(code > 4 && code < 20, qPrintable(QString::number(code)));
    }

    void hostileTextEndsWell()
    {
        ExchangeProgress progress;
        QString table = "|" + QString(" a |").repeated(200) + "\n|" + QString("---|").repeated(200) + "\n";
        const QStringList turns{"",
                                QString(">").repeated(3000) + "x",
                                QString(QChar(0)) + QChar(0xD800),
                                table,
                                "",
                                QString(200'000, 'w'),
                                QString("\n").repeated(2000),
                                QString("- ").repeated(900),
                                "![](file:///etc/passwd) <img src='file:///etc/passwd'>",
                                QString("| a |\n|---|\n").repeated(40)};
        const PdfResult result = write({chatOf(turns)}, progress);
        QCOMPARE(result.error, QString());
        QVERIFY(result.pages > 1);
    }

    void cancellingLeavesNoFile()
    {
        ExchangeProgress progress;
        progress.cancelled = true;
        QCOMPARE(write({chatOf({"a"})}, progress).error, QString());
        QVERIFY(!QFile::exists(path()));
    }

    void aFolderThatIsNotThereIsToldOf()
    {
        ExchangeProgress progress;
        QVERIFY(!writePdf({chatOf({"a"})}, PdfStyle(m_theme), m_folder.filePath("no/a.pdf"), progress)
                     .error.isEmpty());
    }
};

QTEST_MAIN(PdfTest)
#include "pdf_test.moc"
