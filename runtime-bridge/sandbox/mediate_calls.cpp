#include "runtime-bridge/sandbox/mediate_calls.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/syscall.h>

#include <algorithm>

#include "runtime-bridge/table/table.h"

namespace bulkhead::sandbox {
namespace {

using table::kExecute;
using table::kLink;
using table::kRead;
using table::kRename;
using table::kWrite;
using Kind = Call::Kind;
using Last = PathArgument::Last;

// Newer than Debian 12's headers.
constexpr int kFchmodat2 = 452, kSetxattrat = 463, kRemovexattrat = 466, kFileSetattr = 469;
constexpr std::uint64_t kNoFollow = AT_SYMLINK_NOFOLLOW;

PathArgument at_cwd(int path, std::uint16_t right, Last last = Last::Followed) {
  return {kCurrentFolder, path, right, last, -1, 0};
}
PathArgument at(int folder, std::uint16_t right, Last last = Last::Followed, int flags = -1, std::uint64_t flip = 0) {
  return {folder, folder + 1, right, last, flags, flip};
}
PathArgument descriptor(int number, std::uint16_t right) {
  return {number, kNoPath, right, Last::Followed, -1, 0};
}

std::vector<Call> all_calls() {
  std::vector<Call> calls {
    {SYS_openat, Kind::Open, {at(0, kRead)}}, {SYS_openat2, Kind::Open, {at(0, kRead)}},
        {SYS_execve, Kind::Exec, {at_cwd(0, kExecute)}},
        {SYS_execveat, Kind::Exec, {at(0, kExecute, Last::Followed, 4, kNoFollow)}}, {SYS_connect, Kind::Connect, {}},
        {SYS_bind, Kind::Bind, {}}, {SYS_sendto, Kind::Send, {}}, {SYS_sendmsg, Kind::Send, {}},
        {SYS_sendmmsg, Kind::Send, {}}, {SYS_truncate, Kind::Paths, {at_cwd(0, kWrite)}},
        {SYS_mkdirat, Kind::Paths, {at(0, kWrite, Last::Kept)}},
        {SYS_mknodat, Kind::Paths, {at(0, kWrite, Last::Kept)}},
        {SYS_symlinkat, Kind::Paths, {at(1, kWrite, Last::Kept)}},
        {SYS_unlinkat, Kind::Paths, {at(0, kWrite, Last::Kept)}},
        {SYS_renameat2, Kind::Paths, {at(0, kRename, Last::Kept), at(2, kRename, Last::Kept)}},
        {SYS_linkat, Kind::Paths, {at(0, kLink, Last::Kept, 4, AT_SYMLINK_FOLLOW), at(2, kLink, Last::Kept)}},
        {SYS_fchmodat, Kind::Paths, {at(0, kWrite)}},
        {kFchmodat2, Kind::Paths, {at(0, kWrite, Last::Followed, 3, kNoFollow)}},
        {SYS_fchownat, Kind::Paths, {at(0, kWrite, Last::Followed, 4, kNoFollow)}},
        {SYS_utimensat, Kind::Paths, {at(0, kWrite, Last::Followed, 3, kNoFollow)}},
        {kSetxattrat, Kind::Paths, {at(0, kWrite, Last::Followed, 2, kNoFollow)}},
        {kRemovexattrat, Kind::Paths, {at(0, kWrite, Last::Followed, 2, kNoFollow)}},
        {kFileSetattr, Kind::Paths, {at(0, kWrite, Last::Followed, 4, kNoFollow)}},
        {SYS_setxattr, Kind::Paths, {at_cwd(0, kWrite)}}, {SYS_lsetxattr, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}},
        {SYS_removexattr, Kind::Paths, {at_cwd(0, kWrite)}},
        {SYS_lremovexattr, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}},
        {SYS_fchmod, Kind::Paths, {descriptor(0, kWrite)}}, {SYS_fchown, Kind::Paths, {descriptor(0, kWrite)}},
        {SYS_fsetxattr, Kind::Paths, {descriptor(0, kWrite)}}, {SYS_fremovexattr, Kind::Paths, {descriptor(0, kWrite)}},
        {SYS_inotify_add_watch, Kind::Paths, {{kCurrentFolder, 1, kRead, Last::Followed, 2, IN_DONT_FOLLOW}}},
#if defined(__x86_64__)
        {SYS_open, Kind::Open, {at_cwd(0, kRead)}}, {SYS_creat, Kind::Open, {at_cwd(0, kWrite)}},
        {SYS_mkdir, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}},
        {SYS_rmdir, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}},
        {SYS_mknod, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}},
        {SYS_symlink, Kind::Paths, {at_cwd(1, kWrite, Last::Kept)}},
        {SYS_unlink, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}},
        {SYS_rename, Kind::Paths, {at_cwd(0, kRename, Last::Kept), at_cwd(1, kRename, Last::Kept)}},
        {SYS_link, Kind::Paths, {at_cwd(0, kLink, Last::Kept), at_cwd(1, kLink, Last::Kept)}},
        {SYS_chmod, Kind::Paths, {at_cwd(0, kWrite)}}, {SYS_chown, Kind::Paths, {at_cwd(0, kWrite)}},
        {SYS_lchown, Kind::Paths, {at_cwd(0, kWrite, Last::Kept)}}, {SYS_utime, Kind::Paths, {at_cwd(0, kWrite)}},
        {SYS_utimes, Kind::Paths, {at_cwd(0, kWrite)}}, {SYS_futimesat, Kind::Paths, {at(0, kWrite)}},
#endif
#if defined(SYS_renameat)
        {SYS_renameat, Kind::Paths, {at(0, kRename, Last::Kept), at(2, kRename, Last::Kept)}},
#endif
  };
  std::sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) { return a.number < b.number; });
  return calls;
}

}  // namespace

const std::vector<Call>& mediated_calls() {
  static const std::vector<Call> calls = all_calls();
  return calls;
}

const Call* call_of(long number) {
  const std::vector<Call>& calls = mediated_calls();
  const auto found = std::lower_bound(calls.begin(), calls.end(), number,
                                      [](const Call& call, long wanted) { return call.number < wanted; });
  return found != calls.end() && found->number == number ? &*found : nullptr;
}

}  // namespace bulkhead::sandbox
