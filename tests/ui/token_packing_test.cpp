// SPDX-License-Identifier: GPL-3.0-or-later
// Token details as they are kept: what comes back, how much room they take, and bytes that are something
// else.
#include <QRandomGenerator>
#include <QTest>

#include "ui/chat/tokens/token_packing.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

/// As a reply is: words that come again, eight alternatives, probabilities of all sizes.
QList<TokenDetail> prose(int count)
{
    QRandomGenerator random(7);
    QList<TokenDetail> details;
    const auto word = [&](qint32 id) { return QString(" word%1").arg(id); };
    for (int i = 0; i < count; ++i) {
        TokenDetail detail;
        detail.id = qint32(random.bounded(random.bounded(1, 3000)));
        detail.text = detail.added = word(detail.id);
        detail.probability = float(random.generateDouble());
        detail.alternatives.append({detail.id, detail.text, detail.probability});
        float left = 1 - detail.probability;
        for (int a = 0; a < 7; ++a) {
            const qint32 id = qint32(random.bounded(random.bounded(1, 3000)));
            left *= 0.5F;
            detail.alternatives.append(
                {id, word(id), left, a > 4 ? engine::SamplerCut::TopP : engine::SamplerCut::None});
        }
        details.append(detail);
    }
    return details;
}

} // namespace

class TokenPackingTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsKeptComesBack()
    {
        QList<TokenDetail> details = prose(50);
        details[3].text = "\\xE2\\x80"; // part of a character
        details[3].id = 5000;
        details[3].added = "";
        details[3].alternatives = {{5000, "\\xE2\\x80", 0.25F, engine::SamplerCut::Typical, false}};
        details[4].probability = 3.14159e-7F;
        details[5].probability = 0;
        details[6].probability = 1;
        const QList<TokenDetail> back = unpackTokens(packTokens(details));
        QCOMPARE(back.size(), details.size());
        for (qsizetype i = 0; i < details.size(); ++i) {
            QCOMPARE(back[i].id, details[i].id);
            QCOMPARE(back[i].text, details[i].text);
            QCOMPARE(back[i].added, details[i].added);
            QVERIFY(std::abs(back[i].probability - details[i].probability) <=
                    0.006F * details[i].probability);
            QCOMPARE(back[i].alternatives.size(),
                     std::min(details[i].alternatives.size(), kKeptAlternatives));
            for (qsizetype a = 0; a < back[i].alternatives.size(); ++a) {
                QCOMPARE(back[i].alternatives[a].text, details[i].alternatives[a].text);
                QVERIFY(back[i].alternatives[a].cut == details[i].alternatives[a].cut);
                QCOMPARE(back[i].alternatives[a].isText, details[i].alternatives[a].isText);
            }
        }
        QVERIFY(packTokens({}).isEmpty());
    }

    void aTokenTakesLittleRoom()
    {
        const QList<TokenDetail> details = prose(1000);
        const double each = double(packTokens(details).size()) / double(details.size());
        QVERIFY2(each < 48, qPrintable(QString::number(each)));
    }

    void aHugeReplyIsKeptAsFarAsTheLimit()
    {
        QList<TokenDetail> details;
        TokenDetail detail;
        detail.id = 1;
        detail.text = detail.added = "a";
        details.resize(kMostKeptTokens + 10, detail);
        QCOMPARE(unpackTokens(packTokens(details)).size(), kMostKeptTokens);
    }

    void otherBytesAreNothing()
    {
        const QByteArray bytes = packTokens(prose(20));
        QVERIFY(unpackTokens({}).isEmpty());
        QVERIFY(unpackTokens("something else").isEmpty());
        QVERIFY(unpackTokens(bytes.left(bytes.size() / 2)).isEmpty());
        const QByteArray plain = qUncompress(bytes);
        QVERIFY(unpackTokens(qCompress(plain.left(plain.size() - 9))).isEmpty());
        QRandomGenerator random(3);
        for (int round = 0; round < 500; ++round) { // whatever they say, it ends
            QByteArray damaged = plain;
            for (int i = 0; i < 4; ++i)
                damaged[random.bounded(damaged.size())] = char(random.bounded(256));
            QVERIFY(unpackTokens(qCompress(damaged, 1)).size() <= 20);
        }
        QByteArray boasting = plain;
        boasting.replace(1, 16, QByteArray(16, '\xff'));
        QVERIFY(unpackTokens(qCompress(boasting)).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TokenPackingTest)
#include "token_packing_test.moc"
