// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/isa.h"

#include <QtTest>

#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace vitrine::kernels::cpu;

namespace {

constexpr Isa kAll[] = {Isa::Scalar, Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni, Isa::Amx};

/// What a fresh process selects with this VITRINE_ISA (null: unset).
Isa selectedWith(const char* request)
{
    const pid_t child = fork();
    if (child == 0) {
        if (request)
            setenv("VITRINE_ISA", request, 1);
        else
            unsetenv("VITRINE_ISA");
        _exit(static_cast<int>(selectedIsa()));
    }
    int status = -1;
    waitpid(child, &status, 0);
    return static_cast<Isa>(WEXITSTATUS(status));
}

/// The kernel's own list of CPU features: an independent witness. Empty where there is none.
QByteArray cpuFlags()
{
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line))
        if (line.rfind("flags", 0) == 0)
            return QByteArray::fromStdString(line);
    return {};
}

} // namespace

class IsaTest : public QObject
{
    Q_OBJECT

private slots:
    void namesGoBothWays()
    {
        for (const Isa isa : kAll) {
            Isa back = Isa::Scalar;
            QVERIFY(isaFromName(isaName(isa), &back));
            QCOMPARE(back, isa);
        }
        Isa untouched = Isa::Avx512;
        QVERIFY(!isaFromName("avx1024", &untouched));
        QVERIFY(!isaFromName("", &untouched));
        QCOMPARE(untouched, Isa::Avx512);
    }

    void agreesWithTheOperatingSystem()
    {
        const QByteArray flags = cpuFlags();
        if (flags.isEmpty())
            QSKIP("no /proc/cpuinfo here");
        const auto has = [&](const char* name) { return flags.split(' ').contains(name); };
        QCOMPARE(supports(Isa::Avx2), has("avx2") && has("fma") && has("f16c"));
        QCOMPARE(supports(Isa::AvxVnni), supports(Isa::Avx2) && has("avx_vnni"));
        QCOMPARE(supports(Isa::Avx512), supports(Isa::Avx2) && has("avx512f") && has("avx512bw") &&
                                            has("avx512vl") && has("avx512dq"));
        QCOMPARE(supports(Isa::Avx512Vnni), supports(Isa::Avx512) && has("avx512_vnni"));
        if (supports(Isa::Amx)) // the other way round a sandbox may forbid what the CPU has
            QVERIFY(supports(Isa::Avx512Vnni) && has("amx_tile") && has("amx_bf16"));
    }

    void environmentLowersTheChoice()
    {
        const Isa best = selectedWith(nullptr);
        QVERIFY(supports(best));
        for (const Isa isa : kAll) {
            const Isa chosen = selectedWith(isaName(isa));
            qInfo("VITRINE_ISA=%s selects %s", isaName(isa), isaName(chosen));
            QCOMPARE(chosen, supports(isa) ? isa : best);
        }
    }

    void anUnknownRequestChangesNothing()
    {
        QCOMPARE(selectedWith("fastest"), selectedWith(nullptr));
        QCOMPARE(selectedWith(""), selectedWith(nullptr));
    }
};

QTEST_APPLESS_MAIN(IsaTest)
#include "isa_test.moc"
