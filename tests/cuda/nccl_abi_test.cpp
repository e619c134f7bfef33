// SPDX-License-Identifier: GPL-3.0-or-later
// What is declared of NCCL beside NVIDIA's header, where that is: names are values there, so that this is
// compared when it is compiled.
#include <QtTest>

#include "kernels/cuda/nccl_library.h"

#if __has_include(<nccl.h>)
#include <nccl.h>
#define VT_NCCL_HEADER

namespace nccl = vitrine::kernels::cuda::nccl;

static_assert(sizeof(nccl::UniqueId) == sizeof(ncclUniqueId));
static_assert(int{nccl::Success} == int{ncclSuccess} && int{nccl::SystemError} == int{ncclSystemError} &&
              int{nccl::UnhandledCudaError} == int{ncclUnhandledCudaError} &&
              int{nccl::InternalError} == int{ncclInternalError} &&
              int{nccl::InvalidArgument} == int{ncclInvalidArgument} &&
              int{nccl::InvalidUsage} == int{ncclInvalidUsage} &&
              int{nccl::RemoteError} == int{ncclRemoteError} && int{nccl::InProgress} == int{ncclInProgress});
static_assert(int{nccl::Int8} == int{ncclInt8} && int{nccl::Int32} == int{ncclInt32} &&
              int{nccl::Int64} == int{ncclInt64} && int{nccl::Float16} == int{ncclFloat16} &&
              int{nccl::Float32} == int{ncclFloat32} && int{nccl::Float64} == int{ncclFloat64} &&
              int{nccl::BFloat16} == int{ncclBfloat16});
static_assert(int{nccl::Sum} == int{ncclSum} && int{nccl::Max} == int{ncclMax});
static_assert(offsetof(nccl::Config, magic) == offsetof(ncclConfig_t, magic) &&
              offsetof(nccl::Config, version) == offsetof(ncclConfig_t, version) &&
              offsetof(nccl::Config, blocking) == offsetof(ncclConfig_t, blocking) &&
              offsetof(nccl::Config, netName) == offsetof(ncclConfig_t, netName) &&
              offsetof(nccl::Config, splitShare) == offsetof(ncclConfig_t, splitShare) &&
              sizeof(nccl::Config) <= sizeof(ncclConfig_t));
static_assert(NCCL_VERSION(2, 18, 0) == 21800);
static_assert(sizeof(ncclResult_t) == sizeof(int) && sizeof(ncclDataType_t) == sizeof(int) &&
              sizeof(ncclRedOp_t) == sizeof(int));
#endif

class NcclAbiTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsDeclaredIsWhatNvidiaDeclares()
    {
#if defined(VT_NCCL_HEADER)
        const ncclConfig_t theirs = NCCL_CONFIG_INITIALIZER;
        const nccl::Config ours;
        QCOMPARE(ours.magic, theirs.magic);
        QCOMPARE(ours.blocking, theirs.blocking);
        QCOMPARE(ours.splitShare, theirs.splitShare);
        QVERIFY(ours.version <= theirs.version);
#else
        QSKIP("nccl.h is not among CUDA's headers on this machine");
#endif
    }

    void versionsAreTold()
    {
        using vitrine::kernels::cuda::ncclVersionText;
        QCOMPARE(ncclVersionText(22809), std::string("2.28.9"));
        QCOMPARE(ncclVersionText(21800), std::string("2.18.0"));
    }
};

QTEST_APPLESS_MAIN(NcclAbiTest)
#include "nccl_abi_test.moc"
