// SPDX-License-Identifier: GPL-3.0-or-later
// ELF symbol tables of the loaded program, read from its files.
#include "cuda_emulator/shared_variables.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <link.h>
#include <map>
#include <mutex>
#include <string_view>
#include <unordered_map>

// What the dynamic linker offers for the storage of threads.
struct ThreadStorageIndex
{
    unsigned long module;
    unsigned long offset;
};
extern "C" void* __tls_get_addr(ThreadStorageIndex*);

namespace vitrine::cuda_emulator {

namespace {

struct Module
{
    std::string path;
    std::uintptr_t base = 0;
    std::size_t threadStorage = 0; // its number; 0: none
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges;
};

int addModule(dl_phdr_info* info, std::size_t, void* modules)
{
    Module module;
    module.path = info->dlpi_name != nullptr && *info->dlpi_name != 0 ? info->dlpi_name : "/proc/self/exe";
    module.base = info->dlpi_addr;
    module.threadStorage = info->dlpi_tls_modid;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type == PT_LOAD)
            module.ranges.emplace_back(module.base + header.p_vaddr,
                                       module.base + header.p_vaddr + header.p_memsz);
    }
    static_cast<std::vector<Module>*>(modules)->push_back(std::move(module));
    return 0;
}

template<typename T>
std::vector<T> readTable(std::ifstream& file, const Elf64_Shdr& section)
{
    std::vector<T> table(section.sh_size / sizeof(T));
    file.seekg(std::streamoff(section.sh_offset));
    file.read(reinterpret_cast<char*>(table.data()), std::streamsize(table.size() * sizeof(T)));
    return file ? table : std::vector<T>{};
}

// The functions of a module by address, and the variables of functions by mangled name.
class SymbolTable
{
public:
    explicit SymbolTable(const Module& module) : m_module(module)
    {
        std::ifstream file(module.path, std::ios::binary);
        Elf64_Ehdr header{};
        file.read(reinterpret_cast<char*>(&header), sizeof(header));
        if (!file || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
            return;
        Elf64_Shdr place{};
        place.sh_offset = header.e_shoff;
        place.sh_size = std::uint64_t(header.e_shnum) * sizeof(Elf64_Shdr);
        m_sections = readTable<Elf64_Shdr>(file, place);
        for (const Elf64_Shdr& section : m_sections) {
            if (section.sh_type == SHT_SYMTAB && section.sh_link < m_sections.size())
                addSymbols(readTable<Elf64_Sym>(file, section),
                           readTable<char>(file, m_sections[section.sh_link]));
        }
    }

    SharedVariables of(std::uintptr_t function) const
    {
        SharedVariables found;
        const auto name = m_functions.find(function - m_module.base);
        if (name == m_functions.end() || !name->second.starts_with("_Z"))
            return found;
        const std::string prefix = "_ZZ" + name->second.substr(2) + "E";
        for (auto it = m_variables.lower_bound(prefix);
             it != m_variables.end() && it->first.starts_with(prefix); ++it) {
            found.variables.push_back(it->second);
            found.bytes += it->second.size;
        }
        return found;
    }

private:
    void addSymbols(const std::vector<Elf64_Sym>& symbols, const std::vector<char>& names)
    {
        for (const Elf64_Sym& symbol : symbols) {
            if (symbol.st_name >= names.size() || symbol.st_shndx >= m_sections.size())
                continue;
            const std::string_view rest(names.data() + symbol.st_name, names.size() - symbol.st_name);
            const std::string name(rest.substr(0, rest.find('\0')));
            addSymbol(symbol, name);
        }
    }

    void addSymbol(const Elf64_Sym& symbol, const std::string& name)
    {
        const unsigned type = ELF64_ST_TYPE(symbol.st_info);
        if (type == STT_FUNC)
            m_functions.emplace(symbol.st_value, name.substr(0, name.find('.')));
        if (!name.starts_with("_ZZ"))
            return;
#if defined(__SANITIZE_ADDRESS__)
        if (type == STT_OBJECT && m_sections[symbol.st_shndx].sh_type == SHT_NOBITS)
            m_variables[name] = {name, symbol.st_size, m_module.base + symbol.st_value, 0};
#else
        if (type == STT_TLS)
            m_variables[name] = {name, symbol.st_size, symbol.st_value, m_module.threadStorage};
#endif
    }

    Module m_module;
    std::vector<Elf64_Shdr> m_sections;
    std::unordered_map<std::uintptr_t, std::string> m_functions;
    std::map<std::string, SharedVariable, std::less<>> m_variables;
};

SharedVariables lookUp(std::uintptr_t function, std::map<std::string, SymbolTable>& tables)
{
    std::vector<Module> modules;
    dl_iterate_phdr(&addModule, &modules);
    for (const Module& module : modules) {
        const bool inside = std::ranges::any_of(module.ranges, [&](const auto& range) {
            return function >= range.first && function < range.second;
        });
        if (inside)
            return tables.try_emplace(module.path, module).first->second.of(function);
    }
    return {};
}

} // namespace

void* SharedVariable::address() const
{
    if (module == 0)
        return reinterpret_cast<void*>(place);
    ThreadStorageIndex index{module, place};
    return __tls_get_addr(&index);
}

const SharedVariables& sharedVariables(const void* function)
{
    static std::mutex mutex;
    static std::map<std::string, SymbolTable> tables;
    static std::map<const void*, SharedVariables> known; // references stay valid
    const std::lock_guard lock(mutex);
    const auto found = known.find(function);
    if (found != known.end())
        return found->second;
    return known.emplace(function, lookUp(reinterpret_cast<std::uintptr_t>(function), tables)).first->second;
}

} // namespace vitrine::cuda_emulator
