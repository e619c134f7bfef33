// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>

#include <QTest>

#include "ui/chat/message_stack.h"

using namespace vitrine::ui;

class MessageStackTest : public QObject
{
    Q_OBJECT

private slots:
    void anEmptyOneCoversNothing();
    void agreesWithSumsAfterAnyChange();
};

void MessageStackTest::anEmptyOneCoversNothing()
{
    const MessageStack stack;
    QCOMPARE(stack.total(), 0.0);
    QCOMPARE(stack.at(0), -1);
}

void MessageStackTest::agreesWithSumsAfterAnyChange()
{
    const unsigned seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    MessageStack stack;
    std::vector<double> heights;
    for (int round = 0; round < 3000; ++round) {
        const double height = double(random() % 500) + (random() % 2) * 0.5;
        const unsigned choice = random() % 10;
        if (choice < 6 || heights.empty()) {
            stack.append(height);
            heights.push_back(std::ceil(height));
        } else if (choice < 9) {
            const std::size_t index = random() % heights.size();
            stack.setHeight(index, height);
            heights[index] = std::ceil(height);
        } else {
            heights.resize(heights.size() - random() % std::min<std::size_t>(heights.size(), 4));
            stack.truncate(heights.size());
        }
        double sum = 0;
        const std::size_t asked = heights.empty() ? 0 : random() % heights.size();
        for (std::size_t i = 0; i < asked; ++i)
            sum += heights[i];
        QCOMPARE(stack.top(asked), sum);
        if (asked < heights.size() && heights[asked] > 0) {
            QCOMPARE(stack.at(sum), int(asked));
            QCOMPARE(stack.at(sum + heights[asked] - 0.25), int(asked));
        }
        QCOMPARE(stack.size(), heights.size());
    }
    QCOMPARE(stack.at(-1), -1);
    QCOMPARE(stack.at(stack.total() + 100), int(heights.size()) - 1);
}

QTEST_APPLESS_MAIN(MessageStackTest)
#include "message_stack_test.moc"
