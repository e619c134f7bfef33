// SPDX-License-Identifier: GPL-3.0-or-later
// The ways to the details of the loaded model, by mouse and by keyboard.
#include <QAbstractButton>
#include <QTest>

#include "tests/integration/support/real_window.h"
#include "ui/models/details_table.h"
#include "ui/models/model_details_dialog.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/status_item.h"

using namespace vitrine::ui;

class ModelDetailsAccessTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<RealWindow> m_real;

    /// True when the dialog is there, filled from the loaded file; closes it.
    bool detailsOpened()
    {
        auto* dialog = m_real->window.findChild<ModelDetailsDialog*>();
        if (!dialog || !dialog->isVisible() ||
            !QTest::qWaitFor([dialog] { return dialog->isFilled(); }, kPatience))
            return false;
        const int tensors = dialog->findChild<DetailsTable*>(QStringLiteral("tensorTable"))->allRows();
        delete dialog;
        m_real->activate();
        return tensors > 100;
    }

private slots:
    void initTestCase()
    {
        m_real = std::make_unique<RealWindow>();
        QVERIFY2(m_real->openDefaultModel(), "the default model is missing: ./installer/test brings it");
    }

    void byKey()
    {
        QTest::keyClick(&m_real->window, Qt::Key_I, Qt::ControlModifier);
        QVERIFY(detailsOpened());
    }

    void byTheStatusBar()
    {
        auto* item = m_real->window.statusStrip().findChildren<StatusItem*>().first();
        QTest::mouseClick(item, Qt::LeftButton);
        QVERIFY(detailsOpened());
    }

    void byTheCardOfTheModel()
    {
        QAbstractButton* details = nullptr;
        for (auto* button : m_real->window.chatPage().findChildren<QAbstractButton*>())
            if (button->accessibleName() == QStringLiteral("Model details"))
                details = button;
        QVERIFY(details && details->isVisible());
        QTest::mouseClick(details, Qt::LeftButton);
        QVERIFY(detailsOpened());
    }

    void cleanupTestCase() { m_real.reset(); }
};

QTEST_MAIN(ModelDetailsAccessTest)
#include "model_details_access_test.moc"
