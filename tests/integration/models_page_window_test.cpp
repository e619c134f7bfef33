// SPDX-License-Identifier: GPL-3.0-or-later
// The Models page inside the real window: getting there and back, what is remembered for a model, and a model
// that sleeps and is woken by writing.
#include <QToolButton>

#include "tests/integration/support/real_window.h"
#include "ui/models/context_card.h"
#include "ui/models/idle_unloader.h"
#include "ui/models/mark_slider.h"
#include "ui/models/model_inspector.h"
#include "ui/models/model_list_pane.h"
#include "ui/models/model_records.h"
#include "ui/models/models_page.h"
#include "ui/shell/rail.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/status_item.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

QString statusText(const RealWindow& real)
{
    QStringList texts;
    for (const StatusItem* item : real.window.statusStrip().findChildren<StatusItem*>())
        texts << item->accessibleName();
    return texts.join(QLatin1Char('|'));
}

} // namespace

class ModelsPageWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void keysAndTheRailLeadToThePageAndBack()
    {
        RealWindow real;
        QTest::keyClick(&real.window, Qt::Key_3, Qt::ControlModifier);
        QVERIFY(real.window.modelsPage().isVisible());
        QVERIFY(!real.window.chatPage().isVisible());
        QVERIFY(!real.window.sidebar().isVisible());
        QTest::keyClick(&real.window, Qt::Key_1, Qt::ControlModifier);
        QVERIFY(!real.window.modelsPage().isVisible());
        QVERIFY(real.window.chatPage().isVisible());
        QVERIFY(real.window.sidebar().isVisible());
        const auto* rail = real.window.findChild<Rail*>();
        for (QToolButton* button : rail->findChildren<QToolButton*>())
            if (button->accessibleName() == QLatin1String("Models")) {
                QTest::mouseClick(button, Qt::LeftButton);
                QVERIFY(button->isChecked());
            }
        QVERIFY(real.window.modelsPage().isVisible());
        QTest::keyClick(&real.window, Qt::Key_N, Qt::ControlModifier);
        QVERIFY(real.window.chatPage().isVisible());
    }

    void aSleepingModelIsWokenByWritingAndAnswers()
    {
        RealWindow real;
        if (!real.openDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
        real.bridge.putToSleep();
        QVERIFY(QTest::qWaitFor([&] { return !real.bridge.model().has_value(); }, kPatience));
        QVERIFY2(statusText(real).contains("asleep"), qPrintable(statusText(real)));
        real.ask("Say hello.");
        QVERIFY(real.conversation().openReply() != nullptr);
        QVERIFY(real.bridge.isLoading() || real.bridge.model());
        QVERIFY(real.waitForTheEnd());
        QVERIFY(!real.last().text.isEmpty());
        QVERIFY(real.bridge.model().has_value());
        QVERIFY(!statusText(real).contains("asleep"));
    }

    void stoppingWhileTheModelWakesEndsTheReply()
    {
        RealWindow real;
        if (!real.openDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
        real.bridge.putToSleep();
        QVERIFY(QTest::qWaitFor([&] { return !real.bridge.model().has_value(); }, kPatience));
        real.ask("Say hello.");
        QTest::keyClick(real.composerText(), Qt::Key_Escape);
        QVERIFY(real.conversation().openReply() == nullptr);
        QVERIFY(QTest::qWaitFor([&] { return real.bridge.model().has_value(); }, kPatience));
        QVERIFY(real.conversation().openReply() == nullptr);
    }

    void whatWasChosenForAModelHoldsWhenItIsOpenedFromTheChats()
    {
        RealWindow real;
        if (!real.openDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
        real.window.showModels();
        ModelsPage& page = real.window.modelsPage();
        const QString path = QString::fromStdString(real.bridge.model()->path);
        page.inspect(path);
        QVERIFY(
            QTest::qWaitFor([&] { return page.pane().selected() == path && !page.isScanning(); }, kPatience));
        QTest::keyClick(&page.inspector().context().slider(), Qt::Key_Home);
        real.window.showChats();
        real.window.openModel(path);
        QVERIFY(QTest::qWaitFor([&] { return !real.bridge.isLoading(); }, kPatience));
        QCOMPARE(real.bridge.model()->kv.blocks * real.bridge.model()->kv.blockSize, ContextCard::kLeast);
    }

    void theSamplingOfAModelIsForNewChatsAlone()
    {
        RealWindow real;
        if (!real.openDefaultModel())
            QFAIL("the default model is missing: ./installer/test brings it");
        ModelRecords records(real.preferences);
        records.setIdentity(QString::fromStdString(real.bridge.model()->path), QStringLiteral("the model"));
        ModelChoice choice;
        choice.preset = SamplingPreset::Precise;
        records.setChoice(QStringLiteral("the model"), choice);
        ConversationStore& store = real.window.session().store();
        QCOMPARE(store.create().settings().sampling, samplingOf(SamplingPreset::Precise));
        Conversation& own = store.create();
        own.addUserMessage(QStringLiteral("Once upon a time"));
        own.setPreset(SamplingPreset::Creative);
        std::unique_ptr<Conversation> removed = store.remove(own.id());
        store.putBack(std::move(removed));
        QCOMPARE(own.settings().sampling, samplingOf(SamplingPreset::Creative));
    }
};

QTEST_MAIN(ModelsPageWindowTest)
#include "models_page_window_test.moc"
