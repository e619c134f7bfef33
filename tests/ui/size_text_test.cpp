// SPDX-License-Identifier: GPL-3.0-or-later
// Amounts of bytes, and that the window has one way to write them.
#include <QDirIterator>
#include <QFile>
#include <QTest>

#include "ui/theme/size_text.h"

using namespace vitrine::ui;

class SizeTextTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); }

    void unitsAreBinaryWithThreeFigures_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("text");
        constexpr quint64 kKibi = 1 << 10, kMebi = 1 << 20, kGibi = 1 << 30;
        QTest::newRow("nothing") << quint64(0) << "0 B";
        QTest::newRow("bytes") << quint64(999) << "999 B";
        QTest::newRow("never four figures") << quint64(1000) << "0.98 KiB";
        QTest::newRow("whole") << 8 * kKibi << "8 KiB";
        QTest::newRow("a file of 98 304 000 bytes") << quint64(98'304'000) << "93.8 MiB";
        QTest::newRow("KV of 1 k tokens") << 144 * kMebi << "144 MiB";
        QTest::newRow("half") << 22 * kMebi + kMebi / 2 << "22.5 MiB";
        QTest::newRow("almost the next unit") << 1023 * kMebi << "1 GiB";
        QTest::newRow("weights") << quint64(5'025'000'000) << "4.68 GiB";
        QTest::newRow("a choice of the settings") << 8 * kGibi << "8 GiB";
        QTest::newRow("disk") << 2048 * kGibi << "2 TiB";
        QTest::newRow("the most there can be") << ~quint64(0) << "16,777,216 TiB";
    }

    void unitsAreBinaryWithThreeFigures()
    {
        QFETCH(quint64, bytes);
        QFETCH(QString, text);
        QCOMPARE(sizeText(bytes), text);
    }

    void figuresAreWrittenAsTheLanguageDoes()
    {
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(sizeText(quint64(98'304'000)), QStringLiteral("93,8 MiB"));
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    }

    void nothingElseInTheWindowWritesSizes()
    {
        int read = 0;
        QDirIterator files(QStringLiteral(VITRINE_TEST_DATA "/../../ui"), {"*.cpp", "*.h"}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            ++read;
            if (file.fileName().endsWith(QLatin1String("size_text.h")))
                continue;
            QVERIFY2(!text.contains(QLatin1String("formattedDataSize")), qPrintable(file.fileName()));
            QVERIFY2(!text.contains(QLatin1String("\" MiB")) && !text.contains(QLatin1String("\" MB")),
                     qPrintable(file.fileName()));
        }
        QVERIFY(read > 100);
    }
};

QTEST_GUILESS_MAIN(SizeTextTest)
#include "size_text_test.moc"
