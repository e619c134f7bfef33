// SPDX-License-Identifier: GPL-3.0-or-later
// Stop in the middle of a prompt of 4,000 tokens, then typing again.
#include <QTest>

#include "tests/integration/support/real_window.h"

using namespace vitrine;
using namespace vitrine::ui;

class StopInPrefillTest : public QObject
{
    Q_OBJECT

private slots:
    void stopsWithinThePrefillAndAnswersTheNextQuestion();
    void escapeKeepsWhatWasWritten();
};

void StopInPrefillTest::stopsWithinThePrefillAndAnswersTheNextQuestion()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    QString paste;
    for (int i = 0; i < 1300; ++i) // about three tokens each
        paste += QString("item %1, ").arg(i % 10);
    real.composerText()->setFocus();
    real.composerText()->setPlainText(paste);
    QTest::keyClick(real.composerText(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(real.last().state == MessageState::Reading && real.last().prefilled > 0,
                             kPatience);
    QVERIFY(real.last().start.promptTokens >= 4000);
    QVERIFY(real.stopButton()->isVisible());
    QTest::mouseClick(real.stopButton(), Qt::LeftButton);
    QVERIFY(real.waitForTheEnd());
    QCOMPARE(real.last().state, MessageState::Stopped);
    QVERIFY(real.last().prefilled < real.last().start.promptTokens);
    QVERIFY(real.last().text.isEmpty());

    QTest::keyClick(&real.window, Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(real.conversation().isEmpty());
    real.window.session().store().find(real.conversation().id())->setPreset(SamplingPreset::Precise);
    real.ask("Please tell me in one short sentence: what is the capital of France?");
    QVERIFY(real.waitForTheEnd());
    QVERIFY2(real.last().text.contains("Paris"), qPrintable(real.last().text));
}

void StopInPrefillTest::escapeKeepsWhatWasWritten()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    real.ask("Tell me a long story about a lighthouse.");
    QTRY_VERIFY_WITH_TIMEOUT(real.last().text.size() > 20, kPatience);
    QTest::keyClick(real.composerText(), Qt::Key_Escape);
    QVERIFY(real.waitForTheEnd());
    QCOMPARE(real.last().state, MessageState::Stopped);
    QVERIFY(real.last().text.size() > 20);
    QTRY_COMPARE_WITH_TIMEOUT(real.bridge.status().blocksInUse, 0U, kPatience);
}

QTEST_MAIN(StopInPrefillTest)
#include "stop_in_prefill_test.moc"
