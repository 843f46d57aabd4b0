#include "lang/import/sepol/kernel_policy.h"

#include <sepol/policydb.h>
#include <sepol/policydb/policydb.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

extern "C" {  // this one header does not say so itself
#include <sepol/kernel_to_conf.h>
}

namespace bulkhead::sepol {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
  void operator()(sepol_policydb_t* policy) const { sepol_policydb_free(policy); }
  void operator()(sepol_policy_file_t* file) const { sepol_policy_file_free(file); }
  void operator()(char* text) const { std::free(text); }
};
template <typename T>
using Owned = std::unique_ptr<T, Close>;

}  // namespace

bool is_kernel_policy(std::string_view bytes) {
  return bytes.starts_with("\x8c\xff\x7c\xf9");
}

std::optional<std::string> kernel_policy_source(std::string_view bytes) {
  sepol_policydb_t* made_policy = nullptr;
  sepol_policy_file_t* made_file = nullptr;
  if (sepol_policydb_create(&made_policy) != 0) return std::nullopt;
  const Owned<sepol_policydb_t> policy(made_policy);
  if (sepol_policy_file_create(&made_file) != 0) return std::nullopt;
  const Owned<sepol_policy_file_t> file(made_file);
  std::string copy(bytes);
  sepol_policy_file_set_mem(file.get(), copy.data(), copy.size());
  if (sepol_policydb_read(policy.get(), file.get()) != 0) return std::nullopt;
  char* text = nullptr;
  std::size_t size = 0;
  Owned<std::FILE> out(open_memstream(&text, &size));
  if (out == nullptr) return std::nullopt;
  const bool written = sepol_kernel_policydb_to_conf(out.get(), &policy->p) == 0 && std::fflush(out.get()) == 0;
  out.reset();
  const Owned<char> owned(text);
  if (!written) return std::nullopt;
  return std::string(text, size);
}

}  // namespace bulkhead::sepol
