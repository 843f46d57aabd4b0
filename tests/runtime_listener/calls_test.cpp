#include "runtime-bridge/sandbox/mediate_calls.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cerrno>
#include <set>

#include "runtime-bridge/sandbox/mediate_path.h"
#include "runtime-bridge/sandbox/mediate_task.h"
#include "runtime-bridge/table/mediated.h"

namespace bulkhead::sandbox {
namespace {

TEST(MediatedCalls, AreAsManyAsTheEmitterHandsOver) {
#if defined(__x86_64__)
  EXPECT_EQ(mediated_calls().size(), std::size(table::kMediatedCalls));
#endif
  std::set<long> numbers;
  for (const Call& call : mediated_calls()) {
    EXPECT_TRUE(numbers.insert(call.number).second) << call.number;
    EXPECT_EQ(call_of(call.number), &call);
  }
  EXPECT_EQ(call_of(0), nullptr);
  EXPECT_EQ(call_of(100'000), nullptr);
}

TEST(Paths, JoinKeepsDotDotForTheKernelAndLexicalTakesItOut) {
  EXPECT_EQ(join("/home", "a/./b//c"), "/home/a/b/c");
  EXPECT_EQ(join("/home", "/etc"), "/etc");
  EXPECT_EQ(join("/home", "../x"), "/home/../x");
  EXPECT_EQ(join("/", "."), "/");
  EXPECT_EQ(join("/a", "b/"), "/a/b/");
  EXPECT_EQ(lexical("/a/../../b/./c/"), "/b/c");
  EXPECT_EQ(lexical(".."), "/");
}

TEST(Paths, MagicLinksLeadNowhere) {
  const Descriptor root(open("/", O_PATH | O_CLOEXEC));
  for (const std::string& link :
       {"/proc/self/fd/" + std::to_string(root.get()), std::string("/proc/self/root/etc/passwd"),
        std::string("/proc/self/exe"), std::string("/proc/self/cwd")}) {
    const Place place = find_place(root.get(), link, LastPart::Followed);
    EXPECT_FALSE(place.object.valid()) << link;
    EXPECT_EQ(place.error, ELOOP) << link;
  }
  EXPECT_TRUE(find_place(root.get(), "/proc/self/status", LastPart::Followed).object.valid());
}

TEST(Memory, IsCopiedBoundedAndChecked) {
  const std::string path = "/some/path";
  const auto address = reinterpret_cast<std::uint64_t>(path.c_str());
  EXPECT_EQ(*copy_path(getpid(), address), path);
  EXPECT_EQ(copy_path(getpid(), 16).error(), EFAULT);
  const std::string endless(10'000, 'x');
  EXPECT_EQ(copy_path(getpid(), reinterpret_cast<std::uint64_t>(endless.data())).error(), ENAMETOOLONG);
  EXPECT_FALSE(copy_memory(getpid(), ~std::uint64_t{0} - 4, 64).ok());
}

}  // namespace
}  // namespace bulkhead::sandbox
