// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

int main()
{
    std::fputs("vitrine-cli COMMAND --help\n", stderr);
    return 2;
}
