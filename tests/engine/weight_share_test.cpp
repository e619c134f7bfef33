// SPDX-License-Identifier: GPL-3.0-or-later
// Packed weights that several executors have once: in one process by sharing the object, in several by memory
// that the first one seals. What lies there is compared before it is believed.
#include <QtTest>

#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/execution/packed_part.h"
#include "engine/execution/weight_arena.h"
#include "engine/execution/weight_share.h"
#include "engine/parallel/rank_group.h"
#include "engine/telemetry/process_memory.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr std::uint32_t kBlocks = 24, kBlockSize = 8;

ExecutorOptions oneThread()
{
    ExecutorOptions options;
    options.threads = 1;
    options.deterministic = true;
    return options;
}

/// As another replica's process would: packed to this memory, or found there.
ExecutorOptions packedTo(int descriptor)
{
    ExecutorOptions options = oneThread();
    options.weightsDescriptor = descriptor;
    return options;
}

RigLogits logitsOf(const std::shared_ptr<const Model>& model, Result<std::unique_ptr<Executor>> executor)
{
    ExecutorRig rig(model, std::move(executor), kBlockSize, kBlocks);
    RigSequence sequence;
    sequence.tokens = randomTokens(model->config().vocab, 30, 4);
    rig.run(sequence, 17, keepAll);
    return sequence.logits;
}

RigLogits logitsWith(const std::shared_ptr<const Model>& model, const ExecutorOptions& options)
{
    return logitsOf(model, makeCpuExecutor(model, options));
}

SealedMemory emptyMemory()
{
    Result<SealedMemory> memory = SealedMemory::create("test");
    VT_CHECK(memory.has_value());
    return std::move(*memory);
}

/// Descriptor of sealed memory with these bytes.
SealedMemory sealedWith(const std::vector<char>& bytes)
{
    SealedMemory memory = emptyMemory();
    const Result<std::byte*> data = memory.fill(bytes.size());
    VT_CHECK(data.has_value());
    std::memcpy(*data, bytes.data(), bytes.size());
    VT_CHECK(memory.seal().has_value());
    return memory;
}

bool says(const Result<std::unique_ptr<Executor>>& refused, const char* what)
{
    return !refused && refused.error().code == ErrorCode::BadInput &&
           refused.error().message.find(what) != std::string::npos;
}

} // namespace

class WeightShareTest : public QObject
{
    Q_OBJECT

private slots:
    void computesTheSameWithWeightsOfAnother_data()
    {
        QTest::addColumn<QString>("family");
        for (const char* family : {"llama", "gemma3", "qwen3", "mixtral", "qwen3moe"})
            QTest::newRow(family) << family;
    }
    void computesTheSameWithWeightsOfAnother()
    {
        QFETCH(QString, family);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        const RigLogits alone = logitsWith(model, oneThread());
        ExecutorOptions options = oneThread();
        options.share = std::make_shared<WeightShare>();
        const auto first = makeCpuExecutor(model, options); // keeps them there
        QVERIFY(first && options.share->holds(*model));
        QVERIFY(sameBits(alone, logitsWith(model, options)));
        const SealedMemory memory = emptyMemory();
        QVERIFY(sameBits(alone, logitsWith(model, packedTo(memory.descriptor()))));
        const Result<SealedMemory> packed = SealedMemory::adopt(dup(memory.descriptor()));
        QVERIFY(packed && packed->isSealed());
        QVERIFY(sameBits(alone, logitsWith(model, packedTo(memory.descriptor()))));
    }

    void weightsGoWithTheLastWhoHasThem()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        ExecutorOptions options = oneThread();
        options.share = std::make_shared<WeightShare>();
        auto first = makeCpuExecutor(model, options), second = makeCpuExecutor(model, options);
        QVERIFY(first && second);
        const PartKey key{model.get(), {}, 0, 1, false};
        std::weak_ptr<const PackedPart> part = options.share->find(key);
        QVERIFY(!part.expired());
        first->reset();
        QVERIFY(options.share->find(key) == part.lock());
        second->reset();
        QVERIFY(part.expired() && options.share->find(key) == nullptr && !options.share->holds(*model));
    }

    void memoryOfProcessesGoesWithTheLastWhoHasIt()
    {
        WeightShare share;
        auto first = share.memoryOf(1, 2), second = share.memoryOf(1, 2), other = share.memoryOf(1, 3);
        QVERIFY(first && second && other && *first == *second && *first != *other);
        const int descriptor = (*first)->descriptor();
        first->reset();
        QVERIFY(fcntl(descriptor, F_GETFD) >= 0);
        second->reset();
        QVERIFY(fcntl(descriptor, F_GETFD) < 0 && fcntl((*other)->descriptor(), F_GETFD) >= 0);
        const auto anew = share.memoryOf(1, 2);
        QVERIFY(anew && !(*anew)->isSealed());
    }

    void preciseAndPackedAreNotMixedUp()
    {
        const std::shared_ptr<const Model> model = tinyModel("qwen3");
        ExecutorOptions options = oneThread(), precise = oneThread();
        precise.precise = true;
        const RigLogits expected = logitsWith(model, precise);
        options.share = precise.share = std::make_shared<WeightShare>();
        const auto packed = makeCpuExecutor(model, options);
        QVERIFY(packed.has_value());
        QVERIFY(sameBits(expected, logitsWith(model, precise)));
    }

    /// In pages that are really there.
    void twoReplicasTakeLittleMoreThanOne()
    {
        if (vitrine::tests::kSanitized)
            QSKIP("shadow memory counts as well");
        const std::shared_ptr<const Model> model = installedModel(kSmolLm2File);
        QVERIFY2(model, "the model file is missing: ./installer/test brings it");
        ExecutorOptions options = oneThread();
        options.share = std::make_shared<WeightShare>();
        const auto first = makeCpuExecutor(model, options);
        QVERIFY(first && (*first)->reserveKv({kBlocks, 16}));
        const std::uint64_t one = processMemory(getpid())->proportionalBytes;
        const auto second = makeCpuExecutor(model, options);
        QVERIFY(second && (*second)->reserveKv({kBlocks, 16}));
        const std::uint64_t two = processMemory(getpid())->proportionalBytes;
        QVERIFY(one > (*first)->info().weightBytes);
        QVERIFY2(two * 100 <= one * 115, qPrintable(QString("%1 and %2").arg(one).arg(two)));
    }

    void whatIsSealedCannotBeChanged()
    {
        const SealedMemory memory = sealedWith(std::vector<char>(10'000, 'x'));
        const int descriptor = memory.descriptor();
        QVERIFY(write(descriptor, "y", 1) < 0);
        QVERIFY(ftruncate(descriptor, 100) != 0 && ftruncate(descriptor, 100'000) != 0);
        QCOMPARE(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), MAP_FAILED);
        QVERIFY(mprotect(const_cast<std::byte*>(memory.data()), 4096, PROT_READ | PROT_WRITE) != 0);
        const Result<SealedMemory> other = SealedMemory::adopt(dup(descriptor));
        QVERIFY(other && other->isSealed());
        QCOMPARE(other->size(), std::size_t{10'000});
        QVERIFY(std::memcmp(other->data(), memory.data(), 10'000) == 0);
    }

    void whatWasBegunByAProcessThatEndedIsBegunAnew()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const SealedMemory memory = emptyMemory();
        {
            Result<SealedMemory> dying = SealedMemory::adopt(dup(memory.descriptor()));
            QVERIFY(dying.has_value());
            const Result<std::byte*> data = dying->fill(1 << 20);
            QVERIFY(data.has_value());
            std::memset(*data, 0x5A, 1 << 20);
        }
        const RigLogits alone = logitsWith(model, oneThread());
        QVERIFY(sameBits(alone, logitsWith(model, packedTo(memory.descriptor()))));
    }

    void weightsOfAnotherModelOrPartAreRefused()
    {
        const SealedMemory memory = emptyMemory();
        const std::shared_ptr<const Model> llama = tinyModel("llama"), qwen = tinyModel("qwen3");
        QVERIFY(makeCpuExecutor(llama, packedTo(memory.descriptor())).has_value());
        QVERIFY(says(makeCpuExecutor(qwen, packedTo(memory.descriptor())), "shared weights"));
        ExecutorOptions half = packedTo(memory.descriptor());
        half.layers = {0, 1};
        QVERIFY(says(makeCpuExecutor(llama, half), "shared weights"));
        const auto group = RankGroup::create({2, 4096, 4096});
        QVERIFY(group.has_value());
        ExecutorOptions shard = packedTo(memory.descriptor());
        shard.ranks = (*group)->communicator(0);
        QVERIFY(says(makeCpuExecutor(llama, shard), "shared weights"));
    }

    /// Both halves have the same sizes, but not the same rows.
    void ranksOfOneSizeAreNotMixedUp()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const SealedMemory memory = emptyMemory();
        const auto group = RankGroup::create({2, 1U << 16U, 1U << 16U});
        QVERIFY(group.has_value());
        ExecutorOptions options = packedTo(memory.descriptor());
        options.ranks = (*group)->communicator(0);
        QVERIFY(makeCpuExecutor(model, options).has_value());
        options.ranks = (*group)->communicator(1);
        QVERIFY(says(makeCpuExecutor(model, options), "shared weights"));
    }

    void aFileThatWasChangedIsAnotherModel()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath("model.gguf");
        QVERIFY(QFile::copy(QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf"), path));
        const SealedMemory memory = emptyMemory();
        QVERIFY(makeCpuExecutor(loadModel(path.toStdString()), packedTo(memory.descriptor())).has_value());
        QVERIFY(makeCpuExecutor(loadModel(path.toStdString()), packedTo(memory.descriptor())).has_value());
        QFile file(path);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.open(QFile::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::fromSecsSinceEpoch(1'700'000'000),
                                 QFileDevice::FileModificationTime));
        file.close();
        QVERIFY(says(makeCpuExecutor(loadModel(path.toStdString()), packedTo(memory.descriptor())),
                     "before it was changed"));
    }

    void memoryWithNonsenseIsRefused_data()
    {
        QTest::addColumn<qint64>("bytes");
        for (const qint64 bytes : {1, 31, 4095, 4096, 4097, 1 << 20})
            QTest::addRow("%lld bytes", bytes) << bytes;
    }
    void memoryWithNonsenseIsRefused()
    {
        QFETCH(qint64, bytes);
        std::vector<char> nonsense(static_cast<std::size_t>(bytes));
        std::mt19937 random(static_cast<std::uint32_t>(bytes));
        for (char& byte : nonsense)
            byte = static_cast<char>(random());
        const SealedMemory memory = sealedWith(nonsense);
        QVERIFY(says(makeCpuExecutor(tinyModel("llama"), packedTo(memory.descriptor())), "holds none"));
    }

    void whatIsNoSuchMemoryIsRefused()
    {
        QTemporaryFile file;
        QVERIFY(file.open() && file.resize(1 << 20));
        const std::shared_ptr<const Model> model = tinyModel("llama");
        QVERIFY(says(makeCpuExecutor(model, packedTo(file.handle())), "no memory that a process of Vitrine"));
        const auto group = RankGroup::create({2, 4096, 4096}); // sealed in size only
        QVERIFY(group.has_value());
        QVERIFY(says(makeCpuExecutor(model, packedTo((*group)->memory().descriptor())), "no memory that"));
        QVERIFY(says(makeCpuExecutor(model, packedTo(9'999)), "cannot be used"));
    }

    void countsTheMemoryOfAProcess()
    {
        const std::optional<ProcessMemory> before = processMemory(getpid());
        QVERIFY(before && before->processes == 1 && before->proportionalBytes > 0);
        constexpr std::size_t kBytes = std::size_t{32} << 20U;
        const HugeBuffer buffer = HugeBuffer::allocate(kBytes);
        std::memset(buffer.data(), 1, kBytes);
        const std::optional<ProcessMemory> after = processMemory(getpid());
        QVERIFY(after && after->proportionalBytes > before->proportionalBytes + kBytes * 9 / 10);
        QVERIFY(!processMemory(std::numeric_limits<pid_t>::max()).has_value());
        QProcess child;
        child.start("sleep", {"60"});
        QVERIFY(child.waitForStarted());
        const std::vector<pid_t> children = childProcesses();
        QVERIFY(std::count(children.begin(), children.end(), static_cast<pid_t>(child.processId())) == 1);
        QVERIFY(memoryOfGroup().processes >= 2);
        child.kill();
        child.waitForFinished();
    }
};

QTEST_GUILESS_MAIN(WeightShareTest)
#include "weight_share_test.moc"
