// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the window keeps its pace while four chats side by side get 500 tokens a second each, Markdown with
// code, lists and tables. No model runs: the text comes as the bridge delivers it, one delta a frame and
// reply. Prints the time from a frame's text to the painted window, by the clock and by what the window's
// thread computed.
//
//   QT_QPA_PLATFORM=offscreen streaming_benchmark [SECONDS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/main_window.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr int kPanes = 4;
constexpr double kTokensPerSecond = 500;
constexpr int kFrame = 16; // ms

double now(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

double clockTime()
{
    return now(CLOCK_MONOTONIC);
}

double computed()
{
    return now(CLOCK_THREAD_CPUTIME_ID);
}

void print(const char* what, std::vector<double> values)
{
    if (values.empty())
        return;
    std::sort(values.begin(), values.end());
    const auto share = [&values](double part) {
        return values[std::min(values.size() - 1, std::size_t(part * double(values.size())))];
    };
    std::printf("%-28s %6zu, median %7.2f ms, 99 %% %7.2f ms, longest %7.2f ms\n", what, values.size(),
                share(0.5), share(0.99), share(1.0));
}

/// Tokens of a reply that never ends: about four characters each.
std::vector<QString> tokens()
{
    QString text =
        "## A heading\n\nA paragraph that has **bold** words, `code` and a [link](https://example.org) "
        "and goes on for a few lines, as paragraphs of models do when they explain something.\n\n";
    for (int i = 0; i < 6; ++i)
        text += "- An item of a list with some *words* in it\n";
    text += "\n```cpp\n#include <vector>\n\nint main()\n{\n";
    for (int i = 0; i < 16; ++i)
        text += "    std::vector<int> numbers = {1, 2, 3}; // the answer\n";
    text += "    return 42;\n}\n```\n\n| a | b |\n|---|--:|\n| one | 1 |\n| two | 2 |\n\n";
    std::vector<QString> pieces;
    for (qsizetype at = 0; at < text.size(); at += 4)
        pieces.push_back(text.mid(at, 4));
    return pieces;
}

/// Knows when the window was painted.
class WatchedApplication : public QApplication
{
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        const bool handled = QApplication::notify(receiver, event);
        if (event->type() == QEvent::UpdateRequest && m_since) {
            m_walls.push_back(clockTime() - m_wall);
            m_threads.push_back(computed() - m_thread);
            m_since = false;
        }
        return handled;
    }

    void begin()
    {
        if (m_since)
            return; // text of an earlier frame waits to be painted
        m_since = true;
        m_wall = clockTime();
        m_thread = computed();
    }

    std::vector<double> m_walls, m_threads;

private:
    bool m_since = false;
    double m_wall = 0, m_thread = 0;
};

class Stream
{
public:
    explicit Stream(std::vector<Conversation*> chats) : m_chats(std::move(chats)), m_tokens(tokens())
    {
        for (std::size_t i = 0; i < m_chats.size(); ++i)
            m_chats[i]->openReply(ReplyId{i + 1}, "model");
        m_begun = clockTime();
    }

    void deliver()
    {
        const auto due = std::size_t((clockTime() - m_begun) / 1000 * kTokensPerSecond);
        QString delta;
        for (; m_sent < due; ++m_sent)
            delta += m_tokens[m_sent % m_tokens.size()];
        ReplyFigures figures;
        figures.tokens = quint32(m_sent);
        figures.tokensPerSecond = kTokensPerSecond;
        for (std::size_t i = 0; i < m_chats.size(); ++i)
            m_chats[i]->appendReplyText(ReplyId{i + 1}, delta, figures);
    }

    std::size_t sent() const { return m_sent; }

private:
    std::vector<Conversation*> m_chats;
    std::vector<QString> m_tokens;
    std::size_t m_sent = 0;
    double m_begun = 0;
};

std::vector<Conversation*> openFour(MainWindow& window)
{
    std::vector<Conversation*> chats;
    ChatPage& page = window.chatPage();
    while (page.panes().size() < kPanes)
        page.newPane();
    for (ChatPane* pane : page.panes()) {
        Conversation& chat = window.session().store().create();
        for (quint64 i = 0; i < 20; ++i) { // what was said before
            chat.addUserMessage("A question");
            chat.openReply(ReplyId{1000 + i}, "model");
            chat.appendReplyText(ReplyId{1000 + i}, "A reply.\n\n- With\n- a list", {9, 100, 0.1});
            chat.endReply(ReplyId{1000 + i}, {});
        }
        chat.addUserMessage("Go on");
        pane->setConversation(&chat);
        chats.push_back(&chat);
    }
    return chats;
}

} // namespace

int main(int argc, char** argv)
{
    WatchedApplication application(argc, argv);
    const int seconds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 20;
    QTemporaryDir folder;
    Theme theme;
    theme.applyTo(application);
    Language language;
    Preferences preferences(folder.filePath("v.ini"));
    EngineBridge bridge;
    MainWindow window(bridge, theme, language, preferences, folder.filePath("chats.db"));
    window.resize(2000, 1100);
    window.show();
    (void)QTest::qWaitForWindowExposed(&window);
    Stream stream(openFour(window));
    QTimer frames;
    frames.setTimerType(Qt::PreciseTimer);
    QObject::connect(&frames, &QTimer::timeout, &frames, [&] {
        application.begin();
        stream.deliver();
    });
    const double begunWall = clockTime(), begunThread = computed();
    frames.start(kFrame);
    QTest::qWait(seconds * 1000);
    frames.stop();
    std::printf("%d panes, %zu tokens each in %d s\n", kPanes, stream.sent(), seconds);
    print("text to painted, clock", application.m_walls);
    print("text to painted, computed", application.m_threads);
    std::printf("the window's thread computed for %.0f %% of the time\n",
                100 * (computed() - begunThread) / (clockTime() - begunWall));
    return 0;
}
