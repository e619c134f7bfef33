// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of the device with the contents of a vector, freed at the end.
#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

template<typename T>
class DeviceVector
{
public:
    explicit DeviceVector(const std::vector<T>& contents) : m_count(contents.size())
    {
        void* place = nullptr;
        if (cudaMalloc(&place, m_count * sizeof(T)) != cudaSuccess)
            throw std::runtime_error("no memory on the device");
        m_data = static_cast<T*>(place);
        if (cudaMemcpy(m_data, contents.data(), m_count * sizeof(T), cudaMemcpyHostToDevice) != cudaSuccess)
            throw std::runtime_error("could not be copied to the device");
    }
    ~DeviceVector() { cudaFree(m_data); }
    DeviceVector(const DeviceVector&) = delete;
    DeviceVector& operator=(const DeviceVector&) = delete;

    T* data() const { return m_data; }
    // Waits for the device.
    std::vector<T> read() const
    {
        std::vector<T> contents(m_count);
        if (cudaMemcpy(contents.data(), m_data, m_count * sizeof(T), cudaMemcpyDeviceToHost) != cudaSuccess)
            contents.clear();
        return contents;
    }

private:
    T* m_data = nullptr;
    std::size_t m_count = 0;
};

// Whether it ends the program: tried in a copy of it. What it says goes to the standard error.
template<typename Deed>
bool dies(Deed deed)
{
    const pid_t child = fork();
    if (child == 0) {
        deed();
        _exit(0);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}
