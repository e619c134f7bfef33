// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/worker_seat.h"

#include <thread>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "engine/parallel/team_member.h"

namespace vitrine::engine {

std::vector<std::string> seatArguments(const WorkerSeat& seat)
{
    std::vector<std::string> words{"worker",
                                   "--rank",
                                   std::to_string(seat.rank),
                                   "--steps-fd",
                                   std::to_string(seat.steps),
                                   "--control-fd",
                                   std::to_string(seat.control),
                                   "--life-fd",
                                   std::to_string(seat.life)};
    if (seat.pipe >= 0)
        words.insert(words.end(), {"--pipe-fd", std::to_string(seat.pipe)});
    if (seat.weights >= 0)
        words.insert(words.end(), {"--weights-fd", std::to_string(seat.weights)});
    return words;
}

void liveWithParent(int life, std::shared_ptr<const RankGroup> control)
{
    constexpr int kBeatMilliseconds = 50;
    std::thread([life, group = std::move(control)] {
        pollfd parent{life, 0, 0}; // nobody writes: what comes is its end
        while (true) {
            group->beat(TeamMember::kWorker);
            if (poll(&parent, 1, kBeatMilliseconds) > 0)
                _exit(1);
        }
    }).detach();
}

} // namespace vitrine::engine
