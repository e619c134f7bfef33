// SPDX-License-Identifier: GPL-3.0-or-later
// The fuzzer's corpus as a plain test, and seeded random damage to it.
#include <QDir>
#include <QTest>

#include "tests/exchange/support/exercise_chats.h"
#include "tests/support/sanitizer.h"

using namespace vitrine;

class ChatsCorpusTest : public QObject
{
    Q_OBJECT

private:
    static QList<QByteArray> corpus()
    {
        QList<QByteArray> inputs;
        const QDir folder(VITRINE_TEST_DATA "/corpus/chats");
        for (const QString& name : folder.entryList(QDir::Files)) {
            QFile file(folder.filePath(name));
            if (file.open(QIODevice::ReadOnly))
                inputs.append(file.readAll());
        }
        return inputs;
    }

private slots:
    void everySeedEndsWell()
    {
        QVERIFY(corpus().size() >= 6);
        for (const QByteArray& bytes : corpus())
            QCOMPARE(test::exerciseChats(bytes), std::string());
    }

    void damagedSeedsEndWell()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        QRandomGenerator random(seed);
        static const QByteArray marks("{}[]\",:\\0\n`#*");
        for (const QByteArray& whole : corpus()) {
            for (int round = 0; round < tests::effort(300, 60); ++round) {
                QByteArray bytes = whole;
                for (int i = 1 + int(random.bounded(4)); i > 0; --i)
                    bytes[qsizetype(random.bounded(quint32(bytes.size())))] =
                        marks[qsizetype(random.bounded(quint32(marks.size())))];
                if (round % 3 == 0)
                    bytes.truncate(qsizetype(random.bounded(quint32(bytes.size()))));
                QCOMPARE(test::exerciseChats(bytes), std::string());
            }
        }
    }
};

QTEST_GUILESS_MAIN(ChatsCorpusTest)
#include "chats_corpus_test.moc"
