// SPDX-License-Identifier: GPL-3.0-or-later
// Files of every kind as attachments: encodings, PDF, what is refused and with which words.
#include <sys/stat.h>

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QRandomGenerator>
#include <QSemaphore>
#include <QSignalSpy>
#include <QStringEncoder>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include "ui/chat/attachment_reader.h"
#include "ui/chat/pdf_contents.h"

using namespace vitrine::ui;

namespace {

QByteArray pdfWith(const QStringList& pages)
{
    QTemporaryDir dir;
    const QString path = dir.filePath("made.pdf");
    {
        QPdfWriter writer(path);
        QPainter painter(&writer);
        for (qsizetype i = 0; i < pages.size(); ++i) {
            if (i > 0)
                writer.newPage();
            painter.drawText(400, 400, pages[i]);
        }
    }
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray object(int number, const QByteArray& dictionary, const QByteArray& stream = {})
{
    QByteArray text = QByteArray::number(number) + " 0 obj\n<< " + dictionary;
    if (stream.isEmpty())
        return text + " >>\nendobj\n";
    return text + " /Length " + QByteArray::number(stream.size()) + " >>\nstream\n" + stream +
           "\nendstream\nendobj\n";
}

/// A page whose forms draw one another ten times each, nine levels deep, before a page with words.
QByteArray pdfThatNeverEnds()
{
    constexpr int kLevels = 9, kFirst = 10;
    const QByteArray font = "/Font << /F 7 0 R >>";
    QByteArray pdf = "%PDF-1.4\n";
    pdf += object(1, "/Type /Catalog /Pages 2 0 R");
    pdf += object(2, "/Type /Pages /Kids [3 0 R 4 0 R] /Count 2");
    const QByteArray page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << ";
    pdf += object(3, page + "/XObject << /N 10 0 R >> >> /Contents 5 0 R");
    pdf += object(4, page + font + " >> /Contents 6 0 R");
    pdf += object(5, "", "/N Do");
    pdf += object(6, "", "BT /F 20 Tf 100 700 Td (Words that matter) Tj ET");
    pdf += object(7, "/Type /Font /Subtype /Type1 /BaseFont /Helvetica");
    for (int level = 0; level < kLevels; ++level) {
        const bool last = level + 1 == kLevels;
        const QByteArray inside =
            last ? font : "/XObject << /N " + QByteArray::number(kFirst + level + 1) + " 0 R >>";
        const QByteArray draws = last ? "BT /F 9 Tf 10 10 Td (x) Tj ET " : "/N Do ";
        pdf += object(kFirst + level,
                      "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << " + inside + " >>",
                      draws.repeated(10));
    }
    return pdf + "trailer\n<< /Root 1 0 R /Size 30 >>\n%%EOF\n";
}

} // namespace

class AttachmentReaderTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_dir.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        return file.fileName();
    }

    ReadOutcome read(const QString& name, const QByteArray& bytes, const AttachmentLimits& limits = {}) const
    {
        return readAttachment(write(name, bytes), limits, [] { return false; });
    }

private slots:
    void textOfAnyEncodingIsRead_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        const QString latin = QString::fromUtf8("Grüße aus Köln\nund Zürich");
        const QString chinese = QString::fromUtf8("你好，世界。这是一个测试文件。\n第二行");
        const auto in = [](auto encoding, const QString& text) {
            QStringEncoder encoder(encoding, QStringConverter::Flag::WriteBom);
            return QByteArray(encoder.encode(text));
        };
        QTest::newRow("UTF-8") << latin.toUtf8() << latin;
        QTest::newRow("UTF-8 with mark") << "\xEF\xBB\xBF" + chinese.toUtf8() << chinese;
        QTest::newRow("UTF-16 LE") << in(QStringConverter::Utf16LE, chinese) << chinese;
        QTest::newRow("UTF-16 BE") << in(QStringConverter::Utf16BE, latin) << latin;
        QTest::newRow("UTF-16 LE without mark") << in(QStringConverter::Utf16LE, latin).mid(2) << latin;
        QTest::newRow("Latin-1") << latin.toLatin1() << latin;
        QTest::newRow("lines of Windows") << QByteArray("a\r\nb\rc\n") << "a\nb\nc\n";
        QTest::newRow("GB18030") << QByteArray::fromHex("c4e3bac3a3accac0bde7")
                                 << QString::fromUtf8("你好，世界");
    }

    void textOfAnyEncodingIsRead()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        const ReadOutcome outcome = read("notes.md", bytes);
        QCOMPARE(outcome.refusal, QString());
        QCOMPARE(outcome.attachment, (Attachment{"notes.md", text, bytes.size()}));
    }

    void whatIsNoTextIsRefusedByWhatItIs_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        QImage(8, 8, QImage::Format_RGB32).save(&buffer, "PNG");
        QByteArray random(4096, Qt::Uninitialized);
        QRandomGenerator numbers(7);
        for (char& byte : random)
            byte = char(numbers.bounded(256));
        QTest::newRow("picture") << "image.png" << png << "picture";
        QTest::newRow("picture by content") << "image.txt" << png << "picture";
        QTest::newRow("nothing") << "empty.txt" << QByteArray() << "empty";
        QTest::newRow("blank") << "blank.txt" << QByteArray("  \n\t\n") << "empty";
        QTest::newRow("random") << "x.bin" << random << "not text";
        QTest::newRow("zeros") << "x.txt" << QByteArray(5000, '\0') << "not text";
        QTest::newRow("docx") << "letter.docx"
                              << "PK\x03\x04" + random << "PDF or text";
        QTest::newRow("model") << "model"
                               << "GGUF" + random << "is a model";
        QTest::newRow("no PDF") << "scan.pdf" << random << "damaged";
        QTest::newRow("empty PDF") << "scan.pdf" << QByteArray("%PDF-1.7\n") << "damaged";
    }

    void whatIsNoTextIsRefusedByWhatItIs()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, words);
        const ReadOutcome outcome = read(name, bytes);
        QVERIFY2(outcome.refusal.contains(words), qPrintable(outcome.refusal));
        QVERIFY(outcome.refusal.contains(name));
        QVERIFY(outcome.attachment.text.isEmpty());
    }

    void whatCannotBeReadIsRefused()
    {
        const auto refusal = [](const QString& path) {
            return readAttachment(path, {}, [] { return false; }).refusal;
        };
        QVERIFY(refusal(m_dir.filePath("gone.txt")).contains("not there"));
        QVERIFY(refusal(m_dir.path()).contains("folder"));
        QVERIFY(!refusal("/dev/zero").isEmpty()); // would never end
        const QString pipe = m_dir.filePath("pipe");
        QCOMPARE(mkfifo(pipe.toUtf8().constData(), 0600), 0);
        QVERIFY(!refusal(pipe).isEmpty());
    }

    void largeFilesAreRefusedWithTheirSize()
    {
        AttachmentLimits limits;
        limits.textBytes = 1000;
        limits.characters = 500;
        QVERIFY(read("big.txt", QByteArray(5000, 'x'), limits).refusal.contains("big.txt"));
        QVERIFY(read("long.txt", QByteArray(800, 'x'), limits).refusal.contains("500"));
        QCOMPARE(read("fits.txt", QByteArray(400, 'x'), limits).refusal, QString());
    }

    void theTextOfAPdfIsReadPageByPage()
    {
        const QByteArray pdf = pdfWith({"First page here", "Second page there"});
        const ReadOutcome outcome = read("paper.pdf", pdf);
        QCOMPARE(outcome.refusal, QString());
        QVERIFY(outcome.attachment.text.contains("First page here"));
        QVERIFY(outcome.attachment.text.indexOf("Second") > outcome.attachment.text.indexOf("First"));
        QCOMPARE(outcome.note, QString());
        AttachmentLimits limits;
        limits.pages = 1;
        const ReadOutcome shorter = read("paper.pdf", pdf, limits);
        QVERIFY(!shorter.attachment.text.contains("Second"));
        QVERIFY2(shorter.note.contains("1 of 2"), qPrintable(shorter.note));
    }

    void aPdfOfPicturesSaysThatItHasNoText()
    {
        QVERIFY(read("scan.pdf", pdfWith({""})).refusal.contains("no text"));
    }

    void damagedPdfsGiveTextOrAReason()
    {
        const QByteArray pdf = pdfWith({"Some words on a page"});
        QRandomGenerator numbers(3);
        for (int i = 0; i < 60; ++i) {
            QByteArray damaged = pdf;
            if (i % 2 == 0)
                damaged.truncate(qsizetype(numbers.bounded(int(pdf.size()))));
            for (int j = 0; j < 40 && !damaged.isEmpty(); ++j)
                damaged[qsizetype(numbers.bounded(int(damaged.size())))] = char(numbers.bounded(256));
            const ReadOutcome outcome = read("hurt.pdf", damaged);
            QVERIFY(!outcome.refusal.isEmpty() || !outcome.attachment.text.isEmpty());
        }
    }

    void aPageThatNeverEndsIsLeftOut()
    {
        PdfLimits limits;
        limits.pageMilliseconds = 300;
        const PdfContents read = readPdf(pdfThatNeverEnds(), limits, [] { return false; });
        QCOMPARE(read.problem, PdfContents::Problem::None);
        QCOMPARE(read.pages, 2);
        QCOMPARE(read.skipped, 1);
        QCOMPARE(read.text, QString("Words that matter"));
    }

    void whatWasLeftOutIsSaidWithTheFile()
    {
        AttachmentLimits limits;
        limits.pages = 1;
        const ReadOutcome some = this->read("paper.pdf", pdfWith({"First page", "Second page"}), limits);
        QVERIFY2(some.attachment.skipped.contains("1 of 2"), qPrintable(some.attachment.skipped));
        QVERIFY(this->read("whole.pdf", pdfWith({"First page", "Second page"})).attachment.skipped.isEmpty());
    }

    void aCancelledReadEndsInsideAPage()
    {
        int asked = 0; // before the page, and while it is tried out
        const PdfContents read = readPdf(pdfThatNeverEnds(), {}, [&asked] { return ++asked > 3; });
        QCOMPARE(read.problem, PdfContents::Problem::Cancelled);
    }

    void readingLeavesTheSharedThreadsAlone()
    {
        AttachmentReader reader;
        QSignalSpy finished(&reader, &AttachmentReader::finished);
        for (int i = 0; i < 4; ++i)
            reader.read(write(QString("never%1.pdf").arg(i), pdfThatNeverEnds()));
        QCOMPARE(QThreadPool::globalInstance()->activeThreadCount(), 0);
        QSemaphore done;
        QThreadPool::globalInstance()->start([&done] { done.release(); });
        done.acquire();
        QCOMPARE(finished.count(), 0);
    }

    void aPdfThatClaimsManyPagesEnds()
    {
        QByteArray pdf = pdfWith({"One page"});
        QVERIFY(pdf.contains("/Count 1"));
        pdf.replace("/Count 1", "/Count 2000000000");
        const ReadOutcome outcome = read("many.pdf", pdf);
        QVERIFY(!outcome.refusal.isEmpty() || !outcome.attachment.text.isEmpty());
    }

    void readingHappensElsewhereAndIsAnsweredOnce()
    {
        AttachmentReader reader;
        QSignalSpy finished(&reader, &AttachmentReader::finished);
        const quint64 first = reader.read(write("a.txt", "text a"));
        const quint64 second = reader.read(write("b.txt", "text b"));
        const quint64 third = reader.read(write("c.txt", "text c"));
        QCOMPARE(finished.count(), 0);
        reader.cancel(second);
        QTRY_COMPARE(finished.count(), 2);
        QSet<quint64> answered;
        for (const auto& each : finished)
            answered.insert(each.first().toULongLong());
        QCOMPARE(answered, (QSet<quint64>{first, third}));
    }

    void aReaderMayGoWhileItReads()
    {
        const QString path = write("paper.pdf", pdfWith(QStringList(30, "words")));
        for (int i = 0; i < 20; ++i) {
            AttachmentReader reader;
            reader.read(path);
        }
        QTest::qWait(50); // answers to nobody must not be delivered
    }
};

QTEST_MAIN(AttachmentReaderTest)
#include "attachment_reader_test.moc"
