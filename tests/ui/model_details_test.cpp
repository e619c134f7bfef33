// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that shows a model file, its tables and their models.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

#include "tests/engine/support/gguf_writer.h"
#include "ui/models/detail_roles.h"
#include "ui/models/details_table.h"
#include "ui/models/fact_strip.h"
#include "ui/models/load_report.h"
#include "ui/models/metadata_model.h"
#include "ui/models/model_details_dialog.h"
#include "ui/models/tensor_model.h"
#include "ui/models/value_pane.h"
#include "ui/theme/size_text.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;
using kernels::QuantType;
using test::GgufWriter;

namespace {

QList<MetadataDetail> someMetadata()
{
    return {{"general.architecture", "string", "llama", "llama"},
            {"llama.block_count", "uint", "30", "30"},
            {"tokenizer.chat_template", "string", "{% for m in…", "{% for m in messages %}\nassistant"}};
}

QList<TensorDetail> someTensors()
{
    return {{"blk.0.attn_q.weight", "Q4_1", "576 × 576", 331776, 207360},
            {"token_embd.weight", "Q8_0", "49152 × 576", 28311552, 30081024},
            {"output_norm.weight", "F32", "576", 576, 2304}};
}

QStringList firstColumn(const DetailsTable& table)
{
    QStringList texts;
    for (int row = 0; row < table.shownRows(); ++row)
        texts << table.model()->index(row, 0).data().toString();
    return texts;
}

} // namespace

class ModelDetailsTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;
    QTemporaryDir m_dir;
    QString m_path;

    /// A dialog that has read the file.
    std::unique_ptr<ModelDetailsDialog> openDialog()
    {
        auto dialog = std::make_unique<ModelDetailsDialog>(m_path, m_theme);
        dialog->show();
        dialog->activateWindow();
        (void)QTest::qWaitForWindowActive(dialog.get());
        (void)QTest::qWaitFor([&] { return dialog->isFilled(); });
        return dialog;
    }

    static DetailsTable* metadata(const ModelDetailsDialog& dialog)
    {
        return dialog.findChild<DetailsTable*>(QStringLiteral("metadataTable"));
    }
    static DetailsTable* tensors(const ModelDetailsDialog& dialog)
    {
        return dialog.findChild<DetailsTable*>(QStringLiteral("tensorTable"));
    }

private slots:
    void initTestCase()
    {
        m_theme.applyTo(*qApp);
        GgufWriter writer;
        writer.add("general.architecture", "invented").add("invented.context_length", 4096U);
        writer.add("general.name", "Some training run").add("tokenizer.chat_template", "a\nb <b>c</b>");
        writer.tensor("w", QuantType::Q4_K, {256, 3}).tensor("norm", {4}, {1, 2, 3, 4});
        m_path = m_dir.filePath(QStringLiteral("Great-Model.Q4_K_M.gguf"));
        QVERIFY(writer.write(m_path.toStdString()));
    }

    void modelsKeepTheRulesOfModels()
    {
        MetadataModel metadataModel;
        TensorModel tensorModel;
        QAbstractItemModelTester first(&metadataModel,
                                       QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester second(&tensorModel, QAbstractItemModelTester::FailureReportingMode::QtTest);
        metadataModel.setRows(someMetadata());
        tensorModel.setRows(someTensors());
        QCOMPARE(metadataModel.rowCount(), 3);
        QCOMPARE(metadataModel.columnCount(), 2);
        QCOMPARE(tensorModel.columnCount(), 4);
        metadataModel.setRows({});
        tensorModel.setRows({});
        QCOMPARE(tensorModel.rowCount(), 0);
    }

    void filterLooksInKeysAndWholeValues()
    {
        MetadataModel model;
        model.setRows(someMetadata());
        DetailsTable table(model, m_theme);
        table.setFilter(QStringLiteral("ASSISTANT"));
        QCOMPARE(firstColumn(table), QStringList{"tokenizer.chat_template"});
        table.setFilter(QStringLiteral("block"));
        QCOMPARE(firstColumn(table), QStringList{"llama.block_count"});
        table.setFilter(QStringLiteral(".*"));
        QCOMPARE(table.shownRows(), 0); // a text, not a pattern
        table.setFilter({});
        QCOMPARE(table.shownRows(), 3);
    }

    void aRowIsSelectedWhateverTheFilterLeaves()
    {
        MetadataModel model;
        model.setRows(someMetadata());
        DetailsTable table(model, m_theme);
        table.selectFirstRow();
        for (const char* text : {"block", "chat_template", "nothing like it", ""}) {
            table.setFilter(QString::fromLatin1(text));
            const QModelIndexList selected = table.selectionModel()->selectedRows();
            QCOMPARE(selected.size(), table.shownRows() > 0 ? 1 : 0);
            QVERIFY(selected.isEmpty() || selected.first().row() == table.currentIndex().row());
        }
    }

    void tensorsSortBySizeAndBackToTheFilesOrder()
    {
        TensorModel model;
        model.setRows(someTensors());
        DetailsTable table(model, m_theme);
        const QStringList inFile = firstColumn(table);
        QCOMPARE(inFile.first(), QStringLiteral("blk.0.attn_q.weight"));
        table.sortByColumn(TensorModel::Bytes, Qt::DescendingOrder);
        QCOMPARE(firstColumn(table).first(), QStringLiteral("token_embd.weight"));
        QCOMPARE(firstColumn(table).last(), QStringLiteral("output_norm.weight"));
        table.sortByColumn(-1, Qt::AscendingOrder);
        QCOMPARE(firstColumn(table), inFile);
    }

    void copyTakesTheSelectedRowsWhole()
    {
        MetadataModel model;
        model.setRows(someMetadata());
        DetailsTable table(model, m_theme);
        table.show();
        table.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&table));
        table.setFocus();
        table.setCurrentIndex(table.model()->index(2, 0));
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("tokenizer.chat_template\t{% for m in messages %}\nassistant"));
        table.selectAll();
        table.copySelection();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(
            QStringLiteral("general.architecture\tllama\nllama.block_count\t30\n")));
    }

    void dialogIsThereBeforeTheFileIsRead()
    {
        ModelDetailsDialog dialog(m_path, m_theme);
        dialog.show();
        QVERIFY(!dialog.isFilled());
        QVERIFY(dialog.isVisible());
        QTRY_VERIFY(dialog.isFilled());
    }

    void dialogShowsFactsMetadataAndTensors()
    {
        const auto dialog = openDialog();
        QCOMPARE(
            dialog->findChild<FactStrip*>()->values(),
            (QStringList{"invented", "Q4_K", "4,096 tokens", "772",
                         QStringLiteral("GGUF v3, %1").arg(sizeText(quint64(QFileInfo(m_path).size())))}));
        QCOMPARE(firstColumn(*metadata(*dialog)).size(), 4);
        auto* tabs = dialog->findChild<QTabBar*>();
        QCOMPARE(tabs->tabText(0), QStringLiteral("Metadata (4)"));
        QCOMPARE(tabs->tabText(1), QStringLiteral("Tensors (2)"));
        QTest::keyClick(dialog.get(), Qt::Key_Tab, Qt::ControlModifier);
        QVERIFY(tensors(*dialog)->isVisible());
        QCOMPARE(firstColumn(*tensors(*dialog)), (QStringList{"w", "norm"}));
    }

    void whatLoadingChangedIsSaid()
    {
        engine::ModelSummary model;
        model.executor.weightBytes = 92'000'000;
        QCOMPARE(LoadReport::of(model), QStringLiteral("Loaded: the weights take 87.7 MiB of memory."));
        using Form = engine::WeightConversion::Form;
        model.executor.conversions = {{"Q2_K", Form::EightBits, 30, 2'600'000, 8'500'000},
                                      {"F16", Form::Floats, 1, 100, 100},
                                      {"IQ2_S", Form::HalfFloats, 2, 1'048'576, 4'194'304}};
        const QString report = LoadReport::of(model);
        QVERIFY(report.contains(
            QStringLiteral("Q2_K (30) are computed with 8-bit levels (8.11 MiB instead of 2.48 MiB)")));
        QVERIFY(report.contains(QStringLiteral("F16 (1) are computed slowly")));
        QVERIFY(
            report.contains(QStringLiteral("IQ2_S (2) are computed in 16 bits (4 MiB instead of 1 MiB)")));
        const auto dialog = openDialog();
        const auto shown = [&] {
            for (const QLabel* label : dialog->findChildren<QLabel*>())
                if (label->isVisible() && label->text() == report)
                    return true;
            return false;
        };
        QVERIFY(!shown());
        dialog->setLoadReport(report);
        QVERIFY(shown());
        dialog->setLoadReport({});
        QVERIFY(!shown());
    }

    void selectedValueIsShownWholeAndNeverAsMarkup()
    {
        const auto dialog = openDialog();
        metadata(*dialog)->setCurrentIndex(metadata(*dialog)->model()->index(3, 0));
        QCOMPARE(dialog->findChild<ValuePane*>()->text(), QStringLiteral("a\nb <b>c</b>"));
    }

    void typingFiltersWhereverTheFocusIs()
    {
        const auto dialog = openDialog();
        auto* search = dialog->findChild<QLineEdit*>();
        QVERIFY(search->hasFocus());
        QTest::keyClick(search, Qt::Key_Down);
        QVERIFY(metadata(*dialog)->hasFocus());
        QTest::keyClicks(metadata(*dialog), "c");
        QVERIFY(search->hasFocus());
        QTest::keyClicks(search, "hat_t");
        QCOMPARE(firstColumn(*metadata(*dialog)), QStringList{"tokenizer.chat_template"});
        auto* tabs = dialog->findChild<QTabBar*>();
        QCOMPARE(tabs->tabText(0), QStringLiteral("Metadata (1 of 4)"));
        QCOMPARE(tabs->tabText(1), QStringLiteral("Tensors (0 of 2)"));
        QTest::keyClick(search, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("tokenizer.chat_template\ta\nb <b>c</b>"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QTest::keyClick(metadata(*dialog), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(search->hasFocus());
        QCOMPARE(search->selectedText(), QStringLiteral("chat_t"));
    }

    void escapeCloses()
    {
        const auto dialog = openDialog();
        QTest::keyClick(dialog->findChild<QLineEdit*>(), Qt::Key_Escape);
        QVERIFY(!dialog->isVisible());
    }

    void aFileThatCannotBeReadSaysWhy()
    {
        ModelDetailsDialog dialog(m_dir.filePath(QStringLiteral("missing.gguf")), m_theme);
        dialog.show();
        auto* pages = dialog.findChild<QStackedWidget*>();
        const auto texts = [pages] {
            QStringList all;
            for (const QLabel* label : pages->currentWidget()->findChildren<QLabel*>())
                all << label->text();
            return all.join(QLatin1Char('\n'));
        };
        QTRY_VERIFY2(texts().contains(QStringLiteral("missing.gguf: ")), qPrintable(texts()));
        QVERIFY(texts().contains(QStringLiteral("The file cannot be read")));
        QVERIFY(!dialog.isFilled());
    }

    void everyControlHasANameForScreenReaders()
    {
        const auto dialog = openDialog();
        for (const QPushButton* button : dialog->findChildren<QPushButton*>())
            QVERIFY(!button->text().isEmpty());
        QVERIFY(!dialog->findChild<QLineEdit*>()->accessibleName().isEmpty());
        QVERIFY(!dialog->findChild<QTabBar*>()->accessibleName().isEmpty());
        for (const DetailsTable* each : dialog->findChildren<DetailsTable*>())
            QVERIFY(!each->accessibleName().isEmpty());
    }

    void opensTheFileDialogOnRequest()
    {
        const auto dialog = openDialog();
        QSignalSpy asked(dialog.get(), &ModelDetailsDialog::openModelRequested);
        for (QPushButton* button : dialog->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Open another model…"))
                button->click();
        QCOMPARE(asked.count(), 1);
        QVERIFY(!dialog->isVisible());
    }

    void fitsASmallWindow()
    {
        QWidget window;
        window.resize(640, 480);
        ModelDetailsDialog dialog(m_path, m_theme, &window);
        dialog.show();
        QVERIFY(dialog.width() <= 640 && dialog.height() <= 480);
        QTRY_VERIFY(dialog.isFilled());
        QVERIFY(metadata(dialog)->viewport()->height() >= 2 * 28);
    }
};

QTEST_MAIN(ModelDetailsTest)
#include "model_details_test.moc"
