// SPDX-License-Identifier: GPL-3.0-or-later
// What the analyses and the metrics say is said in the window's language.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include "engine/telemetry/metrics.h"
#include "ui/profiler/latency/advice_text.h"
#include "ui/profiler/metrics/metric_text.h"
#include "ui/shell/language.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

/// Sentences with places, as the analyses' sources have them.
QStringList sentencesOf(const QString& source)
{
    static const QRegularExpression sentence(
        QStringLiteral("\\{\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+),\\s*\\{")),
        part(QStringLiteral("\"((?:[^\"\\\\]|\\\\.)*)\""));
    QStringList found;
    for (auto it = sentence.globalMatch(source); it.hasNext();) {
        QString whole;
        for (auto parts = part.globalMatch(it.next().captured(1)); parts.hasNext();)
            whole += parts.next().captured(1);
        found << whole;
    }
    return found;
}

} // namespace

class AnalysisSentencesTest : public QObject
{
    Q_OBJECT

private:
    Language m_language;

private slots:
    void init() { m_language.setChoice(LanguageChoice::English); }

    void everySentenceOfTheAnalysesHasATranslation()
    {
        QStringList missing;
        int seen = 0;
        m_language.setChoice(LanguageChoice::SimplifiedChinese);
        const QString root = QStringLiteral(VITRINE_TEST_DATA "/../../engine/analysis");
        QDirIterator files(root, {"*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            if (!path.contains(QLatin1String("/rules/")) && !path.endsWith(QLatin1String("anomaly.cpp")))
                continue;
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (const QString& sentence : sentencesOf(QString::fromUtf8(file.readAll()))) {
                ++seen;
                if (!AdviceText::knows(sentence) ||
                    AdviceText::said({sentence.toStdString(), {}}) == sentence)
                    missing << sentence;
            }
        }
        QVERIFY2(seen >= 45, qPrintable(QString::number(seen)));
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char('\n'))));
    }

    void figuresOfASentenceAreNotFilledInAgain()
    {
        const engine::Sentence sentence{"The prefix cache found %1 of prompts, instead of %2.",
                                        {engine::textFigure("%2"), engine::shareFigure(0.5)}};
        QCOMPARE(AdviceText::said(sentence),
                 QStringLiteral("The prefix cache found %2 of prompts, instead of 50\u00a0%."));
    }

    void everyMetricHasAMeaningThatCanBeTranslated()
    {
        for (const engine::MetricFamily& family : engine::Metrics("m").families())
            QVERIFY2(MetricText::knows(QString::fromStdString(family.help)), family.help.c_str());
    }
};

QTEST_MAIN(AnalysisSentencesTest)
#include "analysis_sentences_test.moc"
