#include "lang/base/parallel.h"

#include <system_error>
#include <thread>
#include <vector>

namespace bulkhead {

void in_parallel(std::size_t workers, const std::function<void(std::size_t worker)>& work) {
  std::vector<std::thread> threads;
  std::size_t started = 1;
  try {
    for (; started < workers; ++started) threads.emplace_back(work, started);
  } catch (const std::system_error&) {
    // The limit of processes is reached: the rest is done here.
  }
  if (workers > 0) work(0);
  for (std::size_t worker = started; worker < workers; ++worker) work(worker);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace bulkhead
