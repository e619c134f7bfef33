// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a long chat stays light: opening 10,000 messages of 2 kB, scrolling through them by wheel, by page
// and by jumps, streaming into the last one, finding a word. Prints how long the window's thread was busy.
//
//   QT_QPA_PLATFORM=offscreen message_view_benchmark [MESSAGES]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>

#include "ui/chat/conversation_store.h"
#include "ui/chat/message_view.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

double milliseconds(const QElapsedTimer& timer)
{
    return double(timer.nsecsElapsed()) * 1e-6;
}

void print(const char* what, std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto share = [&values](double part) {
        return values[std::min(values.size() - 1, std::size_t(part * double(values.size())))];
    };
    std::printf("%-28s %6zu, median %7.2f ms, 99 %% %7.2f ms, longest %7.2f ms\n", what, values.size(),
                share(0.5), share(0.99), share(1.0));
}

QString reply(int number)
{
    QString text = QString("## Reply %1\n\nIt begins with a paragraph that has **bold** words, `code` and a "
                           "[link](https://example.org/%1).\n\n")
                       .arg(number);
    for (int i = 0; i < 3; ++i)
        text += "- An item of a list with some words in it\n";
    text += "\n```cpp\nint main()\n{\n    return 42; // the answer\n}\n```\n\n";
    text += "| a | b |\n|---|--:|\n| one | 1 |\n| two | 2 |\n\n";
    while (text.size() < 2000)
        text += "A sentence that makes it as long as replies are. ";
    return text;
}

void fill(Conversation& conversation, int messages)
{
    ReplyFigures figures;
    figures.tokens = 400;
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    for (int i = 0; i < messages / 2; ++i) {
        conversation.addUserMessage(QString("Question %1: ").arg(i) +
                                    QString("what about this? ").repeated(110));
        conversation.openReply(ReplyId{quint64(i) + 1});
        conversation.appendReplyText(conversation.openReply()->reply, reply(i), figures);
        conversation.endReply(conversation.openReply()->reply, end);
    }
}

/// Processor time in milliseconds: what others run beside it does not count.
template<class Work>
double busy(Work work)
{
    const std::clock_t before = std::clock();
    work();
    return double(std::clock() - before) * 1e3 / CLOCKS_PER_SEC;
}

/// A change and the frame that shows it.
template<class Change>
double frame(MessageView& view, Change change)
{
    QImage image(view.viewport()->size(), QImage::Format_RGB32);
    return busy([&] {
        change();
        view.viewport()->render(&image);
    });
}

void wheel(MessageView& view, int delta)
{
    const QPointF place = view.viewport()->rect().center();
    QWheelEvent event(place, view.viewport()->mapToGlobal(place), {}, {0, delta}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.viewport(), &event);
}

void measureScrolling(MessageView& view)
{
    QScrollBar& bar = *view.verticalScrollBar();
    std::vector<double> up, pages, jumps;
    for (int i = 0; i < 600; ++i)
        up.push_back(frame(view, [&view] { wheel(view, 120); }));
    for (int i = 0; i < 200; ++i)
        pages.push_back(frame(view, [&view] { QTest::keyClick(&view, Qt::Key_PageUp); }));
    for (int i = 0; i < 200; ++i)
        jumps.push_back(
            frame(view, [&bar, i] { bar.setValue(int(double(bar.maximum()) * ((i * 37) % 100) / 100)); }));
    print("wheel", up);
    print("page", pages);
    print("jump", jumps);
    std::printf("messages parsed at the end: %zu\n", view.keptItems());
}

void measureStreaming(MessageView& view, Conversation& conversation)
{
    view.scrollToEnd();
    conversation.addUserMessage("Go on");
    conversation.openReply(ReplyId{1'000'000});
    std::vector<double> tokens, frames;
    ReplyFigures figures;
    for (quint32 i = 1; i <= 2000; ++i) {
        figures.tokens = i;
        const QString token = i % 40 == 0 ? QStringLiteral("\n\n") : QStringLiteral(" token");
        tokens.push_back(busy([&] { conversation.appendReplyText(ReplyId{1'000'000}, token, figures); }));
        if (i % 8 == 0)
            frames.push_back(frame(view, [] {}));
    }
    print("token", tokens);
    print("frame while streaming", frames);
    const auto mean = [](const std::vector<double>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
    };
    std::printf("500 tokens and 60 frames a second keep the thread busy for %.0f %%\n",
                (500 * mean(tokens) + 60 * mean(frames)) / 10);
}

/// Replies whose tokens are all tinted, a word each.
void measureTints(MessageView& view, Conversation& conversation)
{
    quint64 number = 2'000'000;
    for (int i = 0; i < 100; ++i) {
        conversation.addUserMessage("And then?");
        const QString text = reply(i);
        QList<TokenDetail> details;
        for (qsizetype at = 0; at < text.size(); at += 5)
            details.append({1, text.mid(at, 5), text.mid(at, 5), float(at % 97) / 97, {}});
        conversation.openReply(ReplyId{++number});
        conversation.appendReplyText(ReplyId{number}, text, {});
        conversation.appendReplyTokens(ReplyId{number}, {}, details);
        conversation.endReply(ReplyId{number}, {});
    }
    view.setConversation(&conversation);
    print("tinting", {frame(view, [&] { view.setTinted(true); })});
    std::vector<double> up;
    for (int i = 0; i < 300; ++i)
        up.push_back(frame(view, [&view] { wheel(view, 120); }));
    print("wheel, tinted", up);
}

void measureFinding(MessageView& view)
{
    QElapsedTimer whole;
    whole.start();
    const double begun = frame(view, [&view] { view.setFind({"answer", false}); });
    while (view.finder().isSearching())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    std::printf("found %zu in %.0f ms\n", view.finder().matches().size(), milliseconds(whole));
    print("find begins", {begun});
    print("next match",
          {frame(view, [&view] { view.findNext(); }), frame(view, [&view] { view.findPrevious(); })});
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int messages = argc > 1 ? std::max(2, std::atoi(argv[1])) : 10'000;
    Theme theme;
    theme.applyTo(application);
    ConversationStore store;
    Conversation& conversation = store.create();
    fill(conversation, messages);
    MessageView view(theme);
    view.resize(900, 900);
    view.show();
    (void)QTest::qWaitForWindowExposed(&view);
    std::printf("messages: %zu\n", conversation.messages().size());
    print("opening", {frame(view, [&] { view.setConversation(&conversation); })});
    print("another width", {frame(view, [&] { view.resize(700, 900); })});
    measureScrolling(view);
    measureStreaming(view, conversation);
    measureFinding(view);
    view.closeFind();
    measureTints(view, store.create());
    return 0;
}
